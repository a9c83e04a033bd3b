using System.Globalization;
using System.Text;
using Postern.Facts;
using Postern.Reports.Languages;
using Postern.Reports.Text;

namespace Postern.Tests.Explain;

/// <summary>
/// A server that forwards its users' mail has spam refused by the dozen, and nothing else brings it down: a log alone does not tell
/// it from a spammer with a server of its own, so that the report bans it on nothing but that and says what would tell.
/// </summary>
public sealed class ForwarderTests : IDisposable
{
    private readonly PipelineSupport _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData("mail.forward.example", "mail.forward.example", Verdict.Watch)]
    [InlineData("unknown", "mail.forward.example", Verdict.Ban)]
    public async Task Refused_spam_bans_only_who_does_not_look_like_a_mail_server(string name, string helo, Verdict verdict)
    {
        var found = await _run.ExplainLog(Spam(name, helo));
        var client = found.Clients.ShouldHaveSingleItem();
        client.Verdict.ShouldBe(verdict, client.Cause.Cause.ToString());
        client.MayForward.ShouldBe(verdict == Verdict.Watch);
        Text(found, "en").Contains("Nobody has to be banned on this log alone.", StringComparison.Ordinal).ShouldBe(verdict == Verdict.Watch);
        Text(found, "ja").Contains("このログだけで遮断すべき接続元はありません。", StringComparison.Ordinal).ShouldBe(verdict == Verdict.Watch);
    }

    [Fact]
    public async Task What_else_it_does_counts_in_full()
    {
        var guesses = string.Concat(Enumerable.Range(0, 12).Select(static i => string.Create(CultureInfo.InvariantCulture, $"""
            Nov 25 11:00:{i:00} mx postfix/smtpd[{500 + i}]: connect from mail.forward.example[203.0.113.25]
            Nov 25 11:00:{i:00} mx postfix/smtpd[{500 + i}]: warning: non-SMTP command from mail.forward.example[203.0.113.25]: .
            Nov 25 11:00:{i:00} mx postfix/smtpd[{500 + i}]: disconnect from mail.forward.example[203.0.113.25] unknown=0/1 commands=0/1

            """)));
        (await _run.ExplainLog(Spam("mail.forward.example", "mail.forward.example") + guesses)).Clients.ShouldHaveSingleItem().Verdict.ShouldBe(Verdict.Ban);
    }

    private static string Text(Explanation explanation, string language)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        TextReport.Write(explanation, writer, ReportLanguages.For(language), new TextStyle());
        return writer.ToString().ReplaceLineEndings(" ").Replace("  ", " ", StringComparison.Ordinal);
    }

    private static string Spam(string name, string helo)
    {
        var log = new StringBuilder();
        for (var i = 0; i < 45; i++)
        {
            var at = TimeSpan.FromSeconds(36000 + (i * 12)).ToString("c", CultureInfo.InvariantCulture);
            var client = $"{name}[203.0.113.25]";
            log.Append(CultureInfo.InvariantCulture, $"Nov 25 {at} mx postfix/smtpd[{100 + i}]: connect from {client}\n");
            log.Append(CultureInfo.InvariantCulture, $"Nov 25 {at} mx postfix/smtpd[{100 + i}]: 4Abc{i:00}xyz1: client={client}\n");
            log.Append(CultureInfo.InvariantCulture, $"Nov 25 {at} mx postfix/cleanup[9]: 4Abc{i:00}xyz1: milter-reject: END-OF-MESSAGE from {client}: 5.7.1 Spam message rejected; from=<srs0={i}@forward.example> to=<bob@example.org> proto=ESMTP helo=<{helo}>\n");
            log.Append(CultureInfo.InvariantCulture, $"Nov 25 {at} mx postfix/smtpd[{100 + i}]: disconnect from {client} ehlo=1 mail=1 rcpt=1 data=0/1 quit=1 commands=4/5\n");
        }

        return log.ToString();
    }
}
