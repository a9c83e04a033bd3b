namespace Postern.Facts;

/// <summary>
/// How far a source has been read, so that a restart goes on there. It survives what happens to the file meanwhile: the
/// file is known again by its beginning, under whatever name and compressed or not.
/// </summary>
/// <param name="Source">The source as configured or found: a path, <c>journal</c>, a Maildir.</param>
/// <param name="FileId">A hash of the file's first line (or of the journal's sequence id); 0 where nothing was read.</param>
/// <param name="Offset">Bytes into the uncompressed content (or the journal's sequence number) up to which all is done.</param>
/// <param name="Cursor">What the source needs besides to go on: a journal's cursor, the marks of a log's files (<see cref="SourceMarks"/>), the notices of a mailbox that are done.</param>
public sealed record SourcePosition(string Source, ulong FileId, long Offset, string? Cursor = null)
{
    /// <summary>
    /// The file up to where everything has been counted. From <see cref="Offset"/> to there it is read again only to know the
    /// sessions that were open; 0 where both are the same place.
    /// </summary>
    public ulong CountedFileId { get; init; }

    /// <summary>The offset up to where everything has been counted.</summary>
    public long CountedOffset { get; init; }

    /// <summary>A hash of what stands just before <see cref="Offset"/> in the file; 0 where nothing is known of it.</summary>
    public ulong Fingerprint { get; init; }

    /// <summary>A hash of the file's device and inode; 0 where it has none.</summary>
    public ulong Inode { get; init; }
}

/// <summary>Whole lines of a source, as they came.</summary>
public sealed class LineBatch
{
    /// <summary>Which source.</summary>
    public required string Source { get; init; }

    /// <summary>The lines, each ended by a line feed.</summary>
    public required ReadOnlyMemory<byte> Lines { get; init; }

    /// <summary>Where the first line begins: file and offset.</summary>
    public required SourcePosition Start { get; init; }

    /// <summary>Where the line after the last begins.</summary>
    public required SourcePosition End { get; init; }

    /// <summary>The offset of each line where they do not follow from its bytes (the journal's sequence numbers); else null.</summary>
    public IReadOnlyList<long>? Offsets { get; init; }

    /// <summary>The year of the first line for stamps that have none.</summary>
    public int Year { get; init; }

    /// <summary>True where a younger file of the source has been read from already: its writer went on after it was rotated away.</summary>
    public bool IsLate { get; init; }

    /// <summary>The pattern by which the source was found; null where it was not found by one.</summary>
    public string? FoundBy { get; set; }

    /// <summary>True where everything that was there before had been read already: the lines were written just now.</summary>
    public bool IsLive { get; set; }

    /// <summary>The lines without their line feeds, each with its offset.</summary>
    public IEnumerable<(ReadOnlyMemory<byte> Line, long Offset)> Split()
    {
        var rest = Lines;
        for (var index = 0; !rest.IsEmpty; index++)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            yield return (end < 0 ? rest : rest[..end], Offsets is { } offsets ? offsets[index] : Start.Offset + (Lines.Length - rest.Length));
            rest = end < 0 ? default : rest[(end + 1)..];
        }
    }

    /// <summary>The identity of the line at an offset: the same whenever it is read. Never 0, which stands for no place.</summary>
    public ulong IdAt(long offset)
    {
        var hash = (Start.FileId ^ ((ulong)offset * 0x9E37_79B9_7F4A_7C15)) * 0xD6E8_FEB8_6659_FD93;
        return (hash ^ (hash >> 32)) | 1;
    }

    /// <summary>Takes the buffer back once the lines have been read; null where nobody wants it.</summary>
    public Action? Done { get; init; }
}
