namespace Postern.Tests.Day;

/// <summary>Where the server itself fails on an ordinary day, nobody is banned. From six to one: the outage is from nine to eleven.</summary>
public sealed class OutageTests
{
    private const int Seed = 20261125;
    private const double From = 6 * 3600;
    private const double To = 13 * 3600;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("DNS times out")]
    [InlineData("milter is away")]
    [InlineData("login service is away")]
    [InlineData("DNS list answers with an error")]
    public Task An_outage_that_names_itself_bans_nobody(string outage) => BansNobody(outage, Release.Debian12, "since yesterday", Places.World);

    [Theory]
    [InlineData("DNS says that no name exists")]
    [InlineData("milter refuses all mail")]
    [InlineData("login service refuses right passwords")]
    [InlineData("DNS list lists the world")]
    public Task An_outage_that_blames_the_clients_bans_nobody(string outage) => BansNobody(outage, Release.Debian12, "since yesterday", Places.World);

    [Theory]
    [InlineData("DNS says that no name exists", "3.10", "for weeks", "the world")]
    [InlineData("milter refuses all mail", "3.5", "for weeks", "one network")]
    [InlineData("login service refuses right passwords", "3.5", "not at all", "one block")]
    [InlineData("login service refuses right passwords", "3.10", "for weeks", "the world")]
    [InlineData("DNS list lists the world", "3.10", "not at all", "one block")]
    public Task Nor_does_it_wherever_the_clients_live_and_however_long_they_are_known(string outage, string release, string known, string places) =>
        BansNobody(outage, Release.Of(release), known, Places.Of(places));

    private static async Task BansNobody(string outage, Release release, string known, Places places)
    {
        var day = new DayLog(release, Seed, places);
        Senders.Cast(day);
        Users.Cast(day);
        var history = Outages.History(day, known);
        Outages.Play(outage, day);
        var outcome = await DayRun.RunAsync(day, history, Stop, From, To);
        outcome.Bans.Select(ban => ban.Network.ToString()).ShouldBeEmpty(string.Join('\n', outcome.Banned(day, isGenuine: true)));
    }
}
