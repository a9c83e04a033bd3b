using Postern.Facts;

namespace Postern.Tests.Day;

/// <summary>
/// Faults of the server or of those whom it asks, over two busy hours. What they look like in the log: some name the fault, and
/// some blame the client.
/// </summary>
internal static class Outages
{
    private const double From = 9 * 3600;
    private const double To = 11 * 3600;

    /// <summary>The outage of that name, over the day.</summary>
    public static void Play(string name, DayLog day) => day.Break(From, To, IsLogin(name) ? IsSubmission : IsMail, Of(name));

    /// <summary>What is known of the days before: seven of ten genuine clients delivered or logged in, if any, yesterday or for weeks.</summary>
    public static List<SenderDay> History(DayLog day, string known)
    {
        var days = known switch
        {
            "not at all" => 0,
            "since yesterday" => 1,
            "for weeks" => 5,
            _ => throw new ArgumentException(known, nameof(known)),
        };
        var yesterday = DateOnly.FromDateTime(DayLog.Midnight.UtcDateTime).AddDays(-1);
        var clients = day.Genuine().Where((_, i) => i % 10 < 7).Select(one => (Address: Parse(one.Client.Address), one.Submits));
        return [.. clients.SelectMany(one => Enumerable.Range(0, days).Select(i => new SenderDay(one.Address, yesterday.AddDays(-3 * i), Delivered: true, Hostile: false, LoggedIn: one.Submits)))];
    }

    private static ClientAddress Parse(string text) => ClientAddress.TryParse(text, out var address) ? address : throw new FormatException(text);

    private static bool IsLogin(string name) => name.StartsWith("login", StringComparison.Ordinal);

    private static bool IsSubmission(Session session) => session.Service.StartsWith("submission", StringComparison.Ordinal);

    private static bool IsMail(Session session) => !IsSubmission(session) && session.Lines.Exists(line => line.Text.Contains(": client=", StringComparison.Ordinal));

    private static Action<DayLog, Client, double, string> Of(string name) => name switch
    {
        "DNS times out" => (day, client, at, _) => Refuse(day, client with { Name = "unknown" }, at, day.Pick(
            $"450 4.7.25 Client host rejected: cannot find your hostname, [{client.Address}]",
            $"450 4.1.8 <news@{client.Helo}>: Sender address rejected: Domain not found",
            "451 4.3.0 <alice@example.org>: Temporary lookup failure")),
        "DNS says that no name exists" => (day, client, at, _) => Refuse(day, client with { Name = "unknown" }, at, day.Pick(
            $"550 5.7.25 Client host rejected: cannot find your hostname, [{client.Address}]",
            $"550 5.1.8 <news@{client.Helo}>: Sender address rejected: Domain not found",
            $"550 5.7.1 <{client.Helo}>: Helo command rejected: Host not found")),
        "milter is away" => (day, client, at, _) => day.Open(client, at).Ehlo().RefuseContent($"news@{client.Helo}", "alice@example.org", "4.7.1 Service unavailable - try again later").Quit(),
        "milter refuses all mail" => (day, client, at, _) => day.Open(client, at).Ehlo().RefuseContent($"news@{client.Helo}", "alice@example.org", "5.7.1 Spam message rejected").Quit(),
        "login service is away" => (day, client, at, service) => day.Open(client, at, service).Ehlo().Tls().FailLogin(client.Address, "PLAIN", day.Pick("Connection lost to authentication server", "generic failure")).Lost("AUTH"),
        "login service refuses right passwords" => (day, client, at, service) =>
        {
            var session = day.Open(client, at, service).Ehlo().Tls();
            for (var tries = day.Pick(1, 1, 3); tries > 0; tries--)
            {
                session.FailLogin($"user-{client.Address.Replace('.', '-')}@example.org", "PLAIN");
            }

            session.Lost("AUTH");
        }
        ,
        "DNS list answers with an error" => (day, client, at, _) => Refuse(day, client, at,
            $"554 5.7.1 Service unavailable; Client host [{client.Address}] blocked using zen.spamhaus.org; Error: open resolver; https://check.spamhaus.org/returnc/pub/192.0.2.53/"),
        "DNS list lists the world" => (day, client, at, _) => Refuse(day, client, at, $"554 5.7.1 Service unavailable; Client host [{client.Address}] blocked using relays.list.example"),
        _ => throw new ArgumentException(name, nameof(name)),
    };

    private static void Refuse(DayLog day, Client client, double at, string reply) => day.Open(client, at).Ehlo().Refuse($"news@{client.Helo}", "alice@example.org", reply).Quit();
}
