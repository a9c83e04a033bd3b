using Postern.Facts;

namespace Postern.Engine.Intake;

/// <summary>One file of a watched source.</summary>
/// <param name="fileId">Which.</param>
internal sealed class IntakeFile(ulong fileId)
{
    /// <summary>Which.</summary>
    public ulong FileId => fileId;

    /// <summary>Batches with sessions that may be open still, and where each begins.</summary>
    public Queue<(long Sequence, SourcePosition Start)> Batches { get; } = new();

    /// <summary>How far it was read.</summary>
    public FileMark End { get; set; }

    /// <summary>Up to where it was counted before a restart: what is read again up to there is reported no second time.</summary>
    public long Replayed { get; init; }

    /// <summary>When it was last read, ticks.</summary>
    public long ReadAt { get; set; }

    /// <summary>From where a restart reads it, and up to where it is counted.</summary>
    /// <param name="oldest">The batch in which the oldest session that is still open began.</param>
    public FileMark Mark(long oldest)
    {
        while (Batches.TryPeek(out var first) && first.Sequence < oldest)
        {
            Batches.Dequeue();
        }

        return Batches.TryPeek(out var open) ? End with { Offset = open.Start.Offset, Fingerprint = open.Start.Fingerprint } : End;
    }
}
