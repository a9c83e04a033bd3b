using Postern.SystemTests.Captures;

namespace Postern.SystemTests.Explain;

/// <summary>Clients that speak another protocol.</summary>
public sealed class ForeignProtocolTests(CaptureLibrary captures)
{
    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task Http_is_recognised(Setup setup, bool withNotices)
    {
        var curl = await captures.Explain(setup, withNotices, Scanners.CurlHttp);
        curl.Showed("http-request").ShouldBe(2, curl.ToString());
    }

    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task Nmap_asks_a_slow_server_for_a_web_page(Setup setup, bool withNotices)
    {
        var nmap = await captures.Explain(setup, withNotices, Scanners.NmapVersionOfSlowServer);
        nmap.Showed("http-request").ShouldBeGreaterThan(0, nmap.ToString());
    }

    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task A_tls_hello_on_a_plain_port_is_recognised_and_is_no_reason_for_a_ban(Setup setup, bool withNotices)
    {
        foreach (var actor in new[] { Scanners.CurlHttps, Scanners.OpensslPlain })
        {
            var client = await captures.Explain(setup, withNotices, actor);
            client.Showed("tls-on-plaintext").ShouldBeGreaterThan(0, client.ToString());
            client.ShouldNotBeBanned();
        }
    }

    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task Other_protocols_are_recognised(Setup setup, bool withNotices)
    {
        foreach (var actor in new[] { Abusers.Ssh, Abusers.Rdp, Abusers.Smb, Abusers.Sip, Abusers.Socks })
        {
            var client = await captures.Explain(setup, withNotices, actor);
            client.Showed("other-protocol").ShouldBeGreaterThan(0, $"{actor.Does}: {client}");
        }
    }
}
