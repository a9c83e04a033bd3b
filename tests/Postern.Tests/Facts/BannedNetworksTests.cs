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

    private static ClientNetwork Network(string text) => ClientNetwork.TryParse(text, out var network) ? network : throw new FormatException(text);

    private static ClientAddress Address(string text) => ClientAddress.TryParse(text, out var address) ? address : throw new FormatException(text);
}
