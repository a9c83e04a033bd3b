using Postern.SystemTests.Captures;

namespace Postern.SystemTests.Explain;

/// <summary>A scan of ciphers, and a sender whose handshake fails, are not the same.</summary>
public sealed class TlsTests(CaptureLibrary captures)
{
    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task Scanners_of_ciphers_are_recognised(Setup setup, bool withNotices)
    {
        foreach (var actor in new[] { Scanners.NmapCiphers, Scanners.Sslscan, Scanners.Testssl })
        {
            var client = await captures.Explain(setup, withNotices, actor);
            client.Showed("tls-scan").ShouldBeGreaterThan(0, $"{actor.Does}: {client}");
            client.Cause.ShouldBe("tls-scanner", $"{actor.Does}: {client}");
        }
    }

    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task A_sender_whose_handshake_fails_is_no_scanner(Setup setup, bool withNotices)
    {
        var client = await captures.Explain(setup, withNotices, Senders.DistrustsCertificate);
        client.Showed("tls-handshake-failure").ShouldBe(3, client.ToString());
        client.Showed("tls-scan").ShouldBe(0, client.ToString());
        client.ShouldNotBeBanned();
    }

    [Theory]
    [MemberData(nameof(Views.Smtpd), MemberType = typeof(Views))]
    public async Task A_look_through_starttls_that_says_goodbye_is_a_probe(Setup setup, bool withNotices)
    {
        var client = await captures.Explain(setup, withNotices, Scanners.OpensslStartTls);
        client.Showed("probe-and-quit").ShouldBe(1, client.ToString());
        client.Verdict.ShouldBeOneOf("ignore", "watch");
    }
}
