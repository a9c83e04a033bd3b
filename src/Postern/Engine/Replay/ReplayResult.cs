using Postern.Facts;

namespace Postern.Engine.Replay;

/// <summary>What speaks for a client that was banned, before or after its ban.</summary>
public enum GenuineSign : byte
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>Mail of it was accepted.</summary>
    Delivered,
    /// <summary>It delivered mail on three days or more.</summary>
    Proven,
    /// <summary>A user logged in from it.</summary>
    LoggedIn,
}

/// <summary>A ban that <c>run</c> would have made.</summary>
/// <param name="Ban">The ban, at the log's own time.</param>
/// <param name="Zone">The log's offset from UTC when it was made.</param>
/// <param name="Genuine">What speaks for those whom it covers.</param>
public sealed record ReplayedBan(Ban Ban, TimeSpan Zone, GenuineSign Genuine)
{
    /// <summary>Since when, in the log's own time.</summary>
    public DateTimeOffset From => Ban.From.ToOffset(Zone);

    /// <summary>Until when, in the log's own time.</summary>
    public DateTimeOffset Until => Ban.Until.ToOffset(Zone);
}

/// <summary>What <c>run</c> would have done with some logs.</summary>
public sealed record ReplayResult
{
    /// <summary>The first time that counted; unknown where there was none.</summary>
    public LogTime From { get; init; }

    /// <summary>The last time.</summary>
    public LogTime To { get; init; }

    /// <summary>Sessions in all.</summary>
    public long Sessions { get; init; }

    /// <summary>The bans in their order.</summary>
    public required IReadOnlyList<ReplayedBan> Bans { get; init; }

    /// <summary>The bans that protection prevented.</summary>
    public required IReadOnlyList<SuppressedBan> Spared { get; init; }

    /// <summary>
    /// Clients that were not banned, whose failures of one day reach <c>maxretry</c> of the built-in jail, and of which nothing shows
    /// a genuine sender. An estimate: it counts what is spread over the day, too.
    /// </summary>
    public int AttackersMissed { get; init; }

    /// <summary>Different clients that bans were made for.</summary>
    public IReadOnlySet<ClientAddress> Banned => Bans.Select(static one => one.Ban.Client).ToHashSet();

    /// <summary>How many of these look genuine.</summary>
    public int BannedGenuine => Bans.Where(static one => one.Genuine != GenuineSign.None).Select(static one => one.Ban.Client).Distinct().Count();
}
