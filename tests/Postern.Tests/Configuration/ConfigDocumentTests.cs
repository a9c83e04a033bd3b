using System.Text.RegularExpressions;
using Postern.Cli.Configuration;
using Postern.Tests.Support;

namespace Postern.Tests.Configuration;

/// <summary>The documents and the sample know the same keys as the program.</summary>
public sealed class ConfigDocumentTests
{
    private static readonly string s_text = File.ReadAllText(RepositoryRoot.Of("docs", "configuration.md"));

    public static TheoryData<string> Keys => [.. RootSection.Keys.Walk().Select(key => key.Path)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_key_is_documented(string path) => Documented().ShouldContain(path, StringComparer.Ordinal);

    [Fact]
    public void No_key_is_documented_that_does_not_exist()
    {
        var known = RootSection.Keys.Walk().Select(key => key.Path).ToHashSet(StringComparer.Ordinal);
        Documented().Where(path => !known.Contains(path)).ShouldBeEmpty();
    }

    [Fact]
    public void The_sample_is_sound_and_sets_nothing_but_the_mode()
    {
        var sample = File.ReadAllText(RepositoryRoot.Of("packaging", "postern.toml"));
        ConfigLoader.Parse(sample, "postern.toml").Mistakes.ShouldBeEmpty();
        ConfigLoader.Parse(sample, "postern.toml").Places.Keys.ShouldBe(["mode"]);
    }

    // A commented key is '#key = value', a commented header '#[section]'; prose has a blank behind the sign.
    [Fact]
    public void The_sample_is_sound_with_every_comment_taken_off()
    {
        var sample = File.ReadAllText(RepositoryRoot.Of("packaging", "postern.toml"));
        var bare = Regex.Replace(sample, @"^#(?=[\w\[""])", "", RegexOptions.Multiline, TimeSpan.FromSeconds(5));
        var loaded = ConfigLoader.Parse(bare, "postern.toml");
        loaded.Mistakes.ShouldBeEmpty();
        loaded.Places.Count.ShouldBeGreaterThan(25);
    }

    [Fact]
    public void Every_example_of_the_document_is_sound()
    {
        var blocks = Regex.Matches(s_text, "^```toml\n(?<toml>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));
        blocks.ShouldNotBeEmpty();
        foreach (Match block in blocks)
        {
            ConfigLoader.Parse(block.Groups["toml"].Value, "configuration.md").Mistakes.ShouldBeEmpty();
        }
    }

    [Fact]
    public void Every_finding_of_the_table_of_checks_may_be_weighed()
    {
        var checks = File.ReadAllText(RepositoryRoot.Of("docs", "checks.md"));
        var findings = Regex.Matches(checks, @"`(?<key>[a-z-]+\.(pass|fail|softfail|neutral|none|permerror)(\.[a-z-]+)?)`", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));
        findings.Count.ShouldBeGreaterThan(40);
        findings.Select(match => match.Groups["key"].Value).Where(key => !PointsTable.IsKey(key)).ShouldBeEmpty();
        // The table of the tests: a row's last cell lists its own kinds of result.
        foreach (Match row in Regex.Matches(checks, @"^\| `(?<test>[a-z-]+)` \| [^|]* \| (?<reasons>[^|]*) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)))
        {
            foreach (Match reason in Regex.Matches(row.Groups["reasons"].Value, "`(?<reason>[a-z-]+)`", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)))
            {
                PointsTable.IsKey($"{row.Groups["test"].Value}.fail.{reason.Groups["reason"].Value}").ShouldBeTrue(row.Value);
            }
        }
    }

    // The keys stand in the first cell of a row, one or more of them.
    private static IEnumerable<string> Documented() =>
        Regex.Matches(s_text, @"^\| (?<cell>[^|]+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5))
            .SelectMany(row => Regex.Matches(row.Groups["cell"].Value, "`(?<key>[a-z0-9_.]+)`", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)))
            .Select(match => match.Groups["key"].Value);
}
