namespace Postern.Cli.Daemon.Systemd;

/// <summary>Sees to it that one daemon alone works on a state folder: a lock (flock(2)) that ends with the process, however that ends.</summary>
internal sealed class InstanceLock : IDisposable
{
    private readonly FileStream _file;

    private InstanceLock(FileStream file) => _file = file;

    /// <summary>Makes the folder and takes its lock.</summary>
    /// <returns>The lock, or why there is none, in one line.</returns>
    public static (InstanceLock? Lock, string? Failure) Take(string folder)
    {
        var path = Path.Combine(folder, "lock");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"the state folder {folder} cannot be made: {e.Message}");
        }

        try
        {
            // FileShare.None is an exclusive flock on Unix.
            return (new InstanceLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)), null);
        }
        catch (UnauthorizedAccessException e)
        {
            return (null, $"the state folder {folder} cannot be written: {e.Message}");
        }
        catch (IOException e)
        {
            // EWOULDBLOCK is 11 on Linux: somebody else has the lock.
            return (null, (e.HResult & 0xFFFF) == 11
                ? $"postern already runs with the state folder {folder}"
                : $"the state folder {folder} cannot be written: {e.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
