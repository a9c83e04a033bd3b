using FsCheck.Xunit;
using Postern.Facts;

namespace Postern.Tests.Facts;

public sealed class ClientNetworkTests
{
    [Theory]
    [InlineData("192.0.2.0/24", new[] { "192.0.2.7" }, 8)]
    [InlineData("192.0.2.0/24", new[] { "192.0.2.0/25" }, 1)]
    [InlineData("192.0.2.0/24", new[] { "192.0.2.6", "192.0.2.7" }, 7)]
    [InlineData("192.0.2.0/24", new[] { "192.0.2.0/24" }, 0)]
    [InlineData("192.0.2.0/24", new[] { "192.0.0.0/16" }, 0)]
    [InlineData("192.0.2.0/24", new[] { "198.51.100.1" }, 1)]
    [InlineData("192.0.2.0/24", new string[0], 1)]
    [InlineData("2001:db8::/64", new[] { "2001:db8::25" }, 64)]
    [InlineData("2001:db8::/64", new[] { "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff" }, 126)]
    public void A_network_without_others_is_the_networks_around_them(string text, string[] holes, int count)
    {
        var network = Net(text);
        var pieces = network.Without([.. holes.Select(Net)]);
        pieces.Count.ShouldBe(count);
        pieces.ShouldAllBe(piece => network.Contains(piece) && !holes.Any(hole => Net(hole).Contains(piece) || piece.Contains(Net(hole))));
        // None overlaps another, and together they are all that is left.
        var left = pieces.Sum(piece => Math.Pow(2, (piece.IsIPv4 ? 32 : 128) - piece.PrefixLength));
        var within = holes.Select(Net).Where(network.Contains).Sum(hole => Math.Pow(2, (hole.IsIPv4 ? 32 : 128) - hole.PrefixLength));
        if (count > 0 && network.IsIPv4)
        {
            (left + within).ShouldBe(Math.Pow(2, 32 - network.PrefixLength));
        }

        pieces.SelectMany(one => pieces.Where(other => other != one && other.Contains(one))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("192.0.2.77/24", "192.0.2.0/24", "192.0.2.255")]
    [InlineData("192.0.2.77", "192.0.2.77/32", "192.0.2.77")]
    [InlineData("10.1.2.3/8", "10.0.0.0/8", "10.255.255.255")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0", "255.255.255.255")]
    [InlineData("2001:db8:1:2:3::4/64", "2001:db8:1:2::/64", "2001:db8:1:2:ffff:ffff:ffff:ffff")]
    [InlineData("2001:db8::1", "2001:db8::1/128", "2001:db8::1")]
    [InlineData("2001:db8::f0/125", "2001:db8::f0/125", "2001:db8::f7")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1/32", "192.0.2.1")]
    public void A_network_is_read_and_written_in_cidr_form(string text, string written, string last)
    {
        ClientNetwork.TryParse(text, out var network).ShouldBeTrue();
        network.ToString().ShouldBe(written);
        network.Last.ToString().ShouldBe(last);
    }

    [Theory]
    [InlineData("")]
    [InlineData("192.0.2.1/33")]
    [InlineData("192.0.2.1/-1")]
    [InlineData("192.0.2.1/ 8")]
    [InlineData("192.0.2/24")]
    [InlineData("2001:db8::/129")]
    [InlineData("mx.example.org")]
    public void Anything_else_is_no_network(string text) => ClientNetwork.TryParse(text, out _).ShouldBeFalse();

    [Property]
    public bool A_network_holds_its_first_and_last_and_nothing_beside(ulong high, ulong low, byte length)
    {
        var network = ClientNetwork.Of(new ClientAddress(high | 1, low), length % 129);
        var isAll = network.PrefixLength == 0;
        var beyond = network.Last.Low == ulong.MaxValue
            ? new ClientAddress(unchecked(network.Last.High + 1), 0)
            : network.Last with { Low = network.Last.Low + 1 };
        return network.Contains(network.First) && network.Contains(network.Last) && (isAll || beyond.High == 0 || !network.Contains(beyond));
    }

    private static ClientNetwork Net(string text) => ClientNetwork.TryParse(text, out var network) ? network : throw new ArgumentException(text, nameof(text));
}
