using System.IO.Compression;
using System.Text;
using Postern.Facts;

namespace Postern.Tests.Explain;

public sealed class SessionTests : IDisposable
{
    private readonly PipelineSupport _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Sessions_of_several_processes_may_be_woven_together()
    {
        var found = await _run.ExplainLog(
            Smtpd(1, "connect from unknown[192.0.2.1]") + Smtpd(2, "connect from unknown[192.0.2.2]") + Smtpd(3, "connect from unknown[192.0.2.1]")
            + Smtpd(2, Abuse("192.0.2.2")) + Smtpd(1, Abuse("192.0.2.1")) + Smtpd(3, Left("192.0.2.1"))
            + Smtpd(1, End("192.0.2.1")) + Smtpd(3, End("192.0.2.1")) + Smtpd(2, End("192.0.2.2")));
        Counts(found).ShouldBe(["192.0.2.1 2", "192.0.2.2 1"]);
    }

    [Fact]
    public async Task A_process_id_that_is_used_again_starts_a_new_session()
    {
        var found = await _run.ExplainLog(
            Smtpd(1, "connect from unknown[192.0.2.1]") + Smtpd(1, Abuse("192.0.2.1"))
            + Smtpd(1, "connect from unknown[192.0.2.1]") + Smtpd(1, Abuse("192.0.2.1")) + Smtpd(1, End("192.0.2.1"))
            + Smtpd(1, Abuse("192.0.2.2")) + Smtpd(1, End("192.0.2.2")));
        Counts(found).ShouldBe(["192.0.2.1 2", "192.0.2.2 1"]);
    }

    [Fact]
    public async Task Two_hosts_may_have_processes_of_one_id()
    {
        var one = Smtpd(1, "connect from unknown[192.0.2.1]") + Smtpd(1, Abuse("192.0.2.1")) + Smtpd(1, End("192.0.2.1"));
        var lines = one.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var woven = string.Concat(lines.Select(line => line + "\n" + line.Replace(" mx ", " mx2 ", StringComparison.Ordinal) + "\n"));
        Counts(await _run.ExplainLog(woven)).ShouldBe(["192.0.2.1 2"]);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public async Task A_queue_id_that_two_sessions_hold_is_the_one_s_that_got_it_last(int first, int second)
    {
        var found = await _run.ExplainLog(
            Smtpd(1, "connect from unknown[192.0.2.1]") + Smtpd(2, "connect from unknown[192.0.2.2]")
            + Smtpd(first, $"4E1A2C0014: client=unknown[192.0.2.{first}]") + Smtpd(second, $"4E1A2C0014: client=unknown[192.0.2.{second}]")
            + Smtpd(3, "4E1A2C0014: milter-reject: END-OF-MESSAGE from unknown[192.0.2.9]: 5.7.1 Spam; from=<a@b.example> to=<c@d.example> proto=ESMTP helo=<x>").Replace("/smtpd[", "/cleanup[", StringComparison.Ordinal)
            + Smtpd(1, "disconnect from unknown[192.0.2.1] ehlo=1 mail=1 rcpt=1 quit=1 commands=4")
            + Smtpd(2, "disconnect from unknown[192.0.2.2] ehlo=1 mail=1 rcpt=1 quit=1 commands=4"));
        found.Clients.Where(client => client.Behaviours.Any(pair => pair.Key == Behaviour.RejectedMail)).Select(client => client.Address.ToString()).ShouldBe([$"192.0.2.{second}"]);
    }

    [Fact]
    public async Task A_log_may_begin_and_end_within_a_session()
    {
        var found = await _run.ExplainLog(
            Smtpd(1, Abuse("192.0.2.1")) + Smtpd(1, End("192.0.2.1")) + Smtpd(2, "connect from unknown[192.0.2.2]") + Smtpd(2, Abuse("192.0.2.2")));
        Counts(found).ShouldBe(["192.0.2.1 1", "192.0.2.2 1"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_goes_on_in_the_next_file_whatever_the_order_of_the_files(bool backwards)
    {
        var older = _run.Write(Smtpd(1, "connect from unknown[192.0.2.1]") + Smtpd(1, Abuse("192.0.2.1")));
        var newer = _run.Write((Smtpd(1, Left("192.0.2.1")) + Smtpd(1, End("192.0.2.1"))).Replace("01:51:40", "01:51:41", StringComparison.Ordinal));
        string[] files = backwards ? [newer, older] : [older, newer];
        Counts(await _run.Explain(null, files)).ShouldBe(["192.0.2.1 1"]);
    }

    [Fact]
    public async Task A_client_that_postscreen_hands_over_has_one_session()
    {
        var found = await _run.ExplainLog(
            Postscreen("CONNECT from [192.0.2.1]:4000 to [192.0.2.9]:25") + Postscreen("PASS NEW [192.0.2.1]:4000")
            + Smtpd(1, "connect from unknown[192.0.2.1]") + Smtpd(1, Abuse("192.0.2.1")) + Smtpd(1, End("192.0.2.1"))
            + Postscreen("CONNECT from [192.0.2.1]:4001 to [192.0.2.9]:25") + Postscreen("PASS OLD [192.0.2.1]:4001")
            + Smtpd(1, "connect from unknown[192.0.2.1]") + Smtpd(1, Abuse("192.0.2.1")) + Smtpd(1, End("192.0.2.1"))
            + Postscreen("CONNECT from [192.0.2.2]:4000 to [192.0.2.9]:25") + Postscreen("PREGREET 3 after 0 from [192.0.2.2]:4000: .\\r\\n")
            + Postscreen("DISCONNECT [192.0.2.2]:4000"));
        Counts(found).ShouldBe(["192.0.2.1 2", "192.0.2.2 1"]);
    }

    [Fact]
    public async Task A_notice_and_the_lines_of_its_session_are_one_session_and_another_session_of_that_second_is_not()
    {
        const string Notice = "From double-bounce@mx.example.org  Wed Nov 25 01:51:40 2026\nReceived: by mx.example.org (Postfix)\n\tid 22669F6033; Wed, 25 Nov 2026 01:51:40 +0000 (UTC)\n"
            + "Date: Wed, 25 Nov 2026 01:51:40 +0000 (UTC)\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example.org>\nTo: Postmaster <postmaster@example.org>\n"
            + "Subject: Postfix SMTP server: errors from unknown[192.0.2.1]\n\nTranscript of session follows.\n\n Out: 220 mx.example.org ESMTP Postfix\n In:  .\n"
            + " Out: 502 5.5.2 Error: command not recognized\n In:\n Out: 500 5.5.2 Error: bad syntax\n\nSession aborted, reason: lost connection\n\nFor other details, see the local mail logfile\n";
        var log = Smtpd(1, "connect from unknown[192.0.2.1]") + Smtpd(1, Left("192.0.2.1")) + Smtpd(1, End("192.0.2.1"))
            + Smtpd(2, "connect from unknown[192.0.2.1]") + Smtpd(2, "lost connection after EHLO from unknown[192.0.2.1]")
            + Smtpd(2, "disconnect from unknown[192.0.2.1] ehlo=1 commands=1")
            + Smtpd(3, "connect from unknown[192.0.2.2]") + Smtpd(3, Left("192.0.2.2")) + Smtpd(3, End("192.0.2.2"));
        var found = await _run.Explain(null, _run.Write(Notice), _run.Write(log));
        Counts(found).ShouldBe(["192.0.2.1 2", "192.0.2.2 1"]);
        found.Clients.Single(client => client.Address.ToString().EndsWith(".1", StringComparison.Ordinal))
            .Behaviours.ShouldContain(new KeyValuePair<Behaviour, int>(Behaviour.LoneDot, 1));
        found.Clients.Single(client => client.Address.ToString().EndsWith(".2", StringComparison.Ordinal))
            .Behaviours.ShouldNotContain(pair => pair.Key == Behaviour.LoneDot);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task The_year_turns_within_and_between_files_in_any_order(bool backwards, bool compressed)
    {
        string Day(string day) => Session(1, "192.0.2.1").Replace("Nov 25", day, StringComparison.Ordinal);
        var written = new DateTime(2026, 1, 3, 0, 0, 0, DateTimeKind.Utc);
        var older = _run.Write(Pack(Day("Dec 30") + Day("Dec 31") + Day("Jan  1"), compressed), written);
        var newer = _run.Write(Pack(Day("Jan  2"), compressed), written);
        string[] files = backwards ? [newer, older] : [older, newer];
        var found = await _run.Explain(null, files);
        found.From.ToDateTimeOffset().ShouldBe(new DateTimeOffset(2025, 12, 30, 1, 51, 40, TimeSpan.Zero));
        found.To.ToDateTimeOffset().ShouldBe(new DateTimeOffset(2026, 1, 2, 1, 51, 40, TimeSpan.Zero));
        found.Sessions.ShouldBe(4);
    }

    [Fact]
    public async Task A_year_that_is_given_is_the_year_of_the_first_line()
    {
        var log = _run.Write(Session(1, "192.0.2.1").Replace("Nov 25", "Feb 29", StringComparison.Ordinal));
        (await _run.Explain(2020, log)).From.ToDateTimeOffset().ShouldBe(new DateTimeOffset(2020, 2, 29, 1, 51, 40, TimeSpan.Zero));
    }

    [Fact]
    public async Task Stamps_are_of_the_zone_of_the_machine()
    {
        var log = _run.Write(Session(1, "192.0.2.1").Replace("Nov 25", "Jul  1", StringComparison.Ordinal) + Session(1, "192.0.2.1"));
        var found = await _run.InZone("America/New_York").Explain(null, log);
        found.From.ShouldBe(LogTime.From(new DateTimeOffset(2026, 7, 1, 1, 51, 40, TimeSpan.FromHours(-4))));
        found.To.ShouldBe(LogTime.From(new DateTimeOffset(2026, 11, 25, 1, 51, 40, TimeSpan.FromHours(-5))));
    }

    internal static string[] Counts(Explanation found) =>
        [.. found.Clients.OrderBy(client => client.Address).Select(client => $"{client.Address} {client.Sessions}")];

    internal static string Smtpd(int process, string message) => $"Nov 25 01:51:40 mx postfix/smtpd[{process}]: {message}\n";

    internal static string Session(int process, string client) =>
        Smtpd(process, $"connect from unknown[{client}]") + Smtpd(process, Abuse(client)) + Smtpd(process, End(client));

    private static string Postscreen(string message) => $"Nov 25 01:51:40 mx postfix/postscreen[9]: {message}\n";

    private static string Abuse(string client) => $"warning: non-SMTP command from unknown[{client}]: .";

    private static string Left(string client) => $"lost connection after UNKNOWN from unknown[{client}]";

    private static string End(string client) => $"disconnect from unknown[{client}] unknown=0/1 commands=0/1";

    private static byte[] Pack(string log, bool compressed)
    {
        var bytes = Encoding.ASCII.GetBytes(log);
        if (!compressed)
        {
            return bytes;
        }

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
