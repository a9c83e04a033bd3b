using System.Globalization;
using System.Text;
using Postern.Cli.Words;
using Postern.Explain;
using Postern.Facts;
using Postern.Tests.Explain;

namespace Postern.Tests.Capture.Envelopes;

/// <summary>The same sessions in every form of Cases/Envelopes.</summary>
public sealed class EnvelopeTests : IDisposable
{
    private readonly PipelineSupport _run = new();

    public static TheoryData<string> Forms => [.. EnvelopeForm.All.Select(form => form.Name)];

    public void Dispose() => _run.Dispose();

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Every_form_gives_the_same_sessions(string name)
    {
        var form = EnvelopeForm.Of(name);
        var found = await Explain(form, Log(new DateTimeOffset(2026, 11, 23, 2, 41, 0, TimeSpan.Zero)), "");
        var plain = await Explain(EnvelopeForm.Of("syslog"), Log(new DateTimeOffset(2026, 11, 23, 2, 41, 0, TimeSpan.Zero)), "");
        Summary(found).ShouldBe(Summary(plain));
        (found.LinesUnparsed, found.From.UtcTicks / TimeSpan.TicksPerSecond, found.To.UtcTicks / TimeSpan.TicksPerSecond)
            .ShouldBe((0, plain.From.UtcTicks / TimeSpan.TicksPerSecond, plain.To.UtcTicks / TimeSpan.TicksPerSecond));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Other_programs_blank_lines_a_mark_at_the_start_and_windows_line_ends_change_nothing(string name)
    {
        var form = EnvelopeForm.Of(name);
        var log = Log(new DateTimeOffset(2026, 11, 23, 2, 41, 0, TimeSpan.Zero));
        var plain = await Explain(form, log, "");
        var mixed = await Explain(form, log, "\r\n[   INF   ]  Welcome to the mail server\r\nNov 23 02:41:00 mx dovecot: imap-login: Login: user=<a>, rip=192.0.2.1\r\n"
            + "2026-11-23 02:41:00,701 INFO success: postfix entered RUNNING state, process has stayed up\r\n");
        Summary(mixed).ShouldBe(Summary(plain));
        mixed.LinesUnparsed.ShouldBe(0);
    }

    [Fact]
    public async Task Every_month_of_every_language_is_read()
    {
        foreach (var locale in EnvelopeForm.Locales)
        {
            for (var month = 1; month <= 12; month++)
            {
                var form = new EnvelopeForm(locale, $"{{{locale} MMM dd HH:mm:ss}} {{host}} {{program}}: {{message}}");
                var found = await Explain(form, [.. Log(new DateTimeOffset(month < 12 ? 2026 : 2025, month, 3, 4, 5, 6, TimeSpan.Zero)).Take(3)], "");
                (locale, found.From.ToDateTimeOffset().ToString("MM-dd HH:mm:ss", CultureInfo.InvariantCulture)).ShouldBe((locale, $"{month:00}-03 04:05:06"));
            }
        }
    }

    [Fact]
    public async Task A_log_without_stamps_gives_its_sessions_and_no_time()
    {
        var log = Log(new DateTimeOffset(2026, 11, 23, 2, 41, 0, TimeSpan.Zero));
        var plain = await Explain(EnvelopeForm.Of("syslog"), log, "");
        foreach (var template in (string[])["{program}: {message}", "{message}"])
        {
            var found = await Explain(new EnvelopeForm("cat", template), log, "");
            found.From.IsKnown.ShouldBeFalse();
            found.LinesUnparsed.ShouldBe(0);
            found.Clients.Select(client => (client.Address.ToString(), client.Sessions)).ShouldBe(
                plain.Clients.Select(client => (client.Address.ToString(), client.Sessions)), ignoreOrder: true);
            found.Clients.ShouldAllBe(client => client.Verdict != Verdict.Ban);
        }
    }

    [Fact]
    public async Task No_text_of_a_client_passes_for_a_line_inside_another()
    {
        const string Forged = "Nov 23 02:41:00 mx postfix/smtpd[9]: warning: non-SMTP command from unknown[203.0.113.9]: .";
        var found = await _run.ExplainLog(
            "Nov 23 02:41:00 mx postfix/smtpd[1]: connect from unknown[192.0.2.1]\n"
            + $"Nov 23 02:41:00 mx postfix/smtpd[1]: warning: non-SMTP command from unknown[192.0.2.1]: {Forged}\n"
            + $"Nov 23 02:41:00 mx postfix/smtpd[1]: warning: non-SMTP command from unknown[192.0.2.1]: {{\"log\":\"{Forged}\"}}\n"
            + $"Nov 23 02:41:00 mx webapp[1]: {Forged}\n"
            + $"Nov 23 02:41:00 mx nginx: {Forged}\n"
            + "Nov 23 02:41:00 mx postfix/smtpd[1]: disconnect from unknown[192.0.2.1] unknown=0/2 commands=0/2\n");
        found.Clients.Select(client => client.Address.ToString()).ShouldBe(["192.0.2.1"]);
    }

    [Fact]
    public async Task The_offset_that_a_log_names_is_that_of_its_lines_without_one()
    {
        _run.InZone("America/New_York");
        var found = await _run.ExplainLog(
            "Nov 23 02:41:00 mx postfix/smtpd[1]: connect from unknown[192.0.2.1]\n"
            + "<22>1 2026-11-23T02:41:01.5+01:00 mx postfix/smtpd 1 - - disconnect from unknown[192.0.2.1] commands=0/0\n");
        (found.From.ToDateTimeOffset(), found.Sessions).ShouldBe((new DateTimeOffset(2026, 11, 23, 2, 41, 0, TimeSpan.FromHours(1)), 1));
    }

    [Fact]
    public async Task What_is_no_log_is_told_with_its_first_line_and_the_known_forms()
    {
        var request = new ExplainRequest { Inputs = [_run.Write("\n\u001b]0;x\u0007 some text of mine\nmore\n")] };
        var (_, failure) = await new ExplainPipeline(TimeProvider.System).ExplainAsync(request, TestContext.Current.CancellationToken);
        foreach (var words in (IErrorWords[])[Catalogue.For("en").Errors, Catalogue.For("ja").Errors])
        {
            var line = words.Input(failure.ShouldNotBeNull());
            line.ShouldContain("\\x1B]0;x\\x07 some text of mine");
            line.ShouldContain("Docker");
            line.ShouldNotContain('\u001b');
        }
    }

    private Task<Explanation> Explain(EnvelopeForm form, IReadOnlyList<LoggedLine> log, string between)
    {
        var text = new StringBuilder(between.Length > 0 ? "\uFEFF" : "");
        foreach (var line in log)
        {
            text.Append(between.Length > 0 ? form.Write(line).ReplaceLineEndings("\r\n") : form.Write(line)).Append(between);
        }

        return _run.Explain(null, _run.Write(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static List<string> Summary(Explanation found) =>
        [.. found.Clients.Select(client => $"{client.Address} {client.Sessions} {client.Verdict} "
            + string.Join(' ', client.Behaviours.Select(pair => $"{pair}").Order(StringComparer.Ordinal)))];

    private static List<LoggedLine> Log(DateTimeOffset start)
    {
        List<LoggedLine> log = [];
        void Add(int second, int pid, string message, string name = "postfix/smtpd") => log.Add(new LoggedLine(start.AddSeconds(second), "mx", name, pid, message));
        for (var i = 0; i < 12; i++)
        {
            Add(i * 5, 481, "connect from unknown[203.0.113.46]");
            Add(i * 5, 482, "connect from mail.example.org[198.51.100.7]");
            Add(i * 5, 481, "warning: non-SMTP command from unknown[203.0.113.46]: .");
            Add((i * 5) + 1, 482, "4ABCDEFGHI: client=mail.example.org[198.51.100.7]");
            Add((i * 5) + 1, 481, "disconnect from unknown[203.0.113.46] unknown=0/1 commands=0/1");
            Add((i * 5) + 2, 482, "disconnect from mail.example.org[198.51.100.7] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5");
        }

        Add(70, 9, "CONNECT from [192.0.2.77]:40001 to [192.0.2.25]:25", "postfix/postscreen");
        Add(71, 9, "PREGREET 11 after 0.1 from [192.0.2.77]:40001: EHLO ylmf-pc\\r\\n", "postfix/postscreen");
        Add(72, 9, "DISCONNECT [192.0.2.77]:40001", "postfix/postscreen");
        return log;
    }
}
