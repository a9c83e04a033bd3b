using Postern.Cli.Configuration;

namespace Postern.Tests.Configuration;

/// <summary>A reload says by name what changed and what needs a restart.</summary>
public sealed class ConfigChangesTests
{
    [Theory]
    [InlineData("", "[jail]\nmaxretry = 5\n", "jail.maxretry")]
    [InlineData("[jail]\nmaxretry = 5\n", "jail.maxretry = 5 # the same\n", "")]
    [InlineData("[jail]\nmaxretry = 5\nbantime = \"1h\"\n", "[jail]\nmaxretry = 6\n", "jail.bantime jail.maxretry")]
    [InlineData("allow = [\"192.0.2.1\"]\n", "allow = [\"192.0.2.1\", \"192.0.2.2\"]\nlog_level = \"debug\"\n", "allow log_level")]
    [InlineData("[[logs]]\npath = \"/a\"\n", "[[logs]]\npath = \"/b\"\n", "logs")]
    [InlineData("[[jails]]\nname = \"a\"\n", "[[jails]]\nname = \"a\"\nports = [25, 2525]\n", "jails jails.ports")]
    public void Keys_that_differ_are_named(string before, string after, string keys) =>
        string.Join(' ', ConfigChanges.Between(ConfigLoader.Parse(before, "a.toml"), ConfigLoader.Parse(after, "a.toml"))).ShouldBe(keys);

    [Theory]
    [InlineData("mode", true)]
    [InlineData("nftables.table", true)]
    [InlineData("milter.listen", true)]
    [InlineData("milter.mode", false)]
    [InlineData("jail.ports", true)]
    [InlineData("jail.maxretry", false)]
    [InlineData("jails.ports", true)]
    [InlineData("jails", false)]
    [InlineData("state", true)]
    public void What_the_start_builds_needs_a_restart(string key, bool needsRestart) => ConfigChanges.NeedsRestart(key).ShouldBe(needsRestart);
}
