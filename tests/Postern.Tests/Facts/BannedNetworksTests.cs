using Postern.Facts;

namespace Postern.Tests.Facts;

public sealed class BannedNetworksTests
{
    [Fact]
    public void Whom_a_ban_leaves_out_is_not_in_it_until_that_changes()
    {
        var banned = BannedNetworks.None.With([(Network("2001:db8::/64"), true, [Network("2001:db8::25")])]);
        banned.Contains(Network("2001:db8::26").First).ShouldBeTrue();
        banned.Contains(Network("2001:db8::25").First).ShouldBeFalse();
        banned.With([(Network("2001:db8::25"), true, [])]).Contains(Network("2001:db8::25").First).ShouldBeTrue();
        banned.With([(Network("2001:db8::/64"), true, [])]).Contains(Network("2001:db8::25").First).ShouldBeTrue();
        var none = banned.With([(Network("2001:db8::/64"), false, [])]);
        none.Contains(Network("2001:db8::26").First).ShouldBeFalse();
        none.With([(Network("2001:db8::/64"), true, [])]).Contains(Network("2001:db8::25").First).ShouldBeTrue();
    }

    [Fact]
    public void A_moment_stays_what_it_was_and_the_next_one_knows_the_changes()
    {
        var first = BannedNetworks.None.With([(Network("192.0.2.0/24"), true, []), (Network("198.51.100.7"), true, []), (Network("2001:db8::/64"), true, [])]);
        var second = first.With([(Network("192.0.2.0/24"), false, []), (Network("203.0.113.1"), true, []), (Network("203.0.113.1"), true, []), (Network("10.0.0.1"), false, [])]);
        (first.Count, second.Count).ShouldBe((3, 3));
        first.Contains(Address("192.0.2.99")).ShouldBeTrue();
        second.Contains(Address("192.0.2.99")).ShouldBeFalse();
        second.Contains(Address("198.51.100.7")).ShouldBeTrue();
        second.Contains(Address("198.51.100.8")).ShouldBeFalse();
        second.Contains(Address("203.0.113.1")).ShouldBeTrue();
        second.Contains(Address("2001:db8::ffff")).ShouldBeTrue();
        second.Contains(Address("2001:db8:0:1::1")).ShouldBeFalse();
        second.With([(Network("203.0.113.1"), true, [])]).ShouldBeSameAs(second);
    }

    [Fact]
    public void Very_many_changes_in_any_steps_lose_none()
    {
        var (random, expected, banned) = (new Random(5), new HashSet<ClientNetwork>(), BannedNetworks.None);
        foreach (var size in (int[])[5000, 1, 700, 900, 3000, 1, 1, 2000])
        {
            var before = (banned, banned.Count);
            var changes = Enumerable.Range(0, size).Select(_ => (ClientNetwork.Of(ClientAddress.FromIPv4(0xC633_0000u + (uint)random.Next(6000))), random.Next(3) > 0)).ToList();
            banned = banned.With(changes.Select(static change => (change.Item1, change.Item2, (IReadOnlyList<ClientNetwork>)[])));
            foreach (var (network, isBanned) in changes)
            {
                _ = isBanned ? expected.Add(network) : expected.Remove(network);
            }

            before.banned.Count.ShouldBe(before.Count);
            banned.Count.ShouldBe(expected.Count);
            for (var i = 0u; i < 6000; i++)
            {
                var client = ClientAddress.FromIPv4(0xC633_0000u + i);
                banned.Contains(client).ShouldBe(expected.Contains(ClientNetwork.Of(client)));
            }
        }
    }

    private static ClientNetwork Network(string text) => ClientNetwork.TryParse(text, out var network) ? network : throw new FormatException(text);

    private static ClientAddress Address(string text) => ClientAddress.TryParse(text, out var address) ? address : throw new FormatException(text);
}
