using Postern.Facts;

namespace Postern.Capture.Logs;

/// <summary>
/// Files that were rotated away and that their writer may still write to, as it has them open until it hears of it. The last few
/// are kept open; those that are quiet are let go of in time, deleted ones soon, as they hold room on the disk.
/// </summary>
internal sealed class LateFiles : IDisposable
{
    private const int Most = 4;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_quiet = TimeSpan.FromHours(1);
    private readonly List<(LogFile File, DateTimeOffset Since)> _files = [];

    /// <summary>Takes a file that was read to its end.</summary>
    public void Add(LogFile file, DateTimeOffset now)
    {
        if (!file.IsPlain || file.IsReplaced)
        {
            file.Dispose();
            return;
        }

        _files.Add((file, now));
        if (_files.Count > Most)
        {
            RemoveAt(0);
        }
    }

    /// <summary>True where that file is one of these.</summary>
    public bool Contains(FileStatus file) => _files.Exists(one => one.File.Status.IsSameFile(file));

    /// <summary>Lines that came late; null for none.</summary>
    public LineBatch? Next(byte[] buffer, DateTimeOffset now)
    {
        for (var i = 0; i < _files.Count; i++)
        {
            if (_files[i].File.Next(buffer, isLate: true, now) is { } late)
            {
                return late;
            }

            if (IsOver(i, now))
            {
                RemoveAt(i--);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_files.Count > 0)
        {
            RemoveAt(0);
        }
    }

    private bool IsOver(int index, DateTimeOffset now)
    {
        var (file, since) = _files[index];
        var quiet = now - (file.ReadAt > since ? file.ReadAt : since);
        return file.IsReplaced || (quiet > s_quiet && index < _files.Count - 1) || (quiet > s_patience && file.StatusNow.Links == 0);
    }

    private void RemoveAt(int index)
    {
        _files[index].File.Dispose();
        _files.RemoveAt(index);
    }
}
