using Postern.Classification.Live;
using Postern.Decisions;
using Postern.Enforcement;
using Postern.Facts;
using Postern.Tests.Enforcement;

namespace Postern.Tests.Watching;

/// <summary>One protected address of a network neither falls with it nor frees the rest of it.</summary>
public sealed class SparedNeighbourTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 10, 0, 0, TimeSpan.Zero);
    private readonly BanDesk _desk = new([new JailOptions()], null);
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
            Knock($"2001:db8::bad:{i:x}");
        var ban = _desk.Changes.Bans.ShouldHaveSingleItem();
        ban.Network.ToString().ShouldBe("2001:db8::/64");
        ban.Spared.ShouldBe([ScriptedWall.Network("2001:db8::25")]);
        _desk.Book.IsBanned(Address("2001:db8::bad:ffff")).ShouldBeTrue();
        _desk.Book.IsBanned(Address("2001:db8::25")).ShouldBeFalse();
        _desk.Book.Covering(Address("2001:db8::25")).ShouldBeEmpty();
    }

    [Fact]
    public void Who_is_left_out_does_not_answer_for_the_others_and_still_answers_for_itself()
    {
        Day("2001:db8::25", 1, delivered: true);
        for (var i = 0; i < 10; i++)
            Knock("2001:db8::bad");
        // One slip, after all that its neighbour did.
        Knock("2001:db8::25");
        _desk.Changes.Bans.Count.ShouldBe(1);
        for (var i = 0; i < 9; i++)
            Knock("2001:db8::25");
        _desk.Changes.Bans.Select(one => one.Network.ToString()).ShouldBe(["2001:db8::/64", "2001:db8::25/128"]);
        _desk.Book.IsBanned(Address("2001:db8::25")).ShouldBeTrue();
    }

    [Fact]
    public void Where_very_many_are_protected_only_the_knocker_is_banned()
    {
        for (var i = 1; i <= 33; i++)
            Day($"2001:db8::{i:x}", 1, delivered: true);
        for (var i = 0; i < 10; i++)
            Knock("2001:db8::bad");
        _desk.Changes.Bans.ShouldHaveSingleItem().Network.ToString().ShouldBe("2001:db8::bad/128");
    }

    [Fact]
    public void A_restart_finds_out_anew_who_is_left_out()
    {
        Protect("2001:db8::25", "logged in");
        for (var i = 0; i < 10; i++)
            Knock("2001:db8::bad");
        var kept = _desk.Changes.Bans.Single() with { Spared = [] };
        var next = new BanDesk([new JailOptions()], null);
        next.Restore(new LedgerState { Bans = [kept], Past = [], Failures = [], Days = [.. _desk.Protections.Senders.All], Suppressed = [], Allowed = [], Positions = [] }, s_now);
        next.SpareAgain();
        next.Book.IsBanned(Address("2001:db8::25")).ShouldBeFalse();
        next.Book.IsBanned(Address("2001:db8::26")).ShouldBeTrue();
        next.Book.SparedClients.ShouldBe(1);
    }

    [Fact]
    public void A_firewall_gets_the_networks_around_and_loses_them_with_the_ban()
    {
        var wall = new WallPieces(null);
        Protect("2001:db8::25", "logged in");
        for (var i = 0; i < 10; i++)
            Knock("2001:db8::bad");
        var (ban, standing) = (_desk.Changes.Bans.Single(), Apply([], wall.Change(_desk.Changes.Bans[0].Network, _desk.Book)));
        standing.Keys.ShouldBe([.. WallPieces.Standing(_desk.Book, null).Select(entry => entry.Network)], ignoreOrder: true);
        standing.Count.ShouldBe(64);
        standing.Values.ShouldAllBe(until => until == ban.Until);
        foreach (var text in (string[])["2001:db8::", "2001:db8::24", "2001:db8::26", "2001:db8::bad", "2001:db8:0:0:ffff::"])
            standing.Keys.Count(network => network.Contains(Address(text))).ShouldBe(1, text);
        standing.Keys.ShouldNotContain(network => network.Contains(Address("2001:db8::25")) || network.Contains(Address("2001:db8:0:1::")));

        // A piece that is banned for itself as well stays for as long as that.
        var own = _desk.BanByOperator(ScriptedWall.Network("2001:db8::24"), TimeSpan.FromHours(5), "ordered", s_now);
        standing = Apply(standing, wall.Change(own.Network, _desk.Book));
        standing[own.Network].ShouldBe(own.Until);
        _desk.Tick(ban.Until);
        standing = Apply(standing, wall.Change(ban.Network, _desk.Book));
        standing.ShouldBe(new Dictionary<ClientNetwork, DateTimeOffset> { [own.Network] = own.Until });
    }

    [Fact]
    public void The_pieces_that_stood_at_a_start_end_with_their_ban()
    {
        Protect("2001:db8::25", "allowed");
        for (var i = 0; i < 10; i++)
            Knock("2001:db8::bad");
        var wall = new WallPieces(null);
        wall.Learn(_desk.Book);
        var standing = WallPieces.Standing(_desk.Book, null).ToDictionary(entry => entry.Network, entry => entry.Until);
        var network = _desk.Changes.Bans.Single().Network;
        _desk.Unban(network, s_now).ShouldHaveSingleItem();
        Apply(standing, wall.Change(network, _desk.Book)).ShouldBeEmpty();
    }

    private static Dictionary<ClientNetwork, DateTimeOffset> Apply(Dictionary<ClientNetwork, DateTimeOffset> standing, IEnumerable<WallChange> changes)
    {
        var next = new Dictionary<ClientNetwork, DateTimeOffset>(standing);
        foreach (var change in changes)
        {
            if (change.Until is { } until)
                next[change.Network] = until;
            else
                next.Remove(change.Network);
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
                    Day(address, day, delivered: true);
                break;
            case "own":
                _desk.Protections.Networks = new ProtectedNetworks { Own = new HashSet<ClientAddress> { Address(address) } };
                break;
            default:
                _desk.Protections.Networks = new ProtectedNetworks { Allowed = [(ScriptedWall.Network(address), address)] };
                break;
        }
    }

    private void Day(string address, int ago, bool delivered = false, bool loggedIn = false) =>
        _desk.Protections.Senders.Note(new SenderDay(Address(address), DateOnly.FromDateTime(s_now.AddDays(-ago).UtcDateTime), delivered, Knocked: false, loggedIn));

    private void Knock(string address) => _desk.Take(
        new SessionReport { Id = ++_id, Client = Address(address), Mark = new SessionMark(LogTime.From(s_now.AddSeconds(_id)), BehaviourSet.Of(Behaviour.LoneDot), SessionTraits.None) },
        "mail.log", s_now.AddSeconds(_id));

    private static ClientAddress Address(string text) => ScriptedWall.Network(text).First;
}
