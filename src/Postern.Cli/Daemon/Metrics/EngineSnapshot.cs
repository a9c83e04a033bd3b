using Postern.Engine;
using Postern.Engine.Bans;
using Postern.Engine.Intake;
using Postern.Facts;

namespace Postern.Cli.Daemon.Metrics;

/// <summary>A log as the engine knows it.</summary>
/// <param name="Source">Its name.</param>
/// <param name="Lines">Lines read.</param>
/// <param name="Unparsed">Those that could not be read.</param>
/// <param name="Unknown">Those of an unknown form.</param>
/// <param name="Lag">How old the last line was when it was read; null where there was none.</param>
/// <param name="ReadAt">When lines were last read; null where none were.</param>
internal sealed record SourceFigures(string Source, long Lines, long Unparsed, long Unknown, TimeSpan? Lag, DateTimeOffset? ReadAt);

/// <summary>The numbers that the engine keeps anyway, copied on its own loop.</summary>
internal sealed record EngineSnapshot
{
    /// <summary>One in which nothing has happened.</summary>
    public static EngineSnapshot Empty { get; } = new();

    /// <summary>The logs.</summary>
    public IReadOnlyList<SourceFigures> Sources { get; init; } = [];

    /// <summary>Sessions that have ended.</summary>
    public long Sessions { get; init; }

    /// <summary>Those that showed a behaviour.</summary>
    public IReadOnlyList<(string Behaviour, long Sessions)> Behaviours { get; init; } = [];

    /// <summary>Clients that are remembered.</summary>
    public long Clients { get; init; }

    /// <summary>Active bans by jail.</summary>
    public IReadOnlyList<(string Jail, int Bans)> Bans { get; init; } = [];

    /// <summary>For how many reasons the brake holds, and how many bans it holds.</summary>
    public (int Reasons, int Held) Brake { get; init; }

    /// <summary>Copies them.</summary>
    public static Task<EngineSnapshot> TakeAsync(BanEngine engine, CancellationToken cancellationToken) => engine.AskAsync(
        (decider, intake, _) => new EngineSnapshot
        {
            Sources = [.. SourcesOf(engine, intake)],
            Sessions = engine.SessionsEnded.Sessions,
            Behaviours = [.. Enum.GetValues<Behaviour>().Select(behaviour => (behaviour.Id(), engine.SessionsEnded.Of(behaviour)))],
            Clients = decider.Clients,
            Bans = [.. BansOf(engine, decider)],
            Brake = (decider.Brake.Holds.Count, decider.Brake.Held),
        },
        cancellationToken);

    private static IEnumerable<SourceFigures> SourcesOf(BanEngine engine, LogIntake intake)
    {
        var unread = intake.Unread.ToDictionary(static one => one.Source, static one => (one.Unparsed, one.Unknown), StringComparer.Ordinal);
        var own = intake.Progress.Select(one => new SourceFigures(
            one.Source, one.Lines, unread[one.Source].Unparsed, unread[one.Source].Unknown,
            one.Last.IsKnown ? TimeSpan.FromTicks(Math.Max(0, one.ReadAt - one.Last.UtcTicks)) : null,
            one.ReadAt > 0 ? new DateTimeOffset(one.ReadAt, TimeSpan.Zero) : null)).ToList();
        // A log that jails of fail2ban's read besides is the same log.
        return own.Concat(engine.Jails.Progress.DistinctBy(static one => one.Source, StringComparer.Ordinal)
            .Where(one => !own.Exists(known => string.Equals(known.Source, one.Source, StringComparison.Ordinal)))
            .Select(static one => new SourceFigures(one.Source, one.Lines, 0, 0, null, null)));
    }

    // A jail without a ban is there all the same, so that its first ban is seen to be one.
    private static IEnumerable<(string Jail, int Bans)> BansOf(BanEngine engine, BanDecider decider)
    {
        var counts = decider.Jails.Select(static jail => jail.Name).Concat(engine.Jails.Counts.Select(static count => count.Jail)).ToDictionary(static jail => jail, static _ => 0, StringComparer.Ordinal);
        foreach (var ban in decider.Book.Standing)
        {
            counts[ban.Jail] = counts.GetValueOrDefault(ban.Jail) + 1;
        }

        return counts.Select(static pair => (pair.Key, pair.Value));
    }
}
