using Postern.SystemTests.Support;

namespace Postern.SystemTests.Packages;

/// <summary>A root folder over another that stays as it is: what is written lies in memory until this is disposed.</summary>
internal sealed class WritableRoot : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly string _folder;

    private WritableRoot(string folder) => _folder = folder;

    /// <summary>The folder to use.</summary>
    public string Path => System.IO.Path.Combine(_folder, "root");

    /// <summary>Makes one.</summary>
    /// <param name="lower">The folder below.</param>
    public static async Task<WritableRoot> MountAsync(string lower)
    {
        var root = new WritableRoot(Directory.CreateTempSubdirectory("postern-root-").FullName);
        var shell = $"mount -t tmpfs tmpfs {root._folder} && cd {root._folder} && mkdir upper work root && mount -t overlay overlay -o lowerdir={lower},upperdir={root._folder}/upper,workdir={root._folder}/work root";
        try
        {
            (await Command.RunAsync(["sh", "-c", shell], s_patience)).OrThrow(shell);
        }
        catch
        {
            await root.DisposeAsync();
            throw;
        }

        return root;
    }

    /// <summary>Unmounts and removes it.</summary>
    public async ValueTask DisposeAsync()
    {
        await Command.RunAsync(["umount", "--lazy", Path], s_patience);
        await Command.RunAsync(["umount", "--lazy", _folder], s_patience);
        Directory.Delete(_folder, recursive: true);
    }
}
