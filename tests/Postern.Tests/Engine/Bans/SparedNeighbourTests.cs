using Postern.Classification.Live;
using Postern.Decisions.Jails;
using Postern.Enforcement;
using Postern.Engine.Bans;
using Postern.Engine.Firewalls;
using Postern.Engine.Ledger;
using Postern.Engine.Protection;
using Postern.Facts;
using Postern.Tests.Enforcement;

namespace Postern.Tests.Engine.Bans;

/// <summary>One protected address of a network neither falls with it nor frees the rest of it.</summary>
public sealed class SparedNeighbourTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 10, 0, 0, TimeSpan.Zero);
    private readonly BanDecider _decider = new([new JailOptions()], null);
    private ulong _id;

    [Theory]
    [InlineData("logged in")]
    [InlineData("proven")]
    [InlineData("allowed")]
    [InlineData("own")]
    public void The_64_is_banned_but_for_who_is_protected(string why)
    {
        Protect("2001:db8::25", why);
        // A new address for every session.
        for (var i = 0; i < 30; i++)
        {
            Abuse($"2001:db8::bad:{i:x}");
        }

        var ban = _decider.Changes.Bans.ShouldHaveSingleItem();
        ban.Network.ToString().ShouldBe("2001:db8::/64");
        ban.Spared.ShouldBe([ScriptedFirewall.Network("2001:db8::25")]);
        _decider.Book.IsBanned(Address("2001:db8::bad:ffff")).ShouldBeTrue();
        _decider.Book.IsBanned(Address("2001:db8::25")).ShouldBeFalse();
        _decider.Book.Covering(Address("2001:db8::25")).ShouldBeEmpty();
    }

    [Fact]
    public void Who_is_left_out_does_not_answer_for_the_others_and_still_answers_for_itself()
    {
        Day("2001:db8::25", 1, delivered: true);
        for (var i = 0; i < 10; i++)
        {
            Abuse("2001:db8::bad");
        }
        // One slip, after all that its neighbour did.
        Abuse("2001:db8::25");
        _decider.Changes.Bans.Count.ShouldBe(1);
        for (var i = 0; i < 9; i++)
        {
            Abuse("2001:db8::25");
        }

        _decider.Changes.Bans.Select(one => one.Network.ToString()).ShouldBe(["2001:db8::/64", "2001:db8::25/128"]);
        _decider.Book.IsBanned(Address("2001:db8::25")).ShouldBeTrue();
    }

    [Fact]
    public void Where_very_many_are_protected_only_the_knocker_is_banned()
    {
        for (var i = 1; i <= 33; i++)
        {
            Day($"2001:db8::{i:x}", 1, delivered: true);
        }

        for (var i = 0; i < 10; i++)
        {
            Abuse("2001:db8::bad");
        }

        _decider.Changes.Bans.ShouldHaveSingleItem().Network.ToString().ShouldBe("2001:db8::bad/128");
    }

    [Fact]
    public void A_restart_finds_out_anew_who_is_left_out()
    {
        Protect("2001:db8::25", "logged in");
        for (var i = 0; i < 10; i++)
        {
            Abuse("2001:db8::bad");
        }

        var kept = _decider.Changes.Bans.Single() with { Spared = [] };
        var next = new BanDecider([new JailOptions()], null);
        next.Restore(new LedgerState { Bans = [kept], Past = [], Failures = [], Days = [.. _decider.Protections.Senders.All], Suppressed = [], Allowed = [], Positions = [] }, s_now);
        next.SpareAgain();
        next.Book.IsBanned(Address("2001:db8::25")).ShouldBeFalse();
        next.Book.IsBanned(Address("2001:db8::26")).ShouldBeTrue();
        next.Book.SparedClients.ShouldBe(1);
    }

    [Fact]
    public void A_firewall_gets_the_networks_around_and_loses_them_with_the_ban()
    {
        var firewall = new FirewallEntries(null);
        Protect("2001:db8::25", "logged in");
        for (var i = 0; i < 10; i++)
        {
            Abuse("2001:db8::bad");
        }

        var (ban, standing) = (_decider.Changes.Bans.Single(), Apply([], firewall.Change(_decider.Changes.Bans[0].Network, _decider.Book)));
        standing.Keys.ShouldBe([.. FirewallEntries.Standing(_decider.Book, null).Select(entry => entry.Network)], ignoreOrder: true);
        standing.Count.ShouldBe(64);
        standing.Values.ShouldAllBe(until => until == ban.Until);
        foreach (var text in (string[])["2001:db8::", "2001:db8::24", "2001:db8::26", "2001:db8::bad", "2001:db8:0:0:ffff::"])
        {
            standing.Keys.Count(network => network.Contains(Address(text))).ShouldBe(1, text);
        }

        standing.Keys.ShouldNotContain(network => network.Contains(Address("2001:db8::25")) || network.Contains(Address("2001:db8:0:1::")));

        // A piece that is banned for itself as well stays for as long as that.
        var own = _decider.BanByOperator(ScriptedFirewall.Network("2001:db8::24"), TimeSpan.FromHours(5), "ordered", s_now);
        standing = Apply(standing, firewall.Change(own.Network, _decider.Book));
        standing[own.Network].ShouldBe(own.Until);
        _decider.Tick(ban.Until);
        standing = Apply(standing, firewall.Change(ban.Network, _decider.Book));
        standing.ShouldBe(new Dictionary<ClientNetwork, DateTimeOffset> { [own.Network] = own.Until });
    }

    [Fact]
    public void The_pieces_that_stood_at_a_start_end_with_their_ban()
    {
        Protect("2001:db8::25", "allowed");
        for (var i = 0; i < 10; i++)
        {
            Abuse("2001:db8::bad");
        }

        var firewall = new FirewallEntries(null);
        firewall.Learn(_decider.Book);
        var standing = FirewallEntries.Standing(_decider.Book, null).ToDictionary(entry => entry.Network, entry => entry.Until);
        var network = _decider.Changes.Bans.Single().Network;
        _decider.Unban(network, s_now).ShouldHaveSingleItem();
        Apply(standing, firewall.Change(network, _decider.Book)).ShouldBeEmpty();
    }

    private static Dictionary<ClientNetwork, DateTimeOffset> Apply(Dictionary<ClientNetwork, DateTimeOffset> standing, IEnumerable<FirewallChange> changes)
    {
        var next = new Dictionary<ClientNetwork, DateTimeOffset>(standing);
        foreach (var change in changes)
        {
            if (change.Until is { } until)
            {
                next[change.Network] = until;
            }
            else
            {
                next.Remove(change.Network);
            }
        }

        return next;
    }

    private void Protect(string address, string why)
    {
        switch (why)
        {
            case "logged in":
                Day(address, 1, loggedIn: true);
                break;
            case "proven":
                foreach (var day in (int[])[20, 22, 24])
                {
                    Day(address, day, delivered: true);
                }

                break;
            case "own":
                _decider.Protections.Networks = new ProtectedNetworks { Own = new HashSet<ClientAddress> { Address(address) } };
                break;
            default:
                _decider.Protections.Networks = new ProtectedNetworks { Allowed = [(ScriptedFirewall.Network(address), address)] };
                break;
        }
    }

    private void Day(string address, int ago, bool delivered = false, bool loggedIn = false) =>
        _decider.Protections.Senders.Note(new SenderDay(Address(address), DateOnly.FromDateTime(s_now.AddDays(-ago).UtcDateTime), delivered, Hostile: false, loggedIn));

    private void Abuse(string address) => _decider.RecordSession(
        new SessionReport { Id = ++_id, Client = Address(address), Mark = new SessionMark(LogTime.From(s_now.AddSeconds(_id)), BehaviourSet.Of(Behaviour.LoneDot), SessionTraits.None) },
        "mail.log", s_now.AddSeconds(_id));

    private static ClientAddress Address(string text) => ScriptedFirewall.Network(text).First;
}
