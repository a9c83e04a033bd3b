using Microsoft.Win32.SafeHandles;
using Postern.Capture.Inputs;

namespace Postern.Capture.Logs;

/// <summary>A stretch of an open file, which stays open: several may read it.</summary>
/// <param name="file">The file.</param>
/// <param name="position">Where it begins.</param>
/// <param name="end">Where it ends at the latest.</param>
internal sealed class HandleStream(SafeFileHandle file, long position = 0, long end = long.MaxValue) : ReadOnlyStream
{
    private long _position = position;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var read = RandomAccess.Read(file, buffer[..(int)Math.Min(buffer.Length, Math.Max(0, end - _position))], _position);
        _position += read;
        return read;
    }

    /// <summary>A hash of what stands before a place in the file; 0 at its beginning.</summary>
    public ulong WitnessAt(long place)
    {
        var before = new byte[(int)Math.Min(place, LogFingerprint.Longest)];
        var fingerprint = new LogFingerprint();
        fingerprint.Take(before.AsSpan(0, RandomAccess.Read(file, before, place - before.Length)));
        return fingerprint.Hash;
    }
}
