using Postern.Facts;

namespace Postern.Capture.Journal;

/// <summary>
/// Cuts entries into batches, each of one sequence: numbers of different ones cannot be compared. Knows after which entry each
/// batch comes, and leaves out the entry after which reading was to go on.
/// </summary>
/// <param name="source">The source's name.</param>
/// <param name="last">The last entry that was handed on before; null for none.</param>
internal sealed class JournalCutter(string source, JournalCursor? last)
{
    private const int MostLines = 2000;

    /// <summary>The last entry that was handed on; null for none.</summary>
    public JournalCursor? Last { get; private set; } = last;

    /// <summary>True until the first entry has come.</summary>
    public bool IsFirst { get; private set; } = true;

    /// <summary>True where the first entry was not the one after which reading was to go on: that one, and perhaps more, was gone.</summary>
    public bool HasGap { get; private set; }

    /// <summary>Cuts whole lines of <c>journalctl --output=json</c>.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="year">The year of stamps without one.</param>
    public IEnumerable<LineBatch> Cut(ReadOnlyMemory<byte> lines, int year)
    {
        var from = 0;
        List<long> numbers = [];
        var (before, sequence) = (Last, 0ul);
        for (var at = 0; at < lines.Length;)
        {
            var end = at + lines.Span[at..].IndexOf((byte)'\n') + 1;
            var isEntry = JournalCursor.TryRead(lines.Span[at..end], out var cursor) && !IsKnown(cursor);
            if (numbers.Count > 0 && (!isEntry || cursor.SequenceId != sequence || numbers.Count == MostLines))
            {
                yield return Batch(lines[from..at], before, numbers, year);
                (before, numbers) = (Last, []);
            }

            if (isEntry)
            {
                (from, sequence) = (numbers.Count == 0 ? at : from, cursor.SequenceId);
                numbers.Add(cursor.Number);
                Last = cursor;
            }

            at = end;
        }

        if (numbers.Count > 0)
        {
            yield return Batch(lines[from..], before, numbers, year);
        }
    }

    private bool IsKnown(JournalCursor cursor)
    {
        if (!IsFirst)
        {
            return false;
        }

        IsFirst = false;
        var isLast = Last is { } known && known.SequenceId == cursor.SequenceId && known.Number == cursor.Number;
        HasGap = Last is not null && !isLast;
        return isLast;
    }

    private LineBatch Batch(ReadOnlyMemory<byte> lines, JournalCursor? before, List<long> numbers, int year)
    {
        var newest = Last!.Value;
        return new LineBatch
        {
            Source = source,
            Lines = lines[..(lines.Span.LastIndexOf((byte)'\n') + 1)].ToArray(),
            Start = new SourcePosition(source, newest.SequenceId, numbers[0], before?.Text),
            End = new SourcePosition(source, newest.SequenceId, numbers[^1] + 1, newest.Text),
            Offsets = numbers,
            Year = year,
        };
    }
}
