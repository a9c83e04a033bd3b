using Postern.Capture.Grammar;
using Postern.Classification.Sessions;
using Postern.Facts;

namespace Postern.Engine.Intake;

/// <summary>
/// How far the files of one source were read and counted. A log that was rotated away is written to for a while yet, so that
/// several files may be open at once; a restart reads each again from where its oldest open session began.
/// </summary>
/// <param name="name">The source.</param>
internal sealed class IntakeSource(string name)
{
    // Rotated more often than that within the life of a session is no log that anybody keeps.
    private const int MostFiles = 16;
    private static readonly long s_quiet = TimeSpan.FromHours(1).Ticks;
    private readonly List<IntakeFile> _files = [];

    // A journal goes on from a cursor, whichever of its sequences that is in.
    private readonly Queue<(long Sequence, SourcePosition Start)> _cursors = new();
    private SourcePosition? _end;

    /// <summary>The source's name.</summary>
    public string Name => name;

    /// <summary>Reads its lines, and keeps their order.</summary>
    public LineGrammar? Grammar { get; set; }

    /// <summary>Finds the copies where every line of it stands twice.</summary>
    public PairedLines Pairs { get; } = new();

    /// <summary>Lines read.</summary>
    public long Lines { get; set; }

    /// <summary>Those that seem to be of Postfix, and whose stamp, host and program could not be read.</summary>
    public long Unparsed { get; set; }

    /// <summary>Those of Postfix's daemons in a form that is not known.</summary>
    public long Unknown { get; set; }

    /// <summary>The latest stamp.</summary>
    public LogTime Last { get; set; }

    /// <summary>When lines were last read, ticks.</summary>
    public long ReadAt { get; private set; }

    /// <summary>True where it was read on since its position was last asked for.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>Says how far it was counted before the restart.</summary>
    public void Restore(SourceMarks marks)
    {
        ReadAt = marks.ReadAt;
        foreach (var mark in marks.Files)
        {
            _files.Add(new IntakeFile(mark.FileId) { Replayed = mark.Counted, End = mark, ReadAt = marks.ReadAt });
        }
    }

    /// <summary>Takes a batch.</summary>
    /// <returns>The file that it comes from.</returns>
    public IntakeFile Take(LineBatch batch, long sequence, long now)
    {
        var file = _files.Find(one => one.FileId == batch.Start.FileId);
        if (file is null)
        {
            file = new IntakeFile(batch.Start.FileId) { ReadAt = now };
            // What comes late is older than the file that is read now.
            _files.Insert(batch.IsLate && _files.Count > 0 ? _files.Count - 1 : _files.Count, file);
            Forget(now);
        }

        if (batch.Offsets is null)
        {
            file.Batches.Enqueue((sequence, batch.Start));
        }
        else
        {
            _cursors.Enqueue((sequence, batch.Start));
        }

        file.End = new FileMark(batch.End.FileId, batch.End.Offset, Math.Max(batch.End.Offset, file.Replayed), batch.End.Fingerprint, batch.End.Inode);
        (_end, file.ReadAt, ReadAt, IsDirty) = (batch.End, now, now, true);
        return file;
    }

    /// <summary>From where a restart goes on.</summary>
    /// <param name="oldest">The batch in which the oldest session that is still open began.</param>
    public SourcePosition Position(long oldest)
    {
        IsDirty = false;
        while (_cursors.TryPeek(out var first) && first.Sequence < oldest)
        {
            _cursors.Dequeue();
        }

        FileMark[] marks = [.. _files.Select(file => file.Mark(oldest))];
        var last = marks[^1];
        var place = _end?.Cursor is null && _cursors.Count == 0 ? new SourcePosition(name, last.FileId, last.Offset) : _cursors.TryPeek(out var open) ? open.Start : _end!;
        return place with
        {
            Cursor = new SourceMarks(place.Cursor ?? "", ReadAt, marks).ToString(),
            CountedFileId = last.FileId,
            CountedOffset = last.Counted,
            Fingerprint = last.Fingerprint,
            Inode = last.Inode,
        };
    }

    private void Forget(long now)
    {
        for (var i = 0; i < _files.Count - 1; i++)
        {
            if (_files.Count > MostFiles || (now - _files[i].ReadAt > s_quiet && _files[i].Batches.Count == 0))
            {
                _files.RemoveAt(i--);
            }
        }
    }
}
