namespace Postern.Decisions.Protection;

/// <summary>A protection of a client at this moment.</summary>
/// <param name="Reason">Its id, as in <c>postern.explain-live/1</c>.</param>
/// <param name="Holds">True where it speaks for the client, within its limits.</param>
internal sealed record ProtectionState(string Reason, bool Holds)
{
    /// <summary>The sentence for people.</summary>
    public string Detail { get; init; } = "";

    /// <summary>The entry, network or tests that it rests on; null where there is none.</summary>
    public string? Entry { get; init; }

    /// <summary>Days with accepted mail within the last 30, for a proven sender; null for the others.</summary>
    public int? Days { get; init; }

    /// <summary>The last day with a login; null where there is none.</summary>
    public DateOnly? Last { get; init; }

    /// <summary>What takes it away: <c>account-takeover</c>, <c>hostile-day</c>, <c>dnsbl-listed</c>, <c>no-answer</c>; null for nothing.</summary>
    public string? But { get; init; }
}
