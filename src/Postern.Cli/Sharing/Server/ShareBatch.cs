namespace Postern.Cli.Sharing.Server;

/// <summary>An entry of a stream.</summary>
/// <param name="Id">Its id, which begins with the server's time in milliseconds.</param>
/// <param name="Records">Its records.</param>
internal sealed record ShareEntry(string Id, IReadOnlyList<byte[]> Records)
{
    /// <summary>When it was written, in milliseconds since 1970 by the server's clock.</summary>
    public long At => long.TryParse(Id.AsSpan(0, Math.Max(0, Id.IndexOf('-', StringComparison.Ordinal))), System.Globalization.CultureInfo.InvariantCulture, out var at) ? at : 0;
}

/// <summary>What was new on the server.</summary>
/// <param name="Now">The server's clock, in milliseconds since 1970.</param>
/// <param name="Epoch">Which data it has; empty where it has none.</param>
/// <param name="First">The first id of the changes; empty where there are none.</param>
/// <param name="Changes">New changes.</param>
/// <param name="Memory">New days and senders.</param>
/// <param name="Evidence">New failures.</param>
internal sealed record ShareBatch(long Now, string Epoch, string First, IReadOnlyList<ShareEntry> Changes, IReadOnlyList<ShareEntry> Memory, IReadOnlyList<ShareEntry> Evidence)
{
    /// <summary>True where the changes have an id no more that they had: it was trimmed, or the server is back with data from before.</summary>
    public bool IsGone { get; init; }
}

/// <summary>What became of changes that were published.</summary>
internal enum PublishAnswer : byte
{
    /// <summary>They are there.</summary>
    Done,
    /// <summary>The server has other data than the host knows.</summary>
    OtherEpoch,
    /// <summary>The host asks too much; later.</summary>
    Limited,
}

/// <summary>A change to be published.</summary>
/// <param name="Hour">The hour since 1970 in which it ends; 0 where it never does; null where the server need not keep it.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Record">Its bytes.</param>
/// <param name="DropHour">An hour that holds what it ends; null for none.</param>
/// <param name="DropSubject">What it ends there.</param>
internal sealed record OutgoingChange(long? Hour, byte[] Subject, byte[] Record, long? DropHour, byte[] DropSubject);
