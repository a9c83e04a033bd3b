namespace Postern.Tests.Day;

/// <summary>A day of ordinary mail bans nobody, not even where the server itself fails; the attackers among it are banned, and nobody else.</summary>
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
        var day = new DayLog(Release.Of(release), Seed);
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
        var day = new DayLog(Release.Of(release), Seed);
        Senders.Cast(day);
        Users.Cast(day);
        Attackers.Cast(day);
        var outcome = await DayRun.RunAsync(day, [], Stop);
        var missed = outcome.Missed(day);
        day.Parts.Values.Count(part => !part.IsGenuine).ShouldBe(300);
        missed.Count.ShouldBeLessThanOrEqualTo(5, string.Join('\n', missed));
        outcome.Banned(day, isGenuine: true).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("DNS times out")]
    [InlineData("milter is away")]
    [InlineData("login service is away")]
    [InlineData("DNS list answers with an error")]
    public Task An_outage_that_names_itself_bans_nobody(string outage) => BansNobody(outage);

    [Theory(Explicit = true)]
    [InlineData("DNS says that no name exists")]
    [InlineData("milter refuses all mail")]
    [InlineData("login service refuses right passwords")]
    [InlineData("DNS list lists the world")]
    public Task An_outage_that_blames_the_clients_bans_nobody(string outage) => BansNobody(outage);

    private static async Task BansNobody(string outage)
    {
        var day = new DayLog(Release.Debian12, Seed);
        Senders.Cast(day);
        Users.Cast(day);
        var history = Outages.History(day);
        Outages.Play(outage, day);
        var outcome = await DayRun.RunAsync(day, history, Stop);
        outcome.Bans.Select(ban => ban.Network.ToString()).ShouldBeEmpty(string.Join('\n', outcome.Banned(day, isGenuine: true)));
    }
}
