using Postern.Decisions.Brake;

namespace Postern.Cli.Configuration;

/// <summary>The keys of <c>[brake]</c>.</summary>
internal static class BrakeSection
{
    /// <summary>The keys.</summary>
    public static Section<BrakeOptions> Keys { get; } = new(
    [
        new("enabled", "true or false", static (brake, value) =>
            value.TryFlag(out var flag) ? brake with { Enabled = flag } : brake),
        new("window", "a span from 1m to 1h", static (brake, value) =>
            value.TryDuration(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), out var span) ? brake with { Window = span } : brake),
        new("clients", "a whole number from 2 to 10000", static (brake, value) =>
            value.TryWhole(2, 10_000, out var number) ? brake with { Clients = number } : brake),
        new("share", "a number from 0.1 to 1", static (brake, value) =>
            value.TryNumber(0.1, 1, out var number) ? brake with { Share = number } : brake),
        new("latest_share", "a number from 0.5 to 1", static (brake, value) =>
            value.TryNumber(0.5, 1, out var number) ? brake with { LatestShare = number } : brake),
        new("named_clients", "a whole number from 3 to 10000", static (brake, value) =>
            value.TryWhole(3, 10_000, out var number) ? brake with { NamedClients = number } : brake),
        new("wait", "a span from 0s to 1h", static (brake, value) =>
            value.TryDuration(TimeSpan.Zero, TimeSpan.FromHours(1), out var span) ? brake with { Wait = span } : brake),
        new("release_after", "a span from 1m to 1d", static (brake, value) =>
            value.TryDuration(TimeSpan.FromMinutes(1), TimeSpan.FromDays(1), out var span) ? brake with { ReleaseAfter = span } : brake),
        new("silence", "a span from 1m to 7d", static (brake, value) =>
            value.TryDuration(TimeSpan.FromMinutes(1), TimeSpan.FromDays(7), out var span) ? brake with { Silence = span } : brake),
    ]);
}
