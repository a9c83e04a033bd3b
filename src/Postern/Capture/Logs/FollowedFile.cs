using Postern.Facts;

namespace Postern.Capture.Logs;

/// <summary>
/// One log through its rotations: from file to file, the oldest first, to the one that is written to now. A renamed file is
/// known by its inode; one that was copied, packed, or rotated while nobody looked by its first line and by what stands before
/// the place up to which it was read.
/// </summary>
internal sealed class FollowedFile : IDisposable
{
    // Stamps of files are as coarse as the kernel's clock.
    private static readonly TimeSpan s_grain = TimeSpan.FromMilliseconds(100);
    private readonly string _path;
    private readonly LogNames _names;
    private readonly LateFiles _late = new();
    private readonly Queue<LogFile> _earlier = new();
    private SourceMarks? _known;

    // Lines that wait until older ones have been handed on.
    private LineBatch? _held;
    private long _readAt;

    // Among these there was nothing to go on with.
    private List<Generation> _looked = [];

    // The youngest file that is known, under whatever name.
    private LogFile? _file;

    /// <summary>A log.</summary>
    /// <param name="path">Where it is written.</param>
    /// <param name="known">How far it was read; null where it is new.</param>
    /// <param name="time">The clock.</param>
    public FollowedFile(string path, SourcePosition? known, TimeProvider time)
    {
        (_path, _names) = (path, new LogNames(path, time));
        _readAt = _names.Now.UtcTicks;
        if (known is not null && SourceMarks.Of(known) is { Files.Count: > 0 } marks)
        {
            _known = marks;
            _readAt = marks.ReadAt > 0 ? marks.ReadAt : _readAt;
            foreach (var mark in marks.Files)
            {
                _names.Keep(mark.FileId);
            }
        }
    }

    /// <summary>The next batch; null where nothing new is there.</summary>
    /// <param name="buffer">Room to work in, of <see cref="LogBlock.Size"/> bytes.</param>
    /// <exception cref="IOException">The disk failed.</exception>
    /// <exception cref="UnauthorizedAccessException">Somebody forbade it.</exception>
    public LineBatch? Next(byte[] buffer)
    {
        var now = _names.Now;
        while (_file is not null || Start())
        {
            while (_earlier.TryPeek(out var earlier))
            {
                if (earlier.Next(buffer, isLate: true, now) is { } rest)
                {
                    return rest;
                }

                _late.Add(_earlier.Dequeue(), now);
            }

            var batch = _held ?? _late.Next(buffer, now) ?? _file!.Next(buffer, isLate: false, now);
            if (batch is not null)
            {
                if (_held is null && HasForgotten(batch))
                {
                    _held = batch;
                    continue;
                }

                _held = null;
                _readAt = now.UtcTicks;
                return batch;
            }

            if (!Move(now))
            {
                return null;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _late.Dispose();
        while (_earlier.TryDequeue(out var earlier))
        {
            earlier.Dispose();
        }
    }

    private bool Start()
    {
        if (_known is not { } known)
        {
            return FileStatus.Of(_path) is { } live && (live.IsRegular ? OpenFirst([new Generation(_path, live)]) : throw new IOException("it is no plain file"));
        }

        var files = Generations.Of(_path);
        List<Generation> left = [.. files];
        List<LogFile> found = [];
        foreach (var mark in known.Files.Reverse())
        {
            if (Find(left, mark) is { } file)
            {
                found.Insert(0, file);
                left.RemoveAll(one => one.Status.IsSameFile(file.Status));
            }
        }

        if (found.Count == 0)
        {
            if (!OpenFirst(Unknown(files, new DateTimeOffset(known.ReadAt, TimeSpan.Zero))))
            {
                return false;
            }
        }
        else
        {
            _file = found[^1];
            found[..^1].ForEach(_earlier.Enqueue);
            OpenForgotten([.. files.TakeWhile(one => !one.Status.IsSameFile(_file.Status)).Intersect(left)], known.ReadAt);
        }

        _known = null;
        return true;
    }

    // A log that was empty at the last look may have been filled, copied and truncated since: then there is a copy of it.
    private bool HasForgotten(LineBatch batch)
    {
        if (batch.IsLate || batch.Start.Offset > 0 || _file!.Status.Length > 0 || FileStatus.Of(_path) is not { } live || !live.IsSameFile(_file.Status))
        {
            return false;
        }

        OpenForgotten([.. Generations.Of(_path).Where(one => !one.Status.IsSameFile(live))], _readAt);
        return _earlier.Count > 0;
    }

    // Older files that were empty as long as anybody looked, and have lines now.
    private void OpenForgotten(List<Generation> files, long readAt)
    {
        foreach (var file in readAt == 0 ? [] : Unknown(files, new DateTimeOffset(readAt, TimeSpan.Zero) - s_grain))
        {
            if (file.Status.Length > 0 && LogFile.Open(file, _names) is { } late)
            {
                _earlier.Enqueue(late);
            }
        }
    }

    // All of the file has been read: to where it is now, or to the next younger one.
    private bool Move(DateTimeOffset now)
    {
        var file = _file!;
        if (!file.IsReplaced && FileStatus.Of(_path) is { } live && live.IsSameFile(file.Status))
        {
            return false;
        }

        var files = Generations.Of(_path);
        if (files.SequenceEqual(_looked))
        {
            return false;
        }

        var here = file.IsReplaced ? -1 : files.FindIndex(one => one.Status.IsSameFile(file.Status));
        if (here < 0 && Find(files, file.Mark) is { } same)
        {
            here = files.FindIndex(one => one.Status.IsSameFile(same.Status));
            if (file.IsReplaced || string.Equals(files[here].Path, Generations.Target(_path), StringComparison.Ordinal))
            {
                file.Dispose();
                _file = same;
                return true;
            }

            // What was read has been packed, and its own name is gone; its writer may go on with it all the same.
            same.Dispose();
        }

        if (!OpenFirst(here >= 0 ? files[(here + 1)..] : Unknown(files, file.ReadAt)))
        {
            _looked = files;
            return false;
        }

        _looked = [];
        _late.Add(file, now);
        return true;
    }

    private bool OpenFirst(List<Generation> files)
    {
        foreach (var file in files)
        {
            try
            {
                if (LogFile.Open(file, _names) is { } opened)
                {
                    _file = opened;
                    return true;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException && file != files[^1])
            {
                // A copy that cannot be read is as good as none; of the last one it is told.
                continue;
            }

            // It was renamed meanwhile: the next look finds it.
            return false;
        }

        return false;
    }

    // The file that holds what was read, from where it was left: by its inode, else the youngest first, so that the log itself
    // comes before its copy.
    private LogFile? Find(List<Generation> files, FileMark mark)
    {
        if (mark.FileId == 0)
        {
            return null;
        }

        foreach (var file in files.AsEnumerable().Reverse().OrderBy(file => file.Status.Id == mark.Inode ? 0 : 1))
        {
            try
            {
                if (LogFile.Open(file, mark, _names) is { } found)
                {
                    return found;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException && file != files[^1])
            {
                // As if it were not there.
            }
        }

        return null;
    }

    // Where nobody knows what became of the file that was read: what was written to since, and is not known.
    private List<Generation> Unknown(List<Generation> files, DateTimeOffset readAt) =>
        [.. files.Where((file, i) => (i == files.Count - 1 && FileStatus.Of(_path) is { } live && live.IsSameFile(file.Status))
            || (file.Status.Written > readAt && !_late.Contains(file.Status) && !_names.Knows(LogFile.FirstLineOf(file))))];
}
