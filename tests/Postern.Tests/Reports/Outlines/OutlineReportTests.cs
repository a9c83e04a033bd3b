using System.Globalization;
using System.Text;
using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Languages;
using Postern.Reports.Text;
using Postern.Tests.Classification.Behaviours;
using Postern.Tests.Explain;
using Postern.Tests.Support;

namespace Postern.Tests.Reports.Outlines;

/// <summary>The first screen of real input: its size, and that the answer stands in it.</summary>
public sealed class OutlineReportTests(PipelineSupport pipeline) : IClassFixture<PipelineSupport>
{
    public static TheoryData<string, string> Samples()
    {
        var data = new TheoryData<string, string>();
        foreach (var language in ReportLanguages.Tags)
        {
            foreach (var name in BehaviourCase.Names)
            {
                data.Add(name, language);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Any_input_fits_a_screen_and_shows_whom_to_ban(string name, string language)
    {
        var explanation = await ExplainAsync(name);
        var lines = Write(explanation, language);

        ShouldFit(lines);
        var first = string.Join('\n', lines.Take(25));
        foreach (var client in explanation.Clients.Where(client => client.Verdict == Verdict.Ban && client.Address.IsKnown).Take(3))
        {
            first.ShouldContain(client.Address.ToString());
        }

        if (explanation.Clients.Any(client => client.Verdict == Verdict.Ban && client.Address.IsKnown))
        {
            first.ShouldContain("postern run --dry-run");
        }
    }

    [Theory]
    [InlineData("en", "Harmless, and your server answered correctly", "\".\" -> 502 | empty line -> 500", "Virus, worm or botnet?", "postern check ADDRESS")]
    [InlineData("ja", "実害はなく、サーバーの応答も正しいものです", "「.」 → 502 → 空行 → 500", "ウイルス、ワーム、ボットネットのどれか", "バックスキャッター")]
    public async Task The_transcript_of_the_question_is_answered(string language, params string[] said)
    {
        var lines = Write(await pipeline.Explain(null, RepositoryRoot.Of("samples", "lone-dot.txt")), language);
        ShouldFit(lines);
        foreach (var text in said)
        {
            Unwrapped(lines).ShouldContain(Unwrapped([text]));
        }
    }

    [Theory]
    [InlineData("en", "6 addresses are worth a ban; they made 103 of the 187 sessions", "DO NOT BAN (2)", "NOT ENOUGH FOR A BAN (14)", "Is it a denial of service?  No.")]
    [InlineData("ja", "6 個の IP は遮断が妥当です（187 セッション中 103）", "遮断しない（2）", "様子見（14）", "DoS 攻撃か  いいえ。")]
    public async Task The_day_of_a_small_server_is_told_in_one_screen(string language, params string[] said)
    {
        var lines = Write(await pipeline.Explain(2026, RepositoryRoot.Of("samples", "mail.log"), RepositoryRoot.Of("samples", "notices.mbox")), language);
        ShouldFit(lines);
        lines.Take(25).Count(line => line.StartsWith("  203.0.113.10 ", StringComparison.Ordinal)).ShouldBe(1);
        foreach (var text in said)
        {
            Unwrapped(lines).ShouldContain(Unwrapped([text]));
        }
    }

    [Theory]
    [InlineData("en", "One slow botnet: 40 addresses, 240 sessions (86% of all), share the HELO name \"ylmf-pc\"", "refuse the HELO name \"ylmf-pc\" (check_helo_access)", "findtime = \"7d\"", "No sign of it: no mail accepted")]
    [InlineData("ja", "低頻度のボットネットです。40 IP から 240 セッション", "HELO 名「ylmf-pc」を拒否する（check_helo_access）", "findtime = \"7d\"", "その形跡はありません")]
    public async Task A_slow_botnet_is_named_though_no_address_reaches_the_limit(string language, params string[] said)
    {
        var lines = Write(await pipeline.ExplainLog(SlowBotnet("ylmf-pc")), language);
        ShouldFit(lines);
        foreach (var text in said)
        {
            Unwrapped(lines).ShouldContain(Unwrapped([text]));
        }
    }

    // Of few clients the reason and the advice stand on the screen as well.
    [Theory]
    [InlineData("broken-transfer", "en", "its mail is being lost in transit", "a wrong MTU")]
    [InlineData("broken-transfer", "ja", "メールが通信経路で失われています", "MTU")]
    [InlineData("server-trouble-login-service", "en", "YOUR SERVER HAS A PROBLEM", "The login service (SASL) does not answer")]
    [InlineData("server-trouble-login-service", "ja", "このサーバーに問題があります", "認証サービス（SASL）の応答なし")]
    public async Task What_the_server_or_the_way_does_wrong_is_named(string name, string language, params string[] said)
    {
        var lines = Write(await ExplainAsync(name), language);
        ShouldFit(lines);
        foreach (var words in said)
        {
            Unwrapped(lines).ShouldContain(Unwrapped([words]));
        }
    }

    [Theory]
    [InlineData("en", "No SMTP session was found", "Give a log of smtpd or postscreen")]
    [InlineData("ja", "SMTP セッションは見つかりませんでした", "smtpd か postscreen のログ")]
    public async Task An_input_without_sessions_says_what_to_give_instead(string language, params string[] said)
    {
        var lines = Write(await pipeline.ExplainLog("Nov 25 02:00:00 mx postfix/qmgr[1]: 4A1B2C3D4E: from=<a@b.example>, size=1, nrcpt=1 (queue active)\n"), language);
        ShouldFit(lines);
        foreach (var words in said)
        {
            Unwrapped(lines).ShouldContain(Unwrapped([words]));
        }

        // The warning that says why stands there once.
        System.Text.RegularExpressions.Regex.Count(Unwrapped(lines), "qmgr", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5)).ShouldBe(1);
    }

    // Mail programs share their names, too: no botnet is made of users who fail to log in.
    [Fact]
    public async Task Users_of_one_mail_program_are_no_botnet()
    {
        var log = new StringBuilder();
        for (var i = 0; i < 40; i++)
        {
            for (var day = 1; day < 7; day++)
            {
                var at = string.Create(CultureInfo.InvariantCulture, $"Nov 2{day} 0{i % 10}:{i:00}:00 mx postfix/submission/smtpd[{(day * 100) + i}]:");
                var client = $"unknown[{20 + i}.9.{i}.7]";
                log.Append(CultureInfo.InvariantCulture, $"{at} connect from {client}\n{at} warning: {client}: SASL PLAIN authentication failed: \n")
                    .Append(CultureInfo.InvariantCulture, $"{at} NOQUEUE: reject: RCPT from {client}: 554 5.7.1 <a@elsewhere.example>: Relay access denied; from=<u{i}@example.org> to=<a@elsewhere.example> proto=ESMTP helo=<smtpclient.apple>\n")
                    .Append(CultureInfo.InvariantCulture, $"{at} disconnect from {client} ehlo=1 auth=0/1 mail=1 rcpt=0/1 quit=1 commands=3/5\n");
            }
        }

        var explanation = await pipeline.ExplainLog(log.ToString());
        explanation.Campaigns.ShouldAllBe(campaign => campaign.Helo == null);
    }

    private Task<Explanation> ExplainAsync(string behaviourCase) =>
        pipeline.Explain(null, [.. BehaviourCase.Read(behaviourCase).Inputs.Select(input => pipeline.Write(input))]);

    private static string SlowBotnet(string helo)
    {
        var events = new List<(DateTimeOffset At, string Text)>();
        for (var i = 0; i < 40; i++)
        {
            for (var visit = 0; visit < 6; visit++)
            {
                var at = new DateTimeOffset(2026, 11, 19, 0, 0, 0, TimeSpan.Zero).AddHours((visit * 14) + (i * 0.3));
                var (client, process) = ($"unknown[{20 + i}.{i}.{i}.7]", (i * 10) + visit + 100);
                events.Add((at, $"postfix/smtpd[{process}]: connect from {client}"));
                events.Add((at.AddSeconds(1), $"postfix/smtpd[{process}]: NOQUEUE: reject: RCPT from {client}: 554 5.7.1 Service unavailable; Client host [{20 + i}.{i}.{i}.7] blocked using zen.spamhaus.org; from=<x@y.example> to=<info@example.org> proto=ESMTP helo=<{helo}>"));
                events.Add((at.AddSeconds(2), $"postfix/smtpd[{process}]: disconnect from {client} ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4"));
            }

            var sender = $"mail{i}.good.example[198.51.100.{i}]";
            var moment = new DateTimeOffset(2026, 11, 20, 0, 0, i, TimeSpan.Zero);
            events.Add((moment, $"postfix/smtpd[{i + 1000}]: connect from {sender}"));
            events.Add((moment.AddMilliseconds(1), $"postfix/smtpd[{i + 1000}]: 4A{i:X4}: client={sender}"));
            events.Add((moment.AddMilliseconds(2), $"postfix/smtpd[{i + 1000}]: disconnect from {sender} ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5"));
        }

        return string.Concat(events.OrderBy(one => one.At).Select(one => $"{one.At:yyyy-MM-dd'T'HH:mm:ss.ffffffzzz} mx {one.Text}\n"));
    }

    private static string[] Write(Explanation explanation, string language)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        OutlineReport.Write(explanation, writer, ReportLanguages.For(language), new TextStyle());
        return writer.ToString().TrimEnd('\n').Split('\n');
    }

    private static void ShouldFit(string[] lines)
    {
        lines.Length.ShouldBeLessThanOrEqualTo(OutlineReport.MostLines);
        lines.ShouldAllBe(line => Cells.Of(line) <= TextStyle.WidestLine);
    }

    // A sentence is found wherever its lines are broken.
    private static string Unwrapped(string[] lines) => string.Concat(string.Concat(lines.Select(line => line.Trim() + " ")).Where(c => c != ' '));
}
