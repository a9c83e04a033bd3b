using System.Globalization;
using System.Text;
using Postern.Capture.Logs;
using Postern.Gate;

namespace Postern.Cli.Setup;

/// <summary>Replaces a configuration as a whole: whoever reads it meanwhile sees the old one or the new one. Mode and owner stay.</summary>
internal static class ConfigFileWriter
{
    private const UnixFileMode NewFile = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Writes.</summary>
    /// <param name="file">The file; a link is followed.</param>
    /// <param name="text">Its new text.</param>
    /// <param name="now">The time, for the old file's name.</param>
    /// <returns>Where the old file is kept; null where there was none.</returns>
    /// <exception cref="IOException">It cannot be written; the old file is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; the old file is as it was.</exception>
    public static string? Write(string file, string text, DateTimeOffset now)
    {
        var path = Path.GetFullPath(File.Exists(file) && File.ResolveLinkTarget(file, returnFinalTarget: true) is { } target ? target.FullName : file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var old = FileStatus.Of(path);
        var access = old is { } status ? new SocketAccess(status.User, status.Group, status.Mode) : new SocketAccess(null, null, NewFile);
        var kept = old is null ? null : NameOfOld(path, now);
        if (kept is not null)
        {
            Place(kept, File.ReadAllBytes(path), access);
        }

        Place(path, Encoding.UTF8.GetBytes(text), access);
        return kept;
    }

    private static void Place(string path, byte[] bytes, SocketAccess access)
    {
        var draft = $"{path}.{Guid.NewGuid():N}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var stream = new FileStream(draft, options))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            access.Set(draft);
            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static string NameOfOld(string path, DateTimeOffset now)
    {
        var stem = string.Create(CultureInfo.InvariantCulture, $"{path}.before-setup-{now:yyyy-MM-dd}");
        var name = stem;
        for (var i = 2; File.Exists(name); i++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{stem}-{i}");
        }

        return name;
    }
}
