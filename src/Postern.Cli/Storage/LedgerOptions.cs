namespace Postern.Cli.Storage;

/// <summary>How long and how much a ledger keeps.</summary>
internal sealed record LedgerOptions
{
    /// <summary>Failures are kept so long; default 7 days.</summary>
    public TimeSpan Failures { get; init; } = TimeSpan.FromDays(7);

    /// <summary>No more failures than these are kept, the latest ones; default 2,000,000.</summary>
    public long MostFailures { get; init; } = 2_000_000;

    /// <summary>Where the ledger is larger, failures go until it is not, the oldest first; default 1 GiB, in bytes.</summary>
    public long MostBytes { get; init; } = 1L << 30;

    /// <summary>Bans are kept so long after their end; default 90 days.</summary>
    public TimeSpan Bans { get; init; } = TimeSpan.FromDays(90);

    /// <summary>No more bans that are over than these are kept; default 1,000,000.</summary>
    public long MostBans { get; init; } = 1_000_000;

    /// <summary>Days on which clients delivered, were hostile or logged in are kept so long; default 40 days.</summary>
    public TimeSpan Days { get; init; } = TimeSpan.FromDays(40);

    /// <summary>Domains that nobody wrote to for so long are forgotten; default 90 days.</summary>
    public TimeSpan Correspondents { get; init; } = TimeSpan.FromDays(90);

    /// <summary>No more domains than these are kept, those written to last; default 100,000.</summary>
    public long MostCorrespondents { get; init; } = 100_000;

    /// <summary>Bans that were not made are kept so long; default 90 days.</summary>
    public TimeSpan Suppressed { get; init; } = TimeSpan.FromDays(90);

    /// <summary>No more bans that were not made than these are kept; default 200,000.</summary>
    public long MostSuppressed { get; init; } = 200_000;

    /// <summary>One call of <see cref="SqliteLedger.Prune"/> works no longer than about this; the next one goes on. Default 0.3 s.</summary>
    public TimeSpan PruneBudget { get; init; } = TimeSpan.FromMilliseconds(300);
}
