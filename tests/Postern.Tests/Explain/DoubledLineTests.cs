using System.IO.Compression;
using System.Text;
using Postern.Facts;

namespace Postern.Tests.Explain;

/// <summary>Nothing counts twice, and whatever happened twice does.</summary>
public sealed class DoubledLineTests : IDisposable
{
    private readonly PipelineSupport _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task A_log_that_is_given_twice_counts_once()
    {
        var log = Guesses(8);
        var once = Summary(await _run.ExplainLog(log));
        Summary(await _run.Explain(null, _run.Write(log), _run.Write(log))).ShouldBe(once);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress))
        {
            gzip.Write(Encoding.ASCII.GetBytes(log));
        }

        Summary(await _run.Explain(null, _run.Write(packed.ToArray()), _run.Write(log))).ShouldBe(once);
        Summary(await _run.Explain(null, _run.Write(log), _run.Write(log[..(log.Length / 2)]))).ShouldBe(once);
    }

    [Fact]
    public async Task A_line_that_syslog_wrote_into_two_files_counts_once_though_one_stamps_finer()
    {
        var log = Guesses(8);
        var warnings = string.Concat(log.Split('\n').Where(line => line.Contains("warning", StringComparison.Ordinal))
            .Select(line => $"2026-11-25T{line[7..15]}.123456+00:00{line[15..]}\n"));
        Summary(await _run.Explain(null, _run.Write(warnings), _run.Write(log))).ShouldBe(Summary(await _run.ExplainLog(log)));
    }

    [Fact]
    public async Task What_a_supervisor_copies_counts_once_and_where_it_is_all_there_is_it_counts()
    {
        var log = Guesses(8);
        static string Copy(string line) => $"2026-11-25 01:00:00,701 DEBG 'mailserver' stdout output:\n{line}\n\n";
        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var once = Summary(await _run.ExplainLog(log));
        var both = await _run.ExplainLog(string.Concat(lines.Select(line => line + "\n" + Copy(line))));
        (Summary(both), both.LinesUnparsed).ShouldBe((once, 0));
        Summary(await _run.ExplainLog(string.Concat(lines.Select(Copy)))).ShouldBe(once);
    }

    [Fact]
    public async Task A_log_in_which_every_line_stands_twice_counts_once_and_says_so()
    {
        var once = Guesses(8, failures: 2);
        var doubled = await _run.ExplainLog(Twice(once));
        Summary(doubled).ShouldBe(Summary(await _run.ExplainLog(once)));
        doubled.Warnings.ShouldContain(warning => warning.Kind == WarningKind.DoubledLines && warning.Number == doubled.LinesPostfix);
    }

    [Fact]
    public async Task Who_comes_twice_each_second_comes_twice()
    {
        // A load balancer, served by one process: every line stands twice, but one session after the other.
        var log = new StringBuilder();
        for (var i = 0; i < 60; i++)
        {
            for (var k = 0; k < 2; k++)
            {
                var head = $"Nov 25 01:00:{i:00} mx postfix/smtpd[7]: ";
                log.Append(head).Append("connect from lb.example.org[203.0.113.128]\n").Append(head).Append("lost connection after CONNECT from lb.example.org[203.0.113.128]\n")
                    .Append(head).Append("disconnect from lb.example.org[203.0.113.128] commands=0/0\n");
            }
        }

        var found = await _run.ExplainLog(log.ToString());
        found.Sessions.ShouldBe(120);
        found.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Equal_guesses_of_one_second_are_as_many_as_the_log_has() =>
        (await _run.ExplainLog(Guesses(12, failures: 2))).Sessions.ShouldBe(12);

    [Fact]
    public async Task A_mailbox_of_notices_that_is_given_twice_counts_once()
    {
        var mailbox = Path.Combine(AppContext.BaseDirectory, "Cases", "Notices", "postfix-3.7.mbox");
        var once = await _run.Explain(null, mailbox);
        var twice = await _run.Explain(null, mailbox, mailbox);
        once.Notices.ShouldBeGreaterThan(1);
        (twice.Notices, twice.Sessions).ShouldBe((once.Notices, once.Sessions));
    }

    [Fact]
    public async Task Equal_lines_of_one_log_are_several()
    {
        // Five failures of one process within a second, in each of two logs.
        var found = await _run.Explain(null, _run.Write(Guesses(1, failures: 5)), _run.Write(Guesses(1, failures: 5)));
        var client = found.Clients.ShouldHaveSingleItem();
        client.Sessions.ShouldBe(1);
        found = await _run.Explain(null, _run.Write(Guesses(3)), _run.Write(Guesses(3).Replace(" mx ", " mx2 ", StringComparison.Ordinal)));
        found.Clients.ShouldHaveSingleItem().Sessions.ShouldBe(6);
    }

    [Fact]
    public async Task Logs_that_follow_each_other_count_in_full()
    {
        var second = Guesses(8).Replace("Nov 25 01:", "Nov 25 02:", StringComparison.Ordinal);
        (await _run.Explain(null, _run.Write(second), _run.Write(Guesses(8)))).Sessions.ShouldBe(16);
    }

    [Fact]
    public async Task A_log_whose_newest_line_comes_first_is_turned_round()
    {
        var log = Guesses(30);
        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var turned = string.Join('\n', lines.Reverse());
        Summary(await _run.ExplainLog(turned)).ShouldBe(Summary(await _run.ExplainLog(log)));
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress))
        {
            gzip.Write(Encoding.ASCII.GetBytes(turned + "\n"));
        }

        Summary(await _run.Explain(null, _run.Write(packed.ToArray()))).ShouldBe(Summary(await _run.ExplainLog(log)));
    }

    private static string Twice(string log) => string.Concat(log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"{line}\n{line}\n"));

    private static string Guesses(int sessions, int failures = 1)
    {
        var log = new StringBuilder();
        for (var i = 0; i < sessions; i++)
        {
            var head = $"Nov 25 01:{i:00}:00 mx postfix/smtpd[7]: ";
            log.Append(head).Append("connect from unknown[203.0.113.128]\n");
            for (var k = 0; k < failures; k++)
            {
                log.Append(head).Append("warning: unknown[203.0.113.128]: SASL LOGIN authentication failed: UGFzc3dvcmQ6\n");
            }

            var counts = $"auth=0/{failures} quit=1 commands=2/{2 + failures}";
            log.Append(head).Append("disconnect from unknown[203.0.113.128] ehlo=1 ").Append(counts).Append('\n');
        }

        return log.ToString();
    }

    private static string Summary(Explanation found) => string.Join('\n', found.Clients.Select(client =>
        $"{client.Address} {client.Sessions} {client.Verdict} {string.Join(' ', client.Behaviours)}"));
}
