using Postern.Decisions.Persistence;

namespace Postern.Cli.Configuration;

/// <summary>The keys of <c>[persistence]</c>.</summary>
internal static class PersistenceSection
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    /// <summary>The keys.</summary>
    public static Section<PersistenceOptions> Keys { get; } = new(
    [
        new("enabled", "true or false", static (options, value) =>
            value.TryFlag(out var enabled) ? options with { Enabled = enabled } : options),
        new("findtime", "a span such as \"7d\", from 1d to 7d", static (options, value) =>
            value.TryDuration(s_day, 7 * s_day, out var span) ? options with { FindTime = span } : options),
        new("maxretry", "a whole number from 10 to 1000", static (options, value) =>
            value.TryWhole(10, 1000, out var number) ? options with { MaxRetry = number } : options),
    ]);
}
