using Postern.Cli.Commands;
using Postern.Cli.Configuration;
using Postern.Web.Settings;

namespace Postern.Tests.Commands;

/// <summary>What <c>postern web</c> hands over is what postern-web understands.</summary>
public sealed class WebCommandTests
{
    [Fact]
    public void Every_key_reaches_the_program_of_the_page()
    {
        var options = Passed("""
            socket = "/run/p.sock"
            [web]
            listen = "unix:/run/web.sock"
            token_file = "/etc/postern/web.token"
            hosts = ["Postern.Example.org", "192.0.2.1"]
            behind_proxy = true
            """);
        (options.UnixPath, options.EndPoint, options.Socket, options.Program).ShouldBe(("/run/web.sock", null, "/run/p.sock", "/usr/lib/postern/postern"));
        (options.TokenFile, options.BehindProxy, options.ReadsNeedToken, options.Config).ShouldBe(("/etc/postern/web.token", true, true, "/etc/postern/postern.toml"));
        options.Hosts.ShouldBe(["postern.example.org", "192.0.2.1"]);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("[web]\nread_without_token = false\n", true)]
    [InlineData("[web]\nbehind_proxy = true\n", true)]
    [InlineData("[web]\nbehind_proxy = true\nread_without_token = true\n", false)]
    [InlineData("[web]\nlisten = \"192.0.2.1:80\"\nbehind_proxy = true\nhosts = [\"a.example\"]\ntoken_file = \"/t\"\n", true)]
    public void Reading_needs_a_token_where_others_than_this_host_may_reach_it(string text, bool isNeeded) => Passed(text).ReadsNeedToken.ShouldBe(isNeeded);

    [Theory]
    [InlineData("[web]\nlisten = \"0.0.0.0:80\"\n", "p.toml:1: web: 0.0.0.0:80 can be reached from other hosts")]
    [InlineData("[web]\nlisten = \"192.0.2.1:80\"\nbehind_proxy = true\nhosts = [\"a.example\"]\n", "p.toml:1: web: 192.0.2.1:80 can be reached")]
    [InlineData("[web]\nlisten = \"nowhere\"\n", "p.toml:2: web.listen: 'nowhere'")]
    [InlineData("[web]\nhosts = [\"a b\"]\n", "p.toml:2: web.hosts: 'a b' is no host name")]
    [InlineData("[web]\ntoken = \"x\"\n", "p.toml:2: web.token: unknown key")]
    public void A_mistake_is_told_with_its_line(string text, string begin) => ConfigLoader.Parse(text, "p.toml").Mistakes[0].ToString().ShouldStartWith(begin);

    private static WebOptions Passed(string text)
    {
        var loaded = ConfigLoader.Parse(text, "/etc/postern/postern.toml");
        loaded.Mistakes.ShouldBeEmpty();
        var (options, wrong) = ArgumentReader.Read(WebCommand.Arguments(loaded, "/usr/lib/postern/postern"));
        wrong.ShouldBeNull();
        return options!;
    }
}
