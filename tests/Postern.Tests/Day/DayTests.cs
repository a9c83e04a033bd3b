namespace Postern.Tests.Day;

/// <summary>A day of ordinary mail bans nobody; the attackers among it are banned, and nobody else.</summary>
public sealed class DayTests
{
    private const int Seed = 20261125;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("3.5")]
    [InlineData("3.7")]
    [InlineData("3.10")]
    public async Task Ordinary_mail_of_2000_senders_bans_nobody(string release)
    {
        var day = new DayLog(Release.Of(release), Seed, Places.World);
        Senders.Cast(day);
        Users.Cast(day);
        day.Parts.Count.ShouldBe(2000);
        var outcome = await DayRun.RunAsync(day, [], Stop);
        outcome.Bans.ShouldBeEmpty(string.Join('\n', outcome.Banned(day, isGenuine: true)));
    }

    [Theory]
    [InlineData("3.5")]
    [InlineData("3.7")]
    [InlineData("3.10")]
    public async Task Of_300_attackers_among_it_295_are_banned_and_nobody_else(string release)
    {
        var day = new DayLog(Release.Of(release), Seed, Places.World);
        Senders.Cast(day);
        Users.Cast(day);
        Attackers.Cast(day);
        var outcome = await DayRun.RunAsync(day, [], Stop);
        var missed = outcome.Missed(day);
        day.Parts.Values.Count(part => !part.IsGenuine).ShouldBe(300);
        missed.Count.ShouldBeLessThanOrEqualTo(5, string.Join('\n', missed));
        outcome.Banned(day, isGenuine: true).ShouldBeEmpty();
        // Sixty telephones with old passwords ask in step: no fault of the login service's.
        outcome.Held("logins").ShouldBeLessThan(TimeSpan.FromMinutes(30));
    }
}
