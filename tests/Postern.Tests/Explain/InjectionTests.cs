using System.Text;
using System.Text.Json;
using FsCheck.Xunit;

namespace Postern.Tests.Explain;

/// <summary>What a client writes must never bring another client into the report, nor add to its own sessions.</summary>
public sealed class InjectionTests : IDisposable
{
    private const string Client = "203.0.113.5";

    private static readonly string[] s_words =
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Cases", "Grammar", "injections.words")).Where(line => line[0] != '#')];

    private readonly PipelineSupport _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task No_words_of_a_client_name_another_or_add_a_session()
    {
        s_words.Length.ShouldBeGreaterThan(60);
        var log = string.Concat(s_words.SelectMany((words, i) => Sessions(i, words)));
        SessionTests.Counts(await _run.ExplainLog(log)).ShouldBe([$"{Client} {s_words.Length * 3}"]);
    }

    [Fact]
    public async Task Nor_do_they_where_the_journal_tells_them()
    {
        var log = new StringBuilder();
        foreach (var line in s_words.SelectMany((words, i) => Sessions(i, words)).SelectMany(text => text.Split('\n', StringSplitOptions.RemoveEmptyEntries)))
        {
            var program = line["Nov 25 01:51:40 mx ".Length..line.IndexOf('[', StringComparison.Ordinal)];
            var process = line[(line.IndexOf('[', StringComparison.Ordinal) + 1)..line.IndexOf(']', StringComparison.Ordinal)];
            var message = JsonEncodedText.Encode(line[(line.IndexOf("]: ", StringComparison.Ordinal) + 3)..]);
            log.Append("{\"__REALTIME_TIMESTAMP\":\"1795571500000000\",\"_HOSTNAME\":\"mx\",\"SYSLOG_IDENTIFIER\":\"").Append(program)
                .Append("\",\"_PID\":\"").Append(process).Append("\",\"MESSAGE\":\"").Append(message).Append("\"}\n");
        }

        SessionTests.Counts(await _run.ExplainLog(log.ToString())).ShouldBe([$"{Client} {s_words.Length * 3}"]);
    }

    [Property(MaxTest = 25)]
    public async Task Nor_do_random_mixtures_of_them(int seed)
    {
        var random = new Random(seed);
        var log = string.Concat(Enumerable.Range(0, 40).SelectMany(i => Sessions(i, string.Concat(
            Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(4) == 0 ? new string(' ', random.Next(300)) : s_words[random.Next(s_words.Length)])))));
        SessionTests.Counts(await _run.ExplainLog(log)).ShouldBe([$"{Client} {40 * 3}"]);
    }

    [Property(MaxTest = 25)]
    public async Task No_damage_to_a_log_can_stop_the_explanation(int seed)
    {
        var random = new Random(seed);
        var bytes = Encoding.UTF8.GetBytes("Nov 25 01:51:40 mx postfix/qmgr[1]: x\n" + string.Concat(s_words.Take(10).SelectMany((words, i) => Sessions(i, words))));
        for (var changes = random.Next(200); changes > 0; changes--)
        {
            bytes[random.Next(40, bytes.Length)] = (byte)random.Next(256);
        }

        var found = await _run.Explain(null, _run.Write(bytes));
        found.LinesRead.ShouldBeGreaterThan(1);
        found.Clients.Sum(client => client.Sessions).ShouldBe(found.Sessions);
    }

    // As Postfix logs them: HELO names are cleaned of blanks and brackets' company, addresses and commands are not.
    private static IEnumerable<string> Sessions(int process, string words)
    {
        const string From = $"unknown[{Client}]";
        var helo = words.Replace(' ', '?').Replace('<', '?').Replace('>', '?').Replace('\t', '?');
        yield return Lines(
            process,
            $"connect from {From}",
            $"NOQUEUE: reject: RCPT from {From}: 550 5.1.1 <{words}>: Recipient address rejected: User unknown; from=<{words}> to=<{words}> proto=ESMTP helo=<{helo}>",
            $"NOQUEUE: reject: EHLO from {From}: 504 5.5.2 <{helo}>: Helo command rejected: need fully-qualified hostname; proto=SMTP helo=<{helo}>",
            $"NOQUEUE: milter-reject: RCPT from {From}: 550 5.7.1 {words}; from=<{words}> to=<{words}> proto=ESMTP helo=<{helo}>",
            $"warning: Illegal address syntax from {From} in MAIL command: {words}",
            $"NOQUEUE: reject: VRFY from {From}: 550 5.1.1 <{words}>: Recipient address rejected: User unknown; to=<{words}> proto=ESMTP helo=<{helo}>",
            $"NOQUEUE: discard: RCPT from {From}: <{words}>: Recipient address triggers DISCARD action; from=<{words}> to=<{words}> proto=ESMTP helo=<{helo}>",
            $"proxy-reject: END-OF-MESSAGE: 550 5.7.1 {words}; from=<{words}> to=<{words}> proto=ESMTP helo=<{helo}>",
            $"warning: NOQUEUE: malformed BDAT command syntax from {From}: {words}",
            $"warning: {From}: request longer than 2048: {words}...",
            $"warning: reject: ETRN {words}... from {From}",
            $"warning: proxy:mysql:/etc/postfix/users.cf lookup error for \"{words}\"",
            $"NOQUEUE: warn: RCPT from {From}: <{words}>: look; from=<{words}> to=<{words}> proto=ESMTP helo=<{helo}>",
            $"disconnect from {From} ehlo=1 mail=1/2 rcpt=0/2 vrfy=0/1 quit=1 commands=3/7");
        yield return Lines(
            process,
            $"connect from {From}",
            $"warning: {From}: SASL LOGIN authentication failed: authentication failure, sasl_username={words}",
            $"warning: non-SMTP command from {From}: {words}",
            $"improper command pipelining after CONNECT from {From}: {words}",
            $"NOQUEUE: lost connection after UNKNOWN from {From}",
            $"disconnect from {From} auth=0/1 unknown=0/1 commands=0/2");
        var port = 10_000 + process;
        yield return string.Concat(new[]
        {
            $"CONNECT from [{Client}]:{port} to [192.0.2.9]:25",
            $"PREGREET {words.Length} after 0.01 from [{Client}]:{port}: {words}",
            $"NON-SMTP COMMAND from [{Client}]:{port} after UNIMPLEMENTED: {words}",
            $"COMMAND PIPELINING from [{Client}]:{port} after {words}: {words}",
            $"BARE NEWLINE from [{Client}]:{port} after {words}",
            $"NOQUEUE: reject: RCPT from [{Client}]:{port}: 550 5.7.1 Service unavailable; client [{Client}] blocked using bl.example; from=<{words}>, to=<{words}>, proto=ESMTP, helo=<{words}>",
            $"DISCONNECT [{Client}]:{port}",
        }.Select(message => $"Nov 25 01:51:40 mx postfix/postscreen[9]: {message}\n"));
    }

    private static string Lines(int process, params string[] messages) =>
        string.Concat(messages.Select(message => SessionTests.Smtpd(process, message)));
}
