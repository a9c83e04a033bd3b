using Postern.SystemTests.Captures;

namespace Postern.SystemTests.Explain;

/// <summary>Whoever brings mail, or looks whether the server is up, is left in peace.</summary>
public sealed class GenuineSenderTests(CaptureLibrary captures)
{
    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task No_genuine_sender_is_banned(Setup setup, bool withNotices)
    {
        var report = await (await captures.Get(setup)).ExplainAsync(withNotices);
        var genuine = Senders.Genuine.Select(actor => actor.Address).ToHashSet(StringComparer.Ordinal);
        report.Clients.Where(client => genuine.Contains(client.Address ?? "") && client.IsBanned)
            .Select(client => client.ToString())
            .ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task Whoever_delivers_is_protected(Setup setup, bool withNotices)
    {
        // postscreen turns everyone away once before it lets them in.
        var first = setup == Setup.Postscreen ? 1 : 0;
        foreach (var (actor, messages) in new[] { (Senders.Ordinary, 2), (Senders.Busy, 12), (Senders.WithTypo, 5), (Senders.OrdinaryV6, 2) })
        {
            var client = await captures.Explain(setup, withNotices, actor);
            client.Showed("delivered").ShouldBeGreaterThanOrEqualTo(messages - first, client.ToString());
            client.Verdict.ShouldBe("protect", client.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task Going_on_after_a_refusal_is_a_senders_fault_and_no_knock(Setup setup, bool withNotices)
    {
        var client = await captures.Explain(setup, withNotices, Senders.GoesOnAfterRefusal);
        client.Showed("out-of-step").ShouldBeGreaterThanOrEqualTo(2, client.ToString());
        client.ShouldNotBeBanned();
    }

    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task A_dot_after_a_refusal_is_no_lone_dot(Setup setup, bool withNotices)
    {
        var client = await captures.Explain(setup, withNotices, Senders.DotAfterRefusal);
        client.Showed("out-of-step").ShouldBeGreaterThanOrEqualTo(2, client.ToString());
        client.Showed("lone-dot").ShouldBe(0, client.ToString());
        client.ShouldNotBeBanned();
    }

    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task A_monitor_is_ignored(Setup setup, bool withNotices)
    {
        var polite = await captures.Explain(setup, withNotices, Senders.Monitor);
        polite.Verdict.ShouldBe("ignore", polite.ToString());
        polite.Cause.ShouldBe("monitor", polite.ToString());
        // postscreen does not log whether the client said EHLO and QUIT.
        if (setup != Setup.Postscreen)
        {
            polite.Showed("probe-and-quit").ShouldBe(Senders.SteadySessions, polite.ToString());
        }

        var silent = await captures.Explain(setup, withNotices, Senders.PortCheck);
        // postscreen's greet wait may set the pace of who says nothing: then it is no monitor's, and nobody knows.
        silent.Verdict.ShouldBeOneOf(setup == Setup.Postscreen ? ["ignore", "watch"] : ["ignore"]);
        silent.Showed("hangup").ShouldBe(Senders.SteadySessions, silent.ToString());
    }

    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task One_look_at_the_version_is_no_reason_for_a_ban(Setup setup, bool withNotices)
    {
        var nmap = await captures.Explain(setup, withNotices, Scanners.NmapVersion);
        nmap.Showed("hangup").ShouldBeGreaterThan(0, nmap.ToString());
        nmap.Verdict.ShouldBeOneOf("ignore", "watch");
    }
}
