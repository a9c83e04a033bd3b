namespace Postern.Capture.Logs;

/// <summary>
/// Wakes when anything changes in one of some folders (inotify), and now and then without a reason, for what it may have missed.
/// A folder may come later, and may be removed and made again.
/// </summary>
internal sealed class FolderMonitor : IDisposable
{
    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly Dictionary<string, (FileSystemWatcher? Watcher, FileStatus? Folder)> _folders = new(StringComparer.Ordinal);

    /// <summary>Watches these folders, and no others.</summary>
    public void Watch(IEnumerable<string> folders)
    {
        var wanted = folders.ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _folders.Keys.Where(folder => !wanted.Contains(folder)).ToList())
        {
            _folders.Remove(gone, out var old);
            old.Watcher?.Dispose();
        }

        foreach (var folder in wanted)
        {
            var now = StatusOf(folder);
            if (_folders.TryGetValue(folder, out var known) && known.Watcher is not null && known.Folder is { } old && now is { } same && same.IsSameFile(old))
            {
                continue;
            }

            known.Watcher?.Dispose();
            _folders[folder] = (now is null ? null : Open(folder), now);
        }
    }

    /// <summary>Waits for a change, at most that long.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var first = await Task.WhenAny(_changed.WaitAsync(over.Token), Task.Delay(atMost, time, over.Token));
        await over.CancelAsync();
        stop.ThrowIfCancellationRequested();
        await first;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (watcher, _) in _folders.Values)
        {
            watcher?.Dispose();
        }

        _changed.Dispose();
    }

    private static FileStatus? StatusOf(string folder)
    {
        try
        {
            return FileStatus.Of(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private FileSystemWatcher? Open(string folder)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(folder)
            {
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.Size | NotifyFilters.LastWrite,
                InternalBufferSize = 16 * 1024,
            };
            watcher.Changed += (_, _) => Wake();
            watcher.Created += (_, _) => Wake();
            watcher.Renamed += (_, _) => Wake();
            watcher.Deleted += (_, _) => Wake();
            watcher.Error += (_, _) => Wake();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // It went meanwhile, or there are no more watches to be had: the regular look does.
            watcher?.Dispose();
            return null;
        }
    }

    private void Wake()
    {
        try
        {
            if (_changed.CurrentCount == 0)
            {
                _changed.Release();
            }
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // Woken already, or for the last time.
        }
    }
}
