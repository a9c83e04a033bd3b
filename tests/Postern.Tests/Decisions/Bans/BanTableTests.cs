using Postern.Decisions.Bans;
using Postern.Facts;

namespace Postern.Tests.Decisions.Bans;

public sealed class BanTableTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 10, 0, 0, TimeSpan.Zero);
    private readonly BanTable _book = new();

    [Fact]
    public void A_ban_of_a_network_covers_its_clients_and_no_others()
    {
        _book.Add(Ban("192.0.2.0/24"));
        _book.Add(Ban("2001:db8:1:2::/64"));
        _book.IsBanned(Address("192.0.2.200")).ShouldBeTrue();
        _book.IsBanned(Address("192.0.3.1")).ShouldBeFalse();
        _book.IsBanned(Address("2001:db8:1:2::9")).ShouldBeTrue();
        _book.IsBanned(Address("2001:db8:1:3::9")).ShouldBeFalse();
    }

    [Fact]
    public void The_smallest_network_is_told_first()
    {
        _book.Add(Ban("192.0.2.0/24"));
        _book.Add(Ban("192.0.2.1"));
        _book.Covering(Address("192.0.2.1")).Select(ban => ban.Network.PrefixLength).ShouldBe([(byte)32, (byte)24]);
    }

    [Fact]
    public void A_ban_ends_at_its_time_and_is_remembered()
    {
        _book.Add(Ban("192.0.2.1"));
        _book.Expire(s_now.AddMinutes(59)).ShouldBeEmpty();
        _book.Expire(s_now.AddMinutes(60)).ShouldHaveSingleItem();
        _book.IsBanned(Address("192.0.2.1")).ShouldBeFalse();
        _book.Past(ClientNetwork.Of(Address("192.0.2.1")), "postfix")!.Repetition.ShouldBe(1);
        _book.Forget(s_now.AddDays(1));
        _book.Past(ClientNetwork.Of(Address("192.0.2.1")), "postfix").ShouldBeNull();
    }

    [Fact]
    public void A_longer_ban_in_place_of_one_ends_at_the_later_time_alone()
    {
        _book.Add(Ban("192.0.2.1"));
        _book.Add(Ban("192.0.2.1") with { Until = s_now.AddHours(5) });
        _book.Expire(s_now.AddHours(1)).ShouldBeEmpty();
        _book.Networks(null).ShouldHaveSingleItem().Until.ShouldBe(s_now.AddHours(5));
        _book.Expire(s_now.AddHours(5)).ShouldHaveSingleItem();
    }

    [Fact]
    public void Two_jails_hold_one_network_until_the_last_of_both_ends()
    {
        _book.Add(Ban("192.0.2.1"));
        _book.Add(Ban("192.0.2.1") with { Jail = "sasl", Until = s_now.AddHours(2) });
        _book.Expire(s_now.AddHours(1)).ShouldHaveSingleItem().Jail.ShouldBe("postfix");
        _book.IsBanned(Address("192.0.2.1")).ShouldBeTrue();
        _book.Remove(ClientNetwork.Of(Address("192.0.2.1")), jail: null, isPardon: true).ShouldHaveSingleItem();
        _book.Past(ClientNetwork.Of(Address("192.0.2.1")), "sasl")!.Repetition.ShouldBe(0);
        _book.Count.ShouldBe(0);
    }

    [Fact]
    public void Neighbours_are_the_single_clients_of_a_24()
    {
        _book.Add(Ban("192.0.2.1"));
        _book.Add(Ban("192.0.2.2"));
        _book.Add(Ban("192.0.2.0/24"));
        _book.Add(Ban("192.0.3.2"));
        _book.BannedInSubnet(Address("192.0.2.77")).ShouldBe(2);
        _book.Remove(ClientNetwork.Of(Address("192.0.2.1")), "postfix", isPardon: false);
        _book.BannedInSubnet(Address("192.0.2.77")).ShouldBe(1);
    }

    private static Ban Ban(string network)
    {
        ClientNetwork.TryParse(network, out var parsed).ShouldBeTrue();
        return new Ban { Network = parsed, Client = parsed.First, Jail = "postfix", From = s_now, Until = s_now.AddHours(1), Reason = "10 lone-dot" };
    }

    private static ClientAddress Address(string text)
    {
        ClientAddress.TryParse(text, out var address).ShouldBeTrue();
        return address;
    }
}
