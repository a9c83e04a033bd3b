using Microsoft.Extensions.Time.Testing;
using Postern.Cli.Notifications.Telling;
using Postern.Facts;

namespace Postern.Tests.Notifications;

/// <summary>What happened, for tests; and a clock that goes on until something is so.</summary>
internal static class Happenings
{
    public static readonly DateTimeOffset Now = new(2026, 11, 25, 6, 0, 0, TimeSpan.Zero);

    // A client's words: an end of line, a header field, a sequence for the terminal, a right-to-left override, quotes.
    public const string Hostile = "bob\r\nBcc: victim@example.net\r\n\u001b[2J\u202e\"}\\";

    public static ClientAddress Client(string text) => ClientAddress.TryParse(text, out var client) ? client : throw new FormatException(text);

    public static Happening Ban(string client = "203.0.113.9", DateTimeOffset? at = null, int repetition = 2, string jail = "postfix") => new(HappeningKind.Ban, at ?? Now)
    {
        Client = Client(client),
        Network = ClientNetwork.HostOf(Client(client)) is var host ? ClientNetwork.Of(host, host.IsIPv4 ? 32 : 64) : null,
        HostName = "dsl-9.isp.example",
        Jail = jail,
        Reason = "12 auth-brute-force, 3 blank-line within 10m",
        From = at ?? Now,
        Until = (at ?? Now).AddHours(1),
        Failures = 12,
        Repetition = repetition,
    };

    public static Happening Takeover() => new(HappeningKind.AccountTakeover, Now)
    {
        Client = Client("203.0.113.9"),
        Subject = Hostile,
        Count = 14,
        Networks = 9,
        From = Now.AddHours(-2),
    };

    /// <summary>Lets the clock go on until it is so; fails after a minute.</summary>
    public static async Task UntilAsync(this FakeTimeProvider clock, Func<bool> isSo, TimeSpan step)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!isSo())
        {
            clock.Advance(step);
            await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
        }
    }
}
