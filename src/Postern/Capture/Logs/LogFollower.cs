using System.Threading.Channels;
using Postern.Facts;

namespace Postern.Capture.Logs;

/// <summary>
/// Follows a log, or all that a pattern names: everything that is written to it, once and in order. It starts at the beginning
/// of a file that it does not know, else where it was. A broken world is told once, and tried again.
/// </summary>
/// <param name="pattern">A path, with <c>*</c>, <c>?</c> and <c>[…]</c> for several.</param>
/// <param name="known">Where each file was read to.</param>
/// <param name="time">The clock.</param>
/// <param name="say">Told of trouble, and of its end.</param>
public sealed class LogFollower(string pattern, IReadOnlyList<SourcePosition> known, TimeProvider time, Action<SourceTrouble> say)
{
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(1);

    // A log that is renamed and made again is away for a moment, which is no trouble.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private readonly PathPattern _pattern = new(pattern);
    private readonly SortedDictionary<string, FollowedFile> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _live = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _said = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _missing = new(StringComparer.Ordinal);
    private readonly byte[] _buffer = new byte[LogBlock.Size];

    /// <summary>Follows until stopped. Where the writer is slow, the lines wait in the file.</summary>
    public async Task RunAsync(ChannelWriter<LineBatch> writer, CancellationToken stop)
    {
        using var watch = new FolderMonitor();
        var listed = 0L;
        try
        {
            while (true)
            {
                if (listed == 0 || time.GetElapsedTime(listed) >= s_poll)
                {
                    listed = time.GetTimestamp();
                    watch.Watch(Folders());
                    List();
                }

                var any = false;
                foreach (var (path, file) in _files)
                {
                    any |= await ReadAsync(path, file, writer, stop);
                }

                if (!any)
                {
                    await watch.WaitAsync(s_poll, time, stop);
                    listed = _pattern.IsPattern ? 0 : listed;
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end that was asked for.
        }
        finally
        {
            foreach (var file in _files.Values)
            {
                file.Dispose();
            }
        }
    }

    private async Task<bool> ReadAsync(string path, FollowedFile file, ChannelWriter<LineBatch> writer, CancellationToken stop)
    {
        LineBatch? batch = null;
        try
        {
            batch = file.Next(_buffer);
            Say(path, batch is null && IsMissing(path) ? "there is no such file (waiting for it)" : null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Say(path, e is UnauthorizedAccessException ? "it may not be read (permission denied)" : e.Message);
        }

        if (batch is null)
        {
            _live.Add(path);
            return false;
        }

        (batch.FoundBy, batch.IsLive) = (pattern, _live.Contains(path));
        await writer.WriteAsync(batch, stop);
        return true;
    }

    private bool IsMissing(string path)
    {
        if (FileStatus.Of(path) is not null)
        {
            _missing.Remove(path);
            return false;
        }

        if (_missing.TryAdd(path, time.GetTimestamp()))
        {
            return false;
        }

        return time.GetElapsedTime(_missing[path]) >= s_patience;
    }

    private void List()
    {
        try
        {
            foreach (var path in _pattern.Files())
            {
                if (!_files.ContainsKey(path))
                {
                    _files[path] = new FollowedFile(path, known.FirstOrDefault(place => string.Equals(place.Source, path, StringComparison.Ordinal)), time);
                }
            }

            if (_pattern.IsPattern)
            {
                Say(pattern, _files.Count == 0 ? "it names no file (waiting for one)" : null);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Say(pattern, e.Message);
        }
    }

    // Where a log is a link, its target is written to and rotated.
    private List<string> Folders()
    {
        try
        {
            return [.. _pattern.Folders(), .. _files.Keys.Select(path => Path.GetDirectoryName(Generations.Target(Path.GetFullPath(path)))!)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private void Say(string path, string? trouble)
    {
        var before = _said.GetValueOrDefault(path);
        if (string.Equals(before, trouble, StringComparison.Ordinal))
        {
            return;
        }

        if (trouble is null)
        {
            _said.Remove(path);
        }
        else
        {
            _said[path] = trouble;
        }

        say(new SourceTrouble(path, trouble));
    }
}
