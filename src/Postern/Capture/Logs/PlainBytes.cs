using Microsoft.Win32.SafeHandles;

namespace Postern.Capture.Logs;

/// <summary>
/// A file as it is written. With each read what stands before it is read again and compared with what was read there, so that a
/// file that was truncated is seen to be another even where it has grown beyond the place again meanwhile, and between no look
/// and the next read can it become one.
/// </summary>
internal sealed class PlainBytes : ILogBytes
{
    private readonly SafeFileHandle _file;
    private readonly Memory<byte>[] _into = new Memory<byte>[2];
    private readonly byte[] _now = new byte[LogFingerprint.Longest];
    private readonly LogFingerprint _before;
    private long _position;

    /// <summary>A file, read from a place on.</summary>
    /// <param name="file">Owned from now on.</param>
    /// <param name="position">The place.</param>
    public PlainBytes(SafeFileHandle file, long position)
    {
        (_file, _position) = (file, position);
        var length = (int)Math.Min(position, LogFingerprint.Longest);
        var read = RandomAccess.Read(file, _now.AsSpan(0, length), position - length);
        IsReplaced = read < length;
        Before.Take(_now.AsSpan(0, read));
        _before = Before.Copy();
    }

    /// <inheritdoc/>
    public bool IsReplaced { get; private set; }

    /// <inheritdoc/>
    public LogFingerprint Before { get; } = new();

    /// <inheritdoc/>
    public int Read(Memory<byte> into)
    {
        if (IsReplaced)
        {
            return 0;
        }

        var known = _before.Bytes;
        _into[0] = _now.AsMemory(0, known.Length);
        _into[1] = into;
        var read = (int)RandomAccess.Read(_file, _into, _position - known.Length);
        if (read < known.Length || !known.SequenceEqual(_now.AsSpan(0, known.Length)))
        {
            IsReplaced = true;
            return 0;
        }

        read -= known.Length;
        _before.Take(into.Span[..read]);
        _position += read;
        return read;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
