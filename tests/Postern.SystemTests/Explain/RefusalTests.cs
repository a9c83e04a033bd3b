using Postern.SystemTests.Captures;

namespace Postern.SystemTests.Explain;

/// <summary>Clients that Postfix refused: what they were after.</summary>
public sealed class RefusalTests(CaptureLibrary captures)
{
    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task A_search_for_a_relay_is_recognised(Setup setup, bool withNotices)
    {
        var swaks = await captures.Explain(setup, withNotices, Scanners.SwaksRelay);
        swaks.Showed("relay-probe").ShouldBeGreaterThanOrEqualTo(setup == Setup.Postscreen ? 5 : 6, swaks.ToString());
    }

    [Theory]
    [MemberData(nameof(Views.Smtpd), MemberType = typeof(Views))]
    public async Task Nmaps_scripts_are_seen_searching_for_a_relay(Setup setup, bool withNotices)
    {
        var nmap = await captures.Explain(setup, withNotices, Scanners.NmapScripts);
        nmap.Showed("relay-probe").ShouldBeGreaterThan(0, nmap.ToString());
        nmap.ShouldNotBeProtected();
    }

    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task A_search_for_users_by_rcpt_is_recognised(Setup setup, bool withNotices)
    {
        var client = await captures.Explain(setup, withNotices, Scanners.RcptEnumeration);
        client.Showed("user-enumeration").ShouldBeGreaterThanOrEqualTo(2, client.ToString());
        client.Cause.ShouldBe("address-harvester", client.ToString());
    }

    // postscreen answers VRFY itself and logs nothing of it.
    [Theory]
    [MemberData(nameof(Views.Smtpd), MemberType = typeof(Views))]
    public async Task A_search_for_users_by_vrfy_is_recognised(Setup setup, bool withNotices)
    {
        var client = await captures.Explain(setup, withNotices, Scanners.VrfyEnumeration);
        client.Showed("user-enumeration").ShouldBe(3, client.ToString());
    }

    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task A_sender_on_a_dns_list_is_recognised(Setup setup, bool withNotices)
    {
        var client = await captures.Explain(setup, withNotices, Senders.Listed);
        // postscreen asks the list while it waits to greet, and an answer that comes later counts for nothing: its log says how
        // often it came in time. smtpd waits for it.
        var told = File.ReadLines((await captures.Get(setup)).Log).Where(line => line.Contains($"[{client.Address}]", StringComparison.Ordinal)).Count(line =>
            line.Contains(" DNSBL rank ", StringComparison.Ordinal)
            || (line.Contains("/smtpd[", StringComparison.Ordinal) && line.Contains("blocked using", StringComparison.Ordinal)));
        if (setup != Setup.Postscreen)
        {
            told.ShouldBe(4);
        }

        client.Showed("dnsbl-listed").ShouldBe(told, client.ToString());
        told.ShouldBeGreaterThan(1);
    }

    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task A_client_with_the_servers_own_name_is_recognised(Setup setup, bool withNotices)
    {
        var client = await captures.Explain(setup, withNotices, Senders.ForgesHelo);
        client.Showed("helo-forgery").ShouldBeGreaterThanOrEqualTo(3, client.ToString());
    }

    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task Words_in_an_address_never_move_the_blame(Setup setup, bool withNotices)
    {
        var report = await (await captures.Get(setup)).ExplainAsync(withNotices);
        report.Clients.ShouldAllBe(client => !string.Equals(client.Address, "9.9.9.8", StringComparison.Ordinal));
        report.Client(Abusers.PutsWordsInTheLog.Address).Sessions.ShouldBe(3);
    }
}
