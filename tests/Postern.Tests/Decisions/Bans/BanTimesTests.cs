using FsCheck.Xunit;
using Postern.Decisions.Bans;
using Postern.Decisions.Jails;
using Postern.Facts;

namespace Postern.Tests.Decisions.Bans;

public sealed class BanTimesTests
{
    private static readonly JailOptions s_jail = new();
    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 7, 0, 0, TimeSpan.Zero);
    private static readonly ClientAddress s_client = ClientAddress.FromIPv4(0xC0000207);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(8, 128)]
    [InlineData(9, 168)]
    [InlineData(int.MaxValue, 168)]
    public void Each_ban_is_twice_as_long_up_to_a_week(int repetition, int hours) =>
        BanTimes.Length(s_jail, repetition).ShouldBe(TimeSpan.FromHours(hours));

    [Fact]
    public void A_factor_of_one_or_none_keeps_them_alike()
    {
        BanTimes.Length(s_jail with { BanTimeFactor = 1 }, 1_000).ShouldBe(TimeSpan.FromHours(1));
        BanTimes.Length(s_jail with { BanTimeFactor = 0 }, 1_000).ShouldBe(TimeSpan.FromHours(1));
        BanTimes.Length(s_jail with { BanTimeFactor = double.NaN }, 1_000).ShouldBe(TimeSpan.FromHours(1));
    }

    [Fact]
    public void A_ban_that_ended_long_ago_is_forgotten()
    {
        BanTimes.Repetition(s_jail, null, s_now).ShouldBe(1);
        BanTimes.Repetition(s_jail, Past(4, s_now.AddDays(-30)), s_now).ShouldBe(5);
        BanTimes.Repetition(s_jail, Past(4, s_now.AddDays(-30).AddTicks(-1)), s_now).ShouldBe(1);
        BanTimes.Repetition(s_jail, Past(int.MaxValue, s_now), s_now).ShouldBe(int.MaxValue);
    }

    [Fact]
    public void A_ban_that_was_lifted_counts_for_nothing() => BanTimes.Repetition(s_jail, Past(0, s_now), s_now).ShouldBe(1);

    [Fact]
    public void A_ban_covers_one_IPv4_address_and_what_an_IPv6_host_owns()
    {
        ClientAddress.TryParse("2001:db8:1:2:3:4:5:6", out var six).ShouldBeTrue();
        BanTimes.Network(s_jail, s_client).ToString().ShouldBe("192.0.2.7/32");
        BanTimes.Network(s_jail, six).ToString().ShouldBe("2001:db8:1:2::/64");
        BanTimes.Network(s_jail with { IPv6Prefix = 48 }, six).ToString().ShouldBe("2001:db8:1::/48");
        ClientAddress.TryParse("::ffff:192.0.2.7", out var mapped).ShouldBeTrue();
        BanTimes.Network(s_jail, mapped).ToString().ShouldBe("192.0.2.7/32");
    }

    [Fact]
    public void The_next_ban_says_all_of_it()
    {
        var ban = BanTimes.Next(s_jail with { Name = "dots" }, ClientNetwork.Of(s_client), s_client, Past(1, s_now.AddHours(-1)), s_now, "10 lone-dot within 10m", 10);
        ban.ShouldBe(new Ban
        {
            Network = ClientNetwork.Of(s_client),
            Client = s_client,
            Jail = "dots",
            From = s_now,
            Until = s_now.AddHours(2),
            Reason = "10 lone-dot within 10m",
            Failures = 10,
            Repetition = 2,
        });
    }

    [Property(MaxTest = 500)]
    public void Lengths_never_shrink_never_pass_the_cap_and_never_wrap(uint seconds, double factor, uint cap, int repetition)
    {
        var jail = s_jail with { BanTime = TimeSpan.FromSeconds(seconds), BanTimeFactor = factor, MaxBanTime = TimeSpan.FromSeconds(cap) };
        var some = Math.Abs((long)repetition) % 10_000;
        var length = BanTimes.Length(jail, (int)some);
        var next = BanTimes.Length(jail, (int)some + 1);
        next.ShouldBeGreaterThanOrEqualTo(length);
        next.ShouldBeLessThanOrEqualTo(jail.MaxBanTime);
        length.ShouldBeGreaterThanOrEqualTo(TimeSpan.Zero);
    }

    [Fact]
    public void An_endless_ban_ends_with_the_calendar()
    {
        BanTimes.Until(s_now, TimeSpan.MaxValue).ShouldBe(DateTimeOffset.MaxValue);
        BanTimes.Length(s_jail with { BanTime = TimeSpan.MaxValue, MaxBanTime = TimeSpan.MaxValue }, 30).ShouldBe(TimeSpan.MaxValue);
    }

    private static Ban Past(int repetition, DateTimeOffset until) => new()
    {
        Network = ClientNetwork.Of(s_client),
        Client = s_client,
        Jail = "postfix",
        From = until.AddHours(-1),
        Until = until,
        Reason = "",
        Repetition = repetition,
    };
}
