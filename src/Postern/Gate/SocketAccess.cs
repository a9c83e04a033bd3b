using System.Runtime.InteropServices;

namespace Postern.Gate;

/// <summary>Who may enter a Unix socket.</summary>
/// <param name="User">The user id that is to own it; null to leave it ours.</param>
/// <param name="Group">Its group id; null to leave it ours.</param>
/// <param name="Mode">Its rights.</param>
internal sealed partial record SocketAccess(uint? User, uint? Group, UnixFileMode Mode)
{
    /// <summary>Everybody who may enter the folder around it.</summary>
    public static SocketAccess Everybody { get; } = new(null, null,
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);

    /// <summary>Sets it.</summary>
    /// <exception cref="IOException">The owner may not be changed.</exception>
    public void Set(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        if ((User is not null || Group is not null) && ChangeOwner(path, User ?? uint.MaxValue, Group ?? uint.MaxValue) != 0)
        {
            throw new IOException($"the owner of {path} cannot be changed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }

        File.SetUnixFileMode(path, Mode);
    }

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
