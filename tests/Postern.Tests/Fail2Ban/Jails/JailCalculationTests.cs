using Postern.Fail2Ban.Jails;

namespace Postern.Tests.Fail2Ban.Jails;

/// <summary>Times, formulas and windows of jails give what fail2ban's give.</summary>
public sealed class JailCalculationTests
{
    [Theory]
    [InlineData("600", 600)]
    [InlineData("10m", 600)]
    [InlineData("1d12h", 129600)]
    [InlineData("1h 30min", 5400)]
    [InlineData("0d 1h 30m", 5400)]
    [InlineData("1hour+30min", 5400)]
    [InlineData("1year-6mo", 15778800)]
    [InlineData("6 months", 15778800)]
    [InlineData("2w", 1209600)]
    [InlineData("-1", -1)]
    [InlineData("2*3600", 7200)]
    public void A_time_is_read(string text, double seconds) => Fail2BanSeconds.Parse(text).Seconds.ShouldBe(seconds);

    [Theory]
    [InlineData("soon")]
    [InlineData("10 parsecs")]
    [InlineData("")]
    [InlineData("1h(")]
    [InlineData("__import__('os').system('x')")]
    public void What_is_no_time_is_refused(string text)
    {
        var (seconds, reason) = Fail2BanSeconds.Parse(text);
        seconds.ShouldBeNull();
        reason.ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData(BanTimeRule.DefaultFormula, 600, 1, 1200)]
    [InlineData(BanTimeRule.DefaultFormula, 600, 3, 4800)]
    [InlineData(BanTimeRule.DefaultFormula, 600, 25, 600.0 * 1048576)]
    [InlineData("ban.Time * math.exp(float(ban.Count+1)*banFactor)/math.exp(1*banFactor)", 100, 1, 271.828)]
    [InlineData("min(ban.Time * ban.Count ** 2, 86400)", 600, 3, 5400)]
    [InlineData("ban.Time if ban.Count < 2 else ban.Time * 10 // 3 % 7", 100, 2, 4)]
    public void A_formula_is_calculated(string formula, double seconds, int before, double expected) =>
        BanTimeRule.Calculate(formula, seconds, before, 1).Value!.Value.ShouldBe(expected, 0.01);

    [Theory]
    [InlineData("ban.Time * evil")]
    [InlineData("open('x')")]
    [InlineData("1 +")]
    [InlineData("1/0")]
    [InlineData("((((((((((((((((((((((((((((((((((((((((((((((((((((((((1")]
    public void Anything_else_is_no_formula(string formula) => BanTimeRule.Calculate(formula, 1, 1, 1).Reason.ShouldNotBeNullOrEmpty();

    [Fact]
    public void Later_bans_last_longer_up_to_the_limit_and_by_the_multipliers()
    {
        var rule = new BanTimeRule { Seconds = 600, Increments = true, Longest = 3600, Random = 100 };
        rule.Length(0, 0.5).ShouldBe(TimeSpan.FromSeconds(600));
        rule.Length(1, 0.5).ShouldBe(TimeSpan.FromSeconds(1250));
        rule.Length(9, 0).ShouldBe(TimeSpan.FromSeconds(3600));
        (rule with { Multipliers = [1, 5, 30], Longest = null, Random = 0 }).Length(7, 0).ShouldBe(TimeSpan.FromSeconds(18000));
        (rule with { Increments = false }).Length(5, 0).ShouldBe(TimeSpan.FromSeconds(600));
        (rule with { Seconds = -1 }).Length(5, 0).ShouldBeNull();
        ((int[])[rule.Retries(0, 5), rule.Retries(1, 5), rule.Retries(2, 5), rule.Retries(3, 5), rule.Retries(9, 5)]).ShouldBe([1, 2, 3, 5, 5]);
    }

    [Fact]
    public void So_many_failures_within_findtime_are_a_ban_and_then_forgotten()
    {
        var window = new FailureWindow(600, 3);
        window.Add("a", 1000, 1).ShouldBeNull();
        window.Add("b", 1000, 1).ShouldBeNull();
        window.Add("a", 1100, 1).ShouldBeNull();
        window.Add("a", 1200, 1).ShouldBe((3, 1200));
        window.Add("a", 1201, 1).ShouldBeNull();
        window.Count.ShouldBe(2);
        window.Add("b", 1202, 2).ShouldBe((2, 1202));
    }

    [Fact]
    public void Failures_that_go_on_for_longer_are_estimated_by_their_rate()
    {
        var window = new FailureWindow(600, 4);
        window.Add("a", 0, 1).ShouldBeNull();
        window.Add("a", 300, 1).ShouldBeNull();
        window.Add("a", 590, 1).ShouldBeNull();
        // 3 failures in 900 s are 2 in 600 s; with this one 3.
        window.Add("a", 900, 1).ShouldBeNull();
        window.Add("a", 901, 1).ShouldBe((5, 901));
        // What is over is forgotten.
        window.Add("a", 2000, 1).ShouldBeNull();
        window.Add("b", 9000, 1).ShouldBeNull();
        window.Count.ShouldBe(1);
    }
}
