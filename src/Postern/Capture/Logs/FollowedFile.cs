using Postern.Facts;

namespace Postern.Capture.Logs;

/// <summary>
/// One live log: what was written since the last look, through rotation by renaming and by copying and truncating.
/// </summary>
internal sealed class FollowedFile(string path, SourcePosition? known, TimeProvider time) : IDisposable
{
    private readonly Queue<LineCutter> _earlier = new();
    private readonly List<Stream> _streams = [];
    private SourcePosition? _known = known;
    private FileStream? _file;
    private LineCutter? _live;
    private string? _openedAs;

    // A file that was renamed is written to until its writer hears of it.
    private LineCutter? _renamed;

    /// <summary>The next batch; null where nothing new is there.</summary>
    /// <exception cref="IOException">The disk failed, or somebody forbade it.</exception>
    public LineBatch? Next()
    {
        while (true)
        {
            while (_earlier.TryPeek(out var earlier))
            {
                if (earlier.Next() is { } batch)
                {
                    return batch;
                }

                _earlier.Dequeue();
            }

            if (_renamed?.Next() is { } late)
            {
                return late;
            }

            if (_file is null)
            {
                if (!Open())
                {
                    return null;
                }

                continue;
            }

            if (IsTruncated())
            {
                FindCopy();
                Reopen();
                continue;
            }

            _live ??= Begin(0);
            if (_live?.Next() is { } next)
            {
                return next;
            }

            if (!WasRenamed())
            {
                return null;
            }

            // Read to its end already; what is still written to it comes first in later looks.
            (_renamed, _live) = (_live, null);
            _file = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _streams.ForEach(stream => stream.Dispose());
    }

    private bool Open()
    {
        if (!File.Exists(path))
        {
            return false;
        }

        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        _streams.Add(_file);
        while (_streams.Count > 4)
        {
            _streams[0].Dispose();
            _streams.RemoveAt(0);
        }

        _openedAs = NameOf(_file);
        if (_known is { FileId: not 0 } place)
        {
            _known = null;
            var id = FirstLine.IdOf(path);
            if (id == place.FileId && place.Offset <= _file.Length)
            {
                _live = Begin(place.Offset);
            }
            else
            {
                CatchUp(place);
            }
        }

        return true;
    }

    // The log was rotated while nobody looked: the rest of the old file, then those between it and the live one.
    private void CatchUp(SourcePosition place)
    {
        var copies = Copies().Select(copy => (Path: copy, Id: FirstLine.IdOf(copy), Written: File.GetLastWriteTimeUtc(copy)))
            .Where(copy => copy.Id != 0).GroupBy(copy => copy.Id).Select(group => group.First()).OrderBy(copy => copy.Written).ToList();
        var start = copies.FindIndex(copy => copy.Id == place.FileId);
        var live = FirstLine.IdOf(path);
        for (var i = start; i >= 0 && i < copies.Count; i++)
        {
            if (copies[i].Id != live)
            {
                Enqueue(copies[i].Path, copies[i].Id, i == start ? place.Offset : 0);
            }
        }
    }

    private bool IsTruncated()
    {
        if (_live is not { } live || _file!.Length < live.Offset)
        {
            return _live is not null;
        }

        Span<byte> head = stackalloc byte[1024];
        var length = RandomAccess.Read(_file.SafeFileHandle, head, 0);
        return live.Offset > 0 && FirstLine.IdOf(head[..length]) is var id && id != live.FileId && (id != 0 || length < live.Offset);
    }

    // Who copies a log and truncates it leaves in the copy what was written between our last look and the truncation.
    private void FindCopy()
    {
        if (Copies().FirstOrDefault(copy => FirstLine.IdOf(copy) == _live!.FileId) is { } found)
        {
            Enqueue(found, _live!.FileId, _live.Offset);
        }
    }

    private void Reopen()
    {
        _file!.Position = 0;
        _live = null;
    }

    private LineCutter? Begin(long offset)
    {
        var id = FirstLine.IdOf(path);
        if (id == 0)
        {
            return null;
        }

        _file!.Position = offset;
        return new LineCutter(path, _file, id, offset, Written(path));
    }

    private void Enqueue(string copy, ulong id, long offset)
    {
        try
        {
            var stream = FirstLine.OpenPlain(copy);
            _streams.Add(stream);
            Skip(stream, offset);
            _earlier.Enqueue(new LineCutter(path, stream, id, offset, Written(copy)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // A copy that cannot be read is as good as none; the live log goes on.
        }
    }

    private static void Skip(Stream stream, long offset)
    {
        if (stream.CanSeek)
        {
            stream.Position = offset;
            return;
        }

        var buffer = new byte[64 * 1024];
        while (offset > 0)
        {
            var read = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, offset));
            if (read == 0)
            {
                return;
            }

            offset -= read;
        }
    }

    // mail.log.1, mail.log.2.gz, mail.log-20261125: logrotate's names, dateext included.
    private IEnumerable<string> Copies()
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var name = Path.GetFileName(path);
        return Directory.EnumerateFiles(folder, name + "*")
            .Where(copy => Path.GetFileName(copy) is var other && other.Length > name.Length && other[name.Length] is '.' or '-' or '_')
            .OrderByDescending(File.GetLastWriteTimeUtc);
    }

    private bool WasRenamed() => File.Exists(path) && !string.Equals(NameOf(_file!), _openedAs, StringComparison.Ordinal);

    private DateTimeOffset Written(string file)
    {
        var now = time.GetUtcNow();
        var written = new DateTimeOffset(File.GetLastWriteTimeUtc(file), TimeSpan.Zero);
        return TimeZoneInfo.ConvertTime(written < now ? written : now, time.LocalTimeZone);
    }

    // What the kernel calls an open file now: another name after a renaming, "(deleted)" behind it after a deletion.
    private static string? NameOf(FileStream file) =>
        File.ResolveLinkTarget($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}", returnFinalTarget: false)?.FullName;
}
