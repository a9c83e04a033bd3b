using System.Text.RegularExpressions;
using Postern.Cli.Configuration;
using Postern.Tests.Support;

namespace Postern.Tests.Configuration;

/// <summary>What <c>config show</c> shows is a configuration that means the same.</summary>
public sealed class EffectiveSettingsTests
{
    [Fact]
    public void All_keys_with_their_defaults_are_a_configuration_that_changes_nothing()
    {
        var all = EffectiveSettings.Of(new PosternOptions());
        var shown = ConfigWriter.Toml(all);
        var read = ConfigLoader.Parse(shown, "shown.toml");
        read.Mistakes.ShouldBeEmpty(shown);
        ConfigWriter.Toml(EffectiveSettings.Of(read.Options)).ShouldBe(shown);
        // What has no default is told in a comment, whose own inner keys cannot be.
        string[] absent = ["logs.", "jails.", "command.", "table.", "blocklist.", "webhook."];
        var missing = RootSection.Keys.Walk().Select(key => key.Path).Where(path => !Has(all, path.Split('.')) && !absent.Any(prefix => path.StartsWith(prefix, StringComparison.Ordinal)));
        missing.ShouldBeEmpty();
    }

    [Fact]
    public void The_sample_with_every_comment_taken_off_is_shown_as_it_is_meant()
    {
        var sample = Regex.Replace(File.ReadAllText(RepositoryRoot.Of("packaging", "postern.toml")), @"^#(?=[\w\[""])", "", RegexOptions.Multiline, TimeSpan.FromSeconds(5));
        var loaded = ConfigLoader.Parse(sample, "postern.toml");
        var all = ConfigWriter.Toml(EffectiveSettings.Of(loaded.Options));
        var again = ConfigLoader.Parse(all, "shown.toml");
        again.Mistakes.ShouldBeEmpty(all);
        ConfigWriter.Toml(EffectiveSettings.Of(again.Options)).ShouldBe(all);
        var set = ConfigWriter.Toml(EffectiveSettings.SetBy(EffectiveSettings.Of(loaded.Options), loaded.Root!));
        ConfigWriter.Toml(EffectiveSettings.Of(ConfigLoader.Parse(set, "set.toml").Options)).ShouldBe(all);
    }

    [Theory]
    [InlineData("[jail]\nbantime = 7200\n", "[jail]\nbantime = \"2h\"\n")]
    [InlineData("allow = [\"MX.Example.org.\"]\n", "allow = [\"mx.example.org\"]\n")]
    [InlineData("[checks]\npoints = { spf-mailfrom.fail = -7 }\n", "\n[checks.points.spf-mailfrom]\nfail = -7\n")]
    [InlineData("[dns]\nresolver = \"127.0.0.1\"\ntimeout = 0.5\n", "[dns]\nresolver = [\"127.0.0.1:53\"]\ntimeout = \"0.5s\"\n")]
    public void Only_the_keys_that_the_file_sets_are_shown_without_the_defaults(string file, string shown)
    {
        var loaded = ConfigLoader.Parse(file, "a.toml");
        ConfigWriter.Toml(EffectiveSettings.SetBy(EffectiveSettings.Of(loaded.Options), loaded.Root!)).ShouldEndWith(shown);
    }

    private static bool Has(ConfigValue value, ReadOnlySpan<string> path) => path.IsEmpty
        || (value is ConfigList { Items: [var first, ..] } ? Has(first, path) : value is ConfigTable table && table.Entries.TryGetValue(path[0], out var inner) && Has(inner, path[1..]));
}
