using Postern.Classification.Live;
using Postern.Decisions.Jails;
using Postern.Engine.Bans;
using Postern.Engine.Ledger;
using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Tests.Engine.Bans;

public sealed class BanDeciderTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 10, 0, 0, TimeSpan.Zero);
    private readonly List<SenderInquiry> _asked = [];
    private readonly BanDecider _decider;
    private ulong _id;

    public BanDeciderTests() => _decider = new BanDecider([new JailOptions()], _asked.Add);

    [Fact]
    public void Ten_lone_dots_are_a_ban_and_nine_are_none()
    {
        Abuse("192.0.2.1", 9);
        _decider.Changes.Bans.ShouldBeEmpty();
        Abuse("192.0.2.1", 1);
        var ban = _decider.Changes.Bans.ShouldHaveSingleItem();
        ban.Network.ToString().ShouldBe("192.0.2.1/32");
        ban.Failures.ShouldBe(10);
        ban.Reason.ShouldContain("10 lone-dot");
        ban.Trigger.ShouldBe("lone-dot");
        _decider.Touched.ShouldHaveSingleItem().ShouldBe((ban.Network, ban.Jail));
        Abuse("192.0.2.1", 30);
        _decider.Changes.Bans.Count.ShouldBe(1);
    }

    [Fact]
    public void The_same_session_reported_again_counts_once()
    {
        for (var i = 0; i < 50; i++)
        {
            Report("192.0.2.1", Behaviour.LoneDot, id: 7);
        }

        _decider.Changes.Bans.ShouldBeEmpty();
    }

    [Fact]
    public void A_session_that_turned_out_harmless_counts_no_more()
    {
        for (var i = 0; i < 50; i++)
        {
            Report("192.0.2.1", Behaviour.RelayProbe, id: (ulong)i + 1);
            Report("192.0.2.1", Behaviour.OutOfStep, id: (ulong)i + 1);
        }

        _decider.Changes.Bans.ShouldBeEmpty();
    }

    [Fact]
    public void Old_lines_ban_nobody_however_late_they_are_read()
    {
        Abuse("192.0.2.1", 100, ago: TimeSpan.FromHours(1));
        _decider.Changes.Bans.ShouldBeEmpty();
        _decider.Clients.ShouldBe(0);
    }

    [Fact]
    public void What_led_to_a_ban_leads_to_no_second_one_and_new_failures_lead_to_a_longer_one()
    {
        Abuse("192.0.2.1", 12);
        var first = _decider.Changes.Bans.Single();
        _decider.Unban(first.Network, s_now.AddMinutes(1)).ShouldHaveSingleItem();
        Abuse("192.0.2.1", 9, now: s_now.AddMinutes(2));
        _decider.Changes.Bans.Count.ShouldBe(1);

        Abuse("192.0.2.2", 10);
        _decider.Tick(s_now.AddHours(2));
        Abuse("192.0.2.2", 10, now: s_now.AddHours(2));
        var second = _decider.Changes.Bans[^1];
        second.Repetition.ShouldBe(2);
        (second.Until - second.From).ShouldBe(TimeSpan.FromHours(2));
    }

    [Fact]
    public void Addresses_of_one_ipv6_64_are_one_client()
    {
        for (var i = 0; i < 10; i++)
        {
            Abuse($"2001:db8:1:2::{i + 1:x}", 1);
        }

        _decider.Changes.Bans.ShouldHaveSingleItem().Network.ToString().ShouldBe("2001:db8:1:2::/64");
    }

    [Fact]
    public void Many_banned_neighbours_are_a_ban_of_the_24_unless_a_proven_sender_lives_there()
    {
        foreach (var day in (int[])[3, 5, 8])
        {
            Deliver("198.51.100.200", day);
        }

        for (var i = 1; i <= 8; i++)
        {
            Abuse($"192.0.2.{i}", 10);
            Abuse($"198.51.100.{i}", 10);
        }

        _decider.Changes.Bans.Select(ban => ban.Network.ToString()).Where(text => text.EndsWith("/24", StringComparison.Ordinal)).ShouldBe(["192.0.2.0/24"]);
    }

    [Fact]
    public void A_proven_sender_is_spared_after_the_DNS_was_asked_and_told_why()
    {
        foreach (var day in (int[])[2, 4, 6])
        {
            Deliver("192.0.2.1", day);
        }

        Abuse("192.0.2.1", 10);
        _decider.Changes.Bans.ShouldBeEmpty();
        var asked = _asked.ShouldHaveSingleItem();
        _decider.Answer(asked, null, s_now);
        _decider.Changes.Bans.ShouldBeEmpty();
        _decider.Changes.Suppressed.ShouldHaveSingleItem().Reason.ShouldBe(ProtectionReason.ProvenSender);
        Abuse("192.0.2.1", 95);
        _decider.Changes.Bans.ShouldHaveSingleItem();
    }

    [Fact]
    public void One_accepted_message_buys_no_immunity()
    {
        Deliver("192.0.2.1", 0);
        Abuse("192.0.2.1", 10);
        _decider.Changes.Bans.ShouldHaveSingleItem();
    }

    [Fact]
    public void The_allow_list_our_own_addresses_and_mynetworks_are_never_banned()
    {
        ClientNetwork.TryParse("203.0.113.0/24", out var allowed).ShouldBeTrue();
        ClientNetwork.TryParse("10.0.0.0/8", out var mine).ShouldBeTrue();
        _decider.Protections.Networks = new ProtectedNetworks { Allowed = [(allowed, "partner")], Own = new HashSet<ClientAddress> { Address("192.0.2.99") }, MyNetworks = [mine] };
        foreach (var client in (string[])["203.0.113.5", "192.0.2.99", "10.1.2.3"])
        {
            Abuse(client, 200);
        }

        _decider.Changes.Bans.ShouldBeEmpty();
        _decider.Changes.Suppressed.Select(suppressed => suppressed.Reason)
            .ShouldBe([ProtectionReason.Allowed, ProtectionReason.OwnAddress, ProtectionReason.MyNetworks]);
    }

    [Theory]
    [InlineData("172.17.0.1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("100.64.0.9", true)]
    [InlineData("172.33.0.1", false)]
    public void The_gateway_of_containers_is_never_banned_alone_or_with_its_neighbours(string client, bool isPrivate)
    {
        Abuse(client, 200);
        _decider.Changes.Bans.Count.ShouldBe(isPrivate ? 0 : 1);
        _decider.Changes.Suppressed.Select(suppressed => suppressed.Reason).ShouldBe(isPrivate ? [ProtectionReason.PrivateNetwork] : []);
        for (var i = 1; i < 60 && isPrivate; i++)
        {
            Abuse($"172.17.0.{i}", 200);
        }

        _decider.Changes.Bans.Count.ShouldBe(isPrivate ? 0 : 1);
    }

    [Theory]
    [InlineData(Behaviour.Hangup)]
    [InlineData(Behaviour.ProbeAndQuit)]
    [InlineData(Behaviour.OutOfStep)]
    [InlineData(Behaviour.Delivered)]
    public void What_weighs_nothing_bans_nobody_whatever_its_volume(Behaviour behaviour)
    {
        for (var i = 0; i < 1000; i++)
        {
            Report("192.0.2.1", behaviour);
        }

        _decider.Changes.Bans.ShouldBeEmpty();
    }

    [Fact]
    public void A_start_makes_the_ban_that_a_kill_prevented()
    {
        Abuse("192.0.2.1", 9);
        var failures = _decider.Changes.Failures.ToList();
        var next = new BanDecider([new JailOptions { MaxRetry = 9 }], null);
        next.Restore(new LedgerState { Bans = [], Past = [], Failures = failures, Days = [], Suppressed = [], Allowed = [], Positions = [] }, s_now);
        next.Changes.Bans.ShouldHaveSingleItem().Client.ShouldBe(Address("192.0.2.1"));
    }

    private static ClientAddress Address(string text)
    {
        ClientAddress.TryParse(text, out var address).ShouldBeTrue();
        return address;
    }

    private void Abuse(string client, int times, TimeSpan ago = default, DateTimeOffset? now = null)
    {
        for (var i = 0; i < times; i++)
        {
            Report(client, Behaviour.LoneDot, ago: ago, now: now);
        }
    }

    private void Report(string client, Behaviour behaviour, ulong? id = null, TimeSpan ago = default, DateTimeOffset? now = null) => _decider.RecordSession(
        new SessionReport
        {
            Id = id ?? ++_id + 100,
            Client = Address(client),
            Mark = new SessionMark(LogTime.From((now ?? s_now) - ago), BehaviourSet.Of(behaviour), SessionTraits.None),
        },
        "mail.log",
        now ?? s_now);

    private void Deliver(string client, int daysAgo) => _decider.RecordSession(
        new SessionReport
        {
            Id = ClientWindows.Deliveries,
            Client = Address(client),
            Mark = new SessionMark(LogTime.From(s_now.AddDays(-daysAgo)), BehaviourSet.Of(Behaviour.Delivered), SessionTraits.Accepted),
            Accepted = 1,
        },
        "mail.log",
        s_now);
}
