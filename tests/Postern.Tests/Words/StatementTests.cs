using System.Globalization;
using Postern.Cli.Commands;
using Postern.Decisions;
using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Languages;
using Postern.Reports.Text;
using Postern.Tests.Support;
using TestResult = Postern.Facts.TestResult;

namespace Postern.Tests.Words;

/// <summary>Statements that were false once.</summary>
public sealed class StatementTests
{
    private static readonly Evidence[] s_tests =
    [
        new("fcrdns", TestResult.Pass, 1, "mx.example.org resolves back to the address", []),
        new("helo-rdns", TestResult.Pass, 1, "mx.example.org resolves to the client", []),
        new("spf-mailfrom", TestResult.SoftFail, 0, "example.org says that the client probably may not send for it (~all)", []),
        new("dkim", TestResult.Skipped, 0, "no message was given", []),
        new("dmarc", TestResult.Skipped, 0, "no message was given", []),
    ];

    private static readonly SenderVerdict s_verdict = new()
    {
        Tests = s_tests,
        Points = 3.5,
        Legitimacy = Legitimacy.Genuine,
        Advice = Advice.Accept,
        MayBounce = false,
        Deciding = ["fcrdns", "helo-rdns"],
        Troubled = [],
    };

    [Fact]
    public void One_HELO_name_in_many_sessions_is_one_name()
    {
        var clue = new Clue(ClueKind.ForgedHelo, 15, "localhost");
        ReportLanguages.For("en").Say(clue).ShouldBe("It claimed a HELO name that is not its own (\"localhost\") in 15 sessions.");
        ReportLanguages.For("ja").Say(clue).ShouldBe("HELO で自分のものではない名前（「localhost」）を 15 セッションで名乗っています。");
    }

    [Theory]
    [InlineData("en", "The server is genuine", "The envelope sender is not verified", "never bounce", "backscatter", "not asked: dkim, dmarc", "  spf-mailfrom  softfail")]
    [InlineData("ja", "接続元は正規のメールサーバー", "送信者アドレス（MAIL FROM）は", "エラーメールは返さない", "バックスキャッター", "未実施: dkim、dmarc", "  spf-mailfrom  softfail")]
    public void The_server_and_the_envelope_sender_are_told_apart(string tag, params string[] expected)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        var client = ClientAddress.From(System.Net.IPAddress.Parse("192.0.2.2"));
        CheckReport.WriteText(writer, new SenderFacts { Address = client, Findings = [] }, s_verdict, LegitimacyExplanation.Write(s_verdict, tag), tag);
        var text = Flat(writer.ToString(), tag);
        foreach (var part in expected)
        {
            text.ShouldContain(Flat(part, tag));
        }

        writer.ToString().Split('\n').ShouldAllBe(line => Cells.Of(line) <= TextStyle.WidestLine);
        if (tag is "ja")
        {
            text.ShouldNotContain("resolves");
        }
    }

    // Without what line breaks add: in Japanese they stand where there is no blank.
    private static string Flat(string text, string tag) => string.Join(tag is "ja" ? "" : " ", text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [InlineData("en", "fcrdns: pass (+1): mx.example.org resolves back to the address", "spf-mailfrom: softfail: example.org", "not asked: dkim, dmarc")]
    [InlineData("ja", "fcrdns: pass（+1 点）: mx.example.org を正引きすると元のアドレスに一致", "spf-mailfrom: softfail: example.org", "未実施: dkim、dmarc")]
    public void A_test_is_told_with_result_points_and_reason_in_both_languages(string tag, params string[] expected)
    {
        var client = SampleExplanation.Client("192.0.2.1", 3, Cause.SpamBot, 0.9, Verdict.Watch, [(Behaviour.RejectedMail, 3)]) with { Tests = s_tests };
        var lines = new ClientLines(ReportLanguages.For(tag)).Tests(client).ToList();
        lines.Count.ShouldBe(4);
        foreach (var part in expected)
        {
            lines.ShouldContain(line => line.StartsWith(part, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(9, 2, "")]
    [InlineData(40, 2, "40 within 2 s")]
    [InlineData(10, 0, "10 within a second")]
    [InlineData(460, 17_880, "460 within 4 h 58 min")]
    [InlineData(200, 17_880, "")]
    public void A_burst_is_one_only_where_it_is(int sessions, int seconds, string expected)
    {
        var client = SampleExplanation.Client("192.0.2.1", sessions, Cause.SpamBot, 0.9, Verdict.Watch, [(Behaviour.RejectedMail, sessions)])
            with
        { Bursts = [new Burst(SampleExplanation.At(0), SampleExplanation.At(seconds), sessions)] };
        new ClientLines(ReportLanguages.For("en")).Bursts(client).ShouldBe(expected);
    }
}
