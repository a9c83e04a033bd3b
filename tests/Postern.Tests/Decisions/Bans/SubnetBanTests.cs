using Postern.Decisions.Bans;
using Postern.Decisions.Jails;
using Postern.Facts;

namespace Postern.Tests.Decisions.Bans;

public sealed class SubnetBanTests
{
    private static readonly JailOptions s_jail = new();
    private static readonly ClientAddress s_client = ClientAddress.FromIPv4(0xC0000207);

    [Theory]
    [InlineData(8, 7, null)]
    [InlineData(8, 8, "192.0.2.0/24")]
    [InlineData(8, 200, "192.0.2.0/24")]
    [InlineData(0, 200, null)]
    [InlineData(1, 1, "192.0.2.0/24")]
    public void So_many_neighbours_are_a_ban_of_all(int neighbours, int banned, string? expected) =>
        SubnetBan.ToBan(s_jail with { SubnetThreshold = neighbours }, s_client, banned, static _ => false)?.ToString().ShouldBe(expected);

    [Fact]
    public void Never_where_somebody_lives_who_may_not_be_banned() =>
        SubnetBan.ToBan(s_jail, s_client, 100, network => network.Contains(ClientAddress.FromIPv4(0xC00002FE))).ShouldBeNull();

    [Fact]
    public void Never_of_IPv6_and_never_of_nobody()
    {
        ClientAddress.TryParse("2001:db8::1", out var six).ShouldBeTrue();
        SubnetBan.ToBan(s_jail, six, 100, static _ => false).ShouldBeNull();
        SubnetBan.ToBan(s_jail, ClientAddress.Unknown, 100, static _ => false).ShouldBeNull();
    }
}
