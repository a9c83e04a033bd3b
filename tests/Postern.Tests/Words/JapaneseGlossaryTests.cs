using System.Text;
using Postern.Facts;
using Postern.Reports.Languages;
using Postern.Tests.Support;

namespace Postern.Tests.Words;

/// <summary>
/// docs/ja/behaviours.md and docs/ja/causes.md are made from the catalogue of the reports, so that they never differ from them:
/// POSTERN_WRITE_DOCS=1 writes them anew.
/// </summary>
public sealed class JapaneseGlossaryTests
{
    private static readonly IReportLanguage s_japanese = ReportLanguages.For("ja");

    [Fact]
    public Task The_behaviours_are_those_of_the_reports()
    {
        var text = new StringBuilder("""
            # 挙動の一覧

            1 つのセッションが複数の挙動を示すことがあります。ID は JSON と設定（`[jail.weights]` など）で使います。判定の条件は
            [behaviours.md](../behaviours.md)（英語）にあります。この一覧はレポートの文から作られています。

            | ID | 名前 | 内容 |
            |---|---|---|

            """);
        foreach (var behaviour in Enum.GetValues<Behaviour>())
        {
            text.Append("| `").Append(behaviour.Id()).Append("` | ").Append(s_japanese.Name(behaviour)).Append(" | ").Append(s_japanese.Describe(behaviour)).Append(" |\n");
        }

        return IsAsync("behaviours.md", text.ToString());
    }

    [Fact]
    public Task The_causes_are_those_of_the_reports()
    {
        var text = new StringBuilder("""
            # 原因の一覧

            接続元ごとに、最も当てはまる原因と確度（0.95 まで）を示します。0.8 以上は「ほぼ確実に」、0.6 以上は「おそらく」、0.4 以上は「可能性があります」と表現し、
            それ未満では特定できないと述べます。重みの表は [causes.md](../causes.md)（英語）にあります。この一覧はレポートの文から作られています。

            | ID | 原因 | 何度も来る理由 |
            |---|---|---|

            """);
        foreach (var cause in Enum.GetValues<Cause>())
        {
            text.Append("| `").Append(cause.Id()).Append("` | ").Append(s_japanese.Name(cause)).Append(" | ").Append(s_japanese.WhyAgain(cause)).Append(" |\n");
        }

        return IsAsync("causes.md", text.ToString());
    }

    private static async Task IsAsync(string name, string text)
    {
        var path = RepositoryRoot.Of("docs", "ja", name);
        if (Environment.GetEnvironmentVariable("POSTERN_WRITE_DOCS") is "1")
        {
            await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        }

        (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ShouldBe(text, "write it anew by POSTERN_WRITE_DOCS=1");
    }
}
