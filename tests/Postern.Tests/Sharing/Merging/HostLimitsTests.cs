using Postern.Cli.Sharing.Merging;
using Postern.Cli.Sharing.Records;
using Postern.Facts;

namespace Postern.Tests.Sharing.Merging;

public sealed class HostLimitsTests
{
    [Theory]
    [InlineData("192.0.2.0/24", "postfix", true)]
    [InlineData("192.0.2.0/23", "postfix", false)]
    [InlineData("10.0.0.0/8", "operator", true)]
    [InlineData("10.0.0.0/7", "operator", false)]
    [InlineData("2001:db8::/48", "postfix", true)]
    [InlineData("2001:db8::/47", "postfix", false)]
    [InlineData("2001:db8::/32", "operator", true)]
    public void No_jail_bans_more_than_its_network(string network, string jail, bool isAllowed)
    {
        HostLimits.Allows(Network(network), jail).ShouldBe(isAllowed);
        (new HostLimits().Refuse(Ban("mx1", Network(network)) with { Jail = jail }, 1000) is null).ShouldBe(isAllowed);
    }

    [Fact]
    public void A_host_that_tells_of_bans_without_end_is_refused_and_another_is_not()
    {
        var limits = new HostLimits();
        var ban = Ban("mx1", Network("192.0.2.1"));
        for (var i = 0; i < HostLimits.AtOnce; i++)
        {
            limits.Refuse(ban, 1000).ShouldBeNull();
        }

        limits.Refuse(ban, 1000).ShouldNotBeNull();
        limits.Refuse(ban with { Host = "mx2" }, 1000).ShouldBeNull();
        limits.Refuse(ban, 2000).ShouldBeNull();
    }

    [Fact]
    public void A_change_of_the_future_is_refused() =>
        new HostLimits().Refuse(Ban("mx1", Network("192.0.2.1")) with { At = 1001 + HostLimits.Ahead }, 1000).ShouldNotBeNull();

    [Fact]
    public void A_ban_without_end_is_refused() =>
        new HostLimits().Refuse(Ban("mx1", Network("192.0.2.1")) with { End = long.MaxValue }, 1000).ShouldNotBeNull();

    private static SharedBan Ban(string host, ClientNetwork network) => new(host, 500, 5000, network, "postfix", network.First);

    private static ClientNetwork Network(string text) => ClientNetwork.TryParse(text, out var network) ? network : throw new FormatException(text);
}
