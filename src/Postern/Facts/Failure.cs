namespace Postern.Facts;

/// <summary>
/// What counts towards a ban: one session that showed something, or one line that a fail2ban filter matched. What is read
/// twice (after a crash, or in a rotated copy) has the same <see cref="Id"/> and so counts once.
/// </summary>
public sealed record Failure
{
    /// <summary>The most that is kept of the original lines, bytes.</summary>
    public const int MostText = 4096;

    /// <summary>By the place of its first line, the same whenever that line is read.</summary>
    public required ulong Id { get; init; }

    /// <summary>Who.</summary>
    public required ClientAddress Client { get; init; }

    /// <summary>When and what, by the log's own time.</summary>
    public required SessionMark Mark { get; init; }

    /// <summary>
    /// A hash of what differs between sessions alike (the user name, the recipient, the handshake's outcome), the same in every
    /// process; 0 for none. Several of a client's together make a scan or a search.
    /// </summary>
    public int Variety { get; init; }

    /// <summary>The fail2ban jail whose filter matched; null for a session, which every jail of our own weighs by its behaviours.</summary>
    public string? Jail { get; init; }

    /// <summary>The log, <c>journal</c> or the notices it was read in; <c>milter</c> for a session that only the gate saw.</summary>
    public required string Source { get; init; }

    /// <summary>The original lines, each ended by a line feed; may hold the client's own words, so it is escaped where shown.</summary>
    public ReadOnlyMemory<byte> Lines { get; init; }
}
