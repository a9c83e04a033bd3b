using Postern.Engine.Fail2Ban;

namespace Postern.Tests.Engine.Fail2Ban;

/// <summary>A ban that we and a fail2ban beside us make is one.</summary>
public sealed class DuplicateBansTests
{
    private const string Theirs = "2026-11-25 10:00:00,123 fail2ban.actions        [77]: NOTICE  [sshd] Ban 192.0.2.7\n";
    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 10, 0, 0, TimeSpan.Zero);
    private readonly DuplicateBans _duplicates = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whichever_comes_second_is_no_news(bool isOursFirst)
    {
        Tell(isOursFirst, s_now).ShouldBeTrue();
        Tell(!isOursFirst, s_now.AddSeconds(30)).ShouldBeFalse();
        Tell(isOursFirst, s_now.AddSeconds(40)).ShouldBeTrue();
    }

    [Fact]
    public void A_later_ban_is_another_one()
    {
        Tell(true, s_now).ShouldBeTrue();
        Tell(false, s_now.AddMinutes(2)).ShouldBeTrue();
    }

    [Fact]
    public void Two_bans_of_ours_are_two()
    {
        Tell(true, s_now).ShouldBeTrue();
        Tell(true, s_now.AddSeconds(20)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("2026-11-25 10:00:00,123 fail2ban.actions        [77]: NOTICE  [sshd] Unban 192.0.2.7")]
    [InlineData("Ban 192.0.2.7")]
    [InlineData("")]
    public void Other_lines_are_always_news(string line)
    {
        _duplicates.IsNews(line, isOurs: false, s_now).ShouldBeTrue();
        _duplicates.IsNews(line, isOurs: true, s_now).ShouldBeTrue();
    }

    private bool Tell(bool isOurs, DateTimeOffset now) => _duplicates.IsNews(isOurs ? DuplicateBans.Line("sshd", "192.0.2.7", now) : Theirs, isOurs, now);
}
