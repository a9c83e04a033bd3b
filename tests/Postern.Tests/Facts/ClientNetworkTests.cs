using FsCheck.Xunit;
using Postern.Facts;

namespace Postern.Tests.Facts;

public sealed class ClientNetworkTests
{
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
}
