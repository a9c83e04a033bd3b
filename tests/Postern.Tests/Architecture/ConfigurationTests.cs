using Postern.Cli.Configuration;
using Postern.Tests.Support;

namespace Postern.Tests.Architecture;

public sealed class ConfigurationTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "configuration.md"));

    public static TheoryData<string> Keys => [.. RootSection.Keys.Walk().Select(key => key.Path)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_key_is_documented(string key) => s_page.ShouldContain($"`{key}`");

    [Fact]
    public void The_sample_is_sound()
    {
        var file = Path.Combine(RepositoryRoot.Path, "packaging", "postern.toml");
        ConfigLoader.Load(file).Mistakes.ShouldBeEmpty();
    }

    public static TheoryData<string> Documents => [.. Directory.EnumerateFiles(RepositoryRoot.Of("docs"), "*.md").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_example_of_a_document_is_sound(string name)
    {
        foreach (var example in File.ReadAllText(RepositoryRoot.Of("docs", name)).Split("```toml\n").Skip(1).Select(part => part.Split("```")[0]))
        {
            ConfigLoader.Parse(example, name).Mistakes.ShouldBeEmpty(example);
        }
    }

    [Theory]
    [InlineData("findtme = \"1m\"\n", "p.toml:1: findtme: unknown key")]
    [InlineData("\n[jail]\nfindtme = \"1m\"\n", "p.toml:3: jail.findtme: unknown key; did you mean 'findtime'?")]
    [InlineData("[jail]\nmaxretry = \"many\"\n", "p.toml:2: jail.maxretry:")]
    [InlineData("allow = [\"mx\"]\n", "p.toml:1: allow")]
    [InlineData("state = \n", "p.toml:1:")]
    public void A_mistake_is_told_with_its_line_and_cure(string text, string begin) =>
        ConfigLoader.Parse(text, "p.toml").Mistakes[0].ToString().ShouldStartWith(begin);

    [Fact]
    public void All_mistakes_are_told_at_once() =>
        ConfigLoader.Parse("a = 1\nb = 2\n[jail]\nbantime = \"x\"\n[nftables]\nverdict = \"kill\"\n", "p.toml").Mistakes.Count.ShouldBe(4);

    [Fact]
    public void The_least_of_every_release_is_read()
    {
        const string Text = """
            state  = "/var/lib/postern"
            socket = "/run/postern/postern.sock"
            allow  = ["127.0.0.0/8", "::1", "mx.example.org"]
            [[logs]]
            path = "/var/log/mail.log"
            [[logs]]
            journal = true
            [[logs]]
            notices = "/var/mail/postmaster"
            [jail]
            findtime = "10m"
            maxretry = 10
            bantime  = "1h"
            [nftables]
            enabled = true
            [policy]
            listen = "127.0.0.1:10040"
            [milter]
            listen = "127.0.0.1:10041"
            [dns]
            resolver = "127.0.0.1:53"
            [fail2ban]
            config = "/etc/fail2ban"
            """;
        var read = ConfigLoader.Parse(Text, "p.toml");
        read.Mistakes.ShouldBeEmpty();
        read.Options.Allow.Count.ShouldBe(3);
        read.Options.Logs.Count.ShouldBe(3);
        read.Options.Jail.FindTime.ShouldBe(TimeSpan.FromMinutes(10));
        ConfigLoader.Parse(Text.Replace("127.0.0.1:10040", "unix:/run/p", StringComparison.Ordinal), "p.toml").Mistakes.ShouldBeEmpty();
    }
}
