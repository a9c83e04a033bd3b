namespace Postern.Decisions.Persistence;

/// <summary>The settings of the long window, which bans who goes on for hours or days below the threshold of the jail.</summary>
public sealed record PersistenceOptions
{
    /// <summary>False to ban by the jail's own window only; default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How far back the long window looks, 1 to 7 days; default 7 days.</summary>
    public TimeSpan FindTime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>So many sessions or failed logins of a kind that no honest client shows are a ban; default 50.</summary>
    public int MaxRetry { get; init; } = 50;
}
