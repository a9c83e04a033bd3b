using System.Globalization;
using Postern.Capture.Logs;

namespace Postern.Cli.Setup;

/// <summary>Whether the service's user may read a file, which is seldom the user who runs <c>setup</c>.</summary>
internal sealed class ServiceReader
{
    /// <summary>The user that the package's unit runs as.</summary>
    public const string User = "postern";

    // The unit's SupplementaryGroups.
    private static readonly string[] s_groups = [User, "adm", "systemd-journal"];

    private readonly uint? _user;
    private readonly HashSet<uint> _memberships = [];

    /// <summary>Looks the user up.</summary>
    public ServiceReader(HostPaths paths)
    {
        foreach (var fields in TextFiles.Lines(paths.Users).Select(static line => line.Split(':')).Where(static fields => fields.Length >= 4 && fields[0] is User))
        {
            if (Number(fields[2]) is { } user && Number(fields[3]) is { } group)
            {
                _user = user;
                _memberships.Add(group);
            }
        }

        foreach (var fields in TextFiles.Lines(paths.Groups).Select(static line => line.Split(':')).Where(static fields => fields.Length >= 4))
        {
            if (Number(fields[2]) is { } group && (s_groups.Contains(fields[0], StringComparer.Ordinal) || fields[3].Split(',').Contains(User, StringComparer.Ordinal)))
            {
                _memberships.Add(group);
            }
        }
    }

    /// <summary>True where it may read a file or search a folder; without that user, where whoever asks may.</summary>
    public bool MayRead(string path)
    {
        try
        {
            if (_user is not { } user)
            {
                return CanOpen(path);
            }

            if (FileStatus.Of(path) is not { } status)
            {
                return false;
            }

            var mode = (int)status.Mode;
            var bits = status.User == user ? mode >> 6 : _memberships.Contains(status.Group) ? mode >> 3 : mode;
            return (bits & 4) != 0 && (status.IsRegular || (bits & 1) != 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool CanOpen(string path)
    {
        if (Directory.Exists(path))
        {
            return Directory.EnumerateFileSystemEntries(path).Take(1).Count() <= 1;
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return true;
    }

    private static uint? Number(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
