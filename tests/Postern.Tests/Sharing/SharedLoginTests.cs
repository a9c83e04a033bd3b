using Postern.Classification.Accounts;
using Postern.Cli.Sharing.Records;
using Postern.Decisions.Jails;
using Postern.Engine.Bans;
using Postern.Facts;

namespace Postern.Tests.Sharing;

/// <summary>A stolen password is used at several hosts, of which none sees enough; the hosts compare hashes.</summary>
public sealed class SharedLoginTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private readonly AccountLogins _one = Logins();
    private readonly AccountLogins _other = Logins();

    [Fact]
    public void Logins_from_unrelated_networks_at_two_hosts_are_a_takeover_at_both_each_with_the_clients_that_it_has_seen()
    {
        AccountTakeover? found = null, foundElsewhere = null;
        _one.NewPlace = login => foundElsewhere = _other.NoteForeign(login) ?? foundElsewhere;
        _other.NewPlace = login => found = _one.NoteForeign(login) ?? found;
        for (var i = 0; i < 4; i++)
        {
            (found, foundElsewhere).ShouldBe((null, null));
            _one.Note("Alice", Client(i), At(i)).ShouldBeFalse();
            _other.Note("alice", Client(10 + i), At(i)).ShouldBe(i == 3);
        }

        found.ShouldNotBeNull().Clients.ShouldBe([.. Enumerable.Range(0, 4).Select(Client)]);
        found.User.ShouldBe("Alice");
        _other.Takeovers.Single().Clients.ShouldBe([.. Enumerable.Range(10, 4).Select(Client)]);
    }

    [Fact]
    public void The_same_places_at_both_hosts_are_counted_once()
    {
        _one.NewPlace = login => _other.NoteForeign(login).ShouldBeNull();
        for (var i = 0; i < 7; i++)
        {
            _one.Note("alice", Client(i), At(i)).ShouldBeFalse();
            _other.Note("alice", Client(i), At(i + 1)).ShouldBeFalse();
            // Another client of the provider's, as a phone has.
            _other.Note("alice", ClientAddress.FromIPv4((uint)Client(i).Low + 300), At(i + 2)).ShouldBeFalse();
        }

        _other.Takeovers.ShouldBeEmpty();
    }

    [Fact]
    public void Hashes_say_which_clients_are_near_one_another_and_nothing_else()
    {
        var (hashes, others) = (Hashes("a key of the site"), Hashes("a key of another"));
        hashes.UserOf("Alice").ShouldBe(hashes.UserOf("alice"));
        hashes.UserOf("alice").ShouldNotBe(others.UserOf("alice"));
        foreach (var (one, other, near) in ((string, string, int)[])[("192.0.2.1", "192.0.2.9", 48), ("192.0.2.1", "192.0.3.1", 32), ("192.0.2.1", "198.51.100.1", 8), ("2001:db8:1:2::1", "2001:db8:1:2::9", 128), ("2001:db8:1::1", "2001:db8:1:9::1", 48)])
        {
            var (here, there) = (hashes.PlaceOf(Address(one)), hashes.PlaceOf(Address(other)));
            Enumerable.Range(0, 129).Last(bits => ClientNetwork.Of(here, bits) == ClientNetwork.Of(there, bits)).ShouldBeInRange(near, near == 128 ? 128 : near + 15);
            here.ShouldNotBe(others.PlaceOf(Address(one)));
        }
    }

    [Fact]
    public void A_client_that_another_host_caught_with_a_stolen_password_is_no_user_here()
    {
        var decider = new BanDecider([new JailOptions()], null);
        decider.NoteForeign(Client(1), 7, new SessionMark(LogTime.From(s_now.AddDays(-3)), BehaviourSet.Of(Behaviour.AccountTakeover), SessionTraits.LoggedIn), 0, s_now);
        decider.Protections.Stolen.ShouldContainKey(Client(1));
    }

    private static AccountLogins Logins() => new() { Hashes = Hashes("a key of the site") };

    private static LoginHashes Hashes(string key) => new(System.Text.Encoding.UTF8.GetBytes(key));

    private static ClientAddress Client(int n) => ClientAddress.FromIPv4(0x0B000001u + ((uint)n << 16));

    private static LogTime At(int minutes) => LogTime.From(s_now.AddMinutes(minutes));

    private static ClientAddress Address(string text) => ClientNetwork.TryParse(text, out var network) ? network.First : default;
}
