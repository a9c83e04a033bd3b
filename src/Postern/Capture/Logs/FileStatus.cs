using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Postern.Facts;

namespace Postern.Capture.Logs;

/// <summary>
/// What the kernel knows of a file, its device and inode among it: a rotated log is the same file under another name
/// (statx(2), whose structure is the same on every machine).
/// </summary>
/// <param name="Device">The device, major number first.</param>
/// <param name="Inode">The file on it.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Links">Names that it has; 0 once it is deleted.</param>
/// <param name="IsRegular">True for a plain file: no pipe, no folder.</param>
/// <param name="Written">When it was last written to.</param>
internal readonly partial record struct FileStatus(ulong Device, ulong Inode, long Length, uint Links, bool IsRegular, DateTimeOffset Written)
{
    private const int CurrentFolder = -100;
    private const int EmptyPath = 0x1000;
    private const uint BasicStatus = 0x7ff;
    private const int NoEntry = 2, NoAccess = 13, NoFolder = 20;

    /// <summary>The user id of its owner.</summary>
    public uint User { get; init; }

    /// <summary>The id of its group.</summary>
    public uint Group { get; init; }

    /// <summary>Its rights.</summary>
    public UnixFileMode Mode { get; init; }

    /// <summary>The status of what stands at a path; null where nothing does.</summary>
    /// <exception cref="UnauthorizedAccessException">The folder may not be entered.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public static FileStatus? Of(string path) => Read(CurrentFolder, path, 0);

    /// <summary>The status of an open file.</summary>
    public static FileStatus Of(SafeFileHandle file) => Read((int)file.DangerousGetHandle(), "", EmptyPath) ?? default;

    /// <summary>Device and inode in one number; never 0.</summary>
    public ulong Id
    {
        get
        {
            var hash = new StableHash();
            hash.Add(Device);
            hash.Add(Inode);
            return hash.Value;
        }
    }

    /// <summary>True where both are one file, whatever its name.</summary>
    public bool IsSameFile(FileStatus other) => Device == other.Device && Inode == other.Inode;

    private static FileStatus? Read(int folder, string path, int flags)
    {
        Span<byte> status = stackalloc byte[256];
        if (StatX(folder, path, flags, BasicStatus, ref MemoryMarshal.GetReference(status)) != 0)
        {
            return Marshal.GetLastPInvokeError() switch
            {
                NoEntry or NoFolder => null,
                NoAccess => throw new UnauthorizedAccessException($"{path} may not be looked at"),
                var error => throw new IOException($"{path} cannot be looked at: {Marshal.GetPInvokeErrorMessage(error)}"),
            };
        }

        return new FileStatus(
            ((ulong)U32(status[136..]) << 32) | U32(status[140..]),
            BinaryPrimitives.ReadUInt64LittleEndian(status[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(status[40..]),
            U32(status[16..]),
            (BinaryPrimitives.ReadUInt16LittleEndian(status[28..]) & 0xF000) == 0x8000,
            DateTimeOffset.UnixEpoch.AddTicks((BinaryPrimitives.ReadInt64LittleEndian(status[112..]) * TimeSpan.TicksPerSecond) + (U32(status[120..]) / 100)))
        {
            User = U32(status[20..]),
            Group = U32(status[24..]),
            Mode = (UnixFileMode)(BinaryPrimitives.ReadUInt16LittleEndian(status[28..]) & 0xFFF),
        };
    }

    private static uint U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int StatX(int folder, string path, int flags, uint mask, ref byte status);
}
