namespace Postern.SystemTests.Support;

/// <summary>A disk of a few megabytes, mounted for one test: it can be filled up and turned read-only.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(20);
    private readonly string _path;

    private SmallDisk(string path) => _path = path;

    private string Ballast => Path.Combine(_path, "ballast");

    /// <summary>Mounts it at a folder.</summary>
    public static async Task<SmallDisk> MountAsync(string path, int megabytes)
    {
        (await Command.RunAsync(["mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path], s_deadline)).OrThrow("mount");
        return new SmallDisk(path);
    }

    /// <summary>Leaves no byte free.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var page = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(page);
            }
        }
        catch (IOException)
        {
            // That was the last of it.
        }
    }

    /// <summary>Makes room again.</summary>
    public void Free() => File.Delete(Ballast);

    /// <summary>Turns it read-only, or back; nobody may have a file of it open for writing.</summary>
    public async Task TurnAsync(bool isReadOnly) =>
        (await Command.RunAsync(["mount", "-o", isReadOnly ? "remount,ro" : "remount,rw", _path], s_deadline)).OrThrow("mount -o remount");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Command.RunAsync(["umount", "--lazy", _path], s_deadline);
}
