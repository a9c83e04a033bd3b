using System.Net;
using Postern.Web.Settings;

namespace Postern.Tests.Web.Settings;

/// <summary>Other hosts reach the page only where all is set that protects it.</summary>
public sealed class ListenRulesTests
{
    private static readonly WebOptions s_open = new() { EndPoint = new IPEndPoint(IPAddress.Any, 10080), BehindProxy = true, Hosts = ["postern.example.org"] };

    [Theory]
    [InlineData("127.0.0.1:10080")]
    [InlineData("[::1]:80")]
    [InlineData("unix:/run/web.sock")]
    public void This_host_alone_needs_nothing(string listen)
    {
        var (options, wrong) = ArgumentReader.Read(["--listen", listen]);
        wrong.ShouldBeNull();
        ListenRules.Check(options!, TokenTrouble.NotNamed).ShouldBe(ListenRefusal.None);
    }

    [Fact]
    public void Another_address_needs_a_proxy_names_and_a_token()
    {
        ListenRules.Check(s_open with { BehindProxy = false }, TokenTrouble.None).ShouldBe(ListenRefusal.NeedsProxy);
        ListenRules.Check(s_open with { Hosts = [] }, TokenTrouble.None).ShouldBe(ListenRefusal.NeedsHosts);
        ListenRules.Check(s_open, TokenTrouble.Empty).ShouldBe(ListenRefusal.NeedsToken);
        ListenRules.Check(s_open, TokenTrouble.None).ShouldBe(ListenRefusal.None);
    }

    [Theory]
    [InlineData("--listen", "127.0.0.1")]
    [InlineData("--listen", "nowhere:80")]
    [InlineData("--listen", "unix:web.sock")]
    [InlineData("--what", "ever")]
    [InlineData("--token-file")]
    public void What_is_not_understood_is_named(params string[] arguments)
    {
        var (options, wrong) = ArgumentReader.Read(arguments);
        options.ShouldBeNull();
        wrong.ShouldBe(string.Join(' ', arguments));
    }
}
