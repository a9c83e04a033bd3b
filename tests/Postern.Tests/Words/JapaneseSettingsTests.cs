using System.Text;
using System.Text.RegularExpressions;
using Postern.Cli.Configuration;
using Postern.Cli.Words;
using Postern.Tests.Support;

namespace Postern.Tests.Words;

/// <summary>Every sentence about a configuration can be told in Japanese: those of the sources, and what each key takes.</summary>
public sealed partial class JapaneseSettingsTests
{
    private static readonly string s_folder = Path.Combine("src", "Postern.Cli", "Configuration");

    [Fact]
    public void Every_sentence_of_the_sources_has_its_translation()
    {
        string[] forms = [.. RepositoryRoot.Sources(s_folder).SelectMany(static file => Forms(File.ReadAllText(file))).Distinct(StringComparer.Ordinal)];
        forms.Length.ShouldBeGreaterThan(80);
        forms.Where(static form => !JapaneseSettings.Has(form)).ShouldBeEmpty();
    }

    [Fact]
    public void What_each_key_takes_has_its_translation() =>
        RootSection.Keys.Walk().Select(static key => ((Sentence)key.Setting.Takes).Form).Where(static form => !JapaneseSettings.Has(form)).ShouldBeEmpty();

    [Fact]
    public void A_translation_has_the_same_places_for_what_is_given()
    {
        foreach (var form in RepositoryRoot.Sources(s_folder).SelectMany(static file => Forms(File.ReadAllText(file))))
        {
            Places().Matches(JapaneseSettings.Of(form)).Select(static match => match.Value).Order(StringComparer.Ordinal)
                .ShouldBe(Places().Matches(form).Select(static match => match.Value).Order(StringComparer.Ordinal), form);
        }
    }

    [Theory]
    [InlineData("[jail]\nmaxretry = \"ten\"", "p.toml:2: jail.maxretry: この値は使えません（文字列）; 指定できる値: 0.1～100000 の数値")]
    [InlineData("[jail]\nbantime = \"1 fortnight\"", "p.toml:2: jail.bantime: 「1 fortnight」は時間の書き方ではありません; 指定できる値: \"1h\" のような時間（1s～10 年）")]
    [InlineData("[jail]\nban-time = 1", "p.toml:2: jail.ban-time: このようなキーはありません; 「bantime」の間違いではありませんか")]
    [InlineData("[nftables]\nverdict = \"x{0}\"", "p.toml:2: nftables.verdict: 「x{0}」という値はありません; 指定できる値: \"drop\" または \"reject\"")]
    public void A_mistake_reads_well(string toml, string told) => ConfigLoader.Parse(toml, "p.toml").Mistakes[0].In(JapaneseSettings.Of).ShouldBe(told);

    // The texts within a call that makes a mistake, with a place for each thing that is given.
    private static IEnumerable<string> Forms(string source)
    {
        foreach (Match call in Calls().Matches(source))
        {
            for (var at = call.Index + call.Length; source[at] is not ';'; at++)
            {
                if (source[at] is '"')
                {
                    var isInterpolated = source[at - 1] is '$';
                    var (form, end) = Read(source, at + 1, isInterpolated);
                    at = end;
                    // Names of keys and of files are no sentences.
                    if (form.Contains(' ', StringComparison.Ordinal))
                    {
                        yield return form;
                    }
                }
            }
        }
    }

    private static (string Form, int End) Read(string source, int at, bool isInterpolated)
    {
        var (form, given) = (new StringBuilder(), 0);
        for (; source[at] is not '"'; at++)
        {
            if (source[at] is '\\')
            {
                form.Append(source[++at]);
            }
            else if (!isInterpolated && source[at] is '{' or '}')
            {
                form.Append(source[at], 2);
            }
            else if (isInterpolated && source[at] is '{')
            {
                form.Append('{').Append(given++).Append('}');
                var depth = 1;
                while (depth > 0)
                {
                    at++;
                    depth += source[at] is '{' ? 1 : source[at] is '}' ? -1 : 0;
                }
            }
            else
            {
                form.Append(source[at]);
            }
        }

        return (form.ToString(), at);
    }

    [GeneratedRegex(@"\b(?:(?:Complain|Refuse|Unreadable|Add)\((?!string |Sentence |int )|Sentence \w+ = )", RegexOptions.None, 10_000)]
    private static partial Regex Calls();

    [GeneratedRegex(@"\{\d+\}", RegexOptions.None, 10_000)]
    private static partial Regex Places();
}
