namespace Postern.Capture.Logs;

/// <summary>Wakes when anything in a folder changes (inotify), and now and then without a reason, for what it may have missed.</summary>
internal sealed class FolderWatch : IDisposable
{
    private readonly string _folder;
    private readonly SemaphoreSlim _changed = new(0, 1);
    private FileSystemWatcher? _watcher;

    /// <summary>A watch over a folder, which may appear later.</summary>
    public FolderWatch(string folder)
    {
        _folder = folder;
        Open();
    }

    /// <summary>Waits for a change, at most that long.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken stop)
    {
        if (_watcher is null)
        {
            Open();
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var first = await Task.WhenAny(_changed.WaitAsync(over.Token), Task.Delay(atMost, time, over.Token));
        await over.CancelAsync();
        stop.ThrowIfCancellationRequested();
        await first;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watcher?.Dispose();
        _changed.Dispose();
    }

    private void Open()
    {
        try
        {
            _watcher = new FileSystemWatcher(_folder)
            {
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.Size | NotifyFilters.LastWrite,
                InternalBufferSize = 16 * 1024,
            };
            _watcher.Changed += (_, _) => Wake();
            _watcher.Created += (_, _) => Wake();
            _watcher.Renamed += (_, _) => Wake();
            _watcher.Deleted += (_, _) => Wake();
            _watcher.Error += (_, _) => Wake();
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // No such folder, or no more watches to be had: the regular look does.
            _watcher?.Dispose();
            _watcher = null;
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
