using Postern.Facts;

namespace Postern.Capture.Logs;

/// <summary>The last bytes before a place in a log, by which the place is known again.</summary>
internal sealed class LogFingerprint
{
    /// <summary>Bytes of two lines or more: their stamps and processes do not come again at the same place.</summary>
    public const int Longest = 256;

    private readonly byte[] _bytes = new byte[Longest];
    private int _length;

    /// <summary>One of the same place.</summary>
    public LogFingerprint Copy()
    {
        var copy = new LogFingerprint();
        copy.Take(Bytes);
        return copy;
    }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Their hash; 0 at the beginning of a file.</summary>
    public ulong Hash => _length == 0 ? 0 : StableHash.Of(Bytes);

    /// <summary>Goes on behind these bytes.</summary>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Longest)
        {
            var keep = Math.Min(_length, Longest - bytes.Length);
            _bytes.AsSpan(_length - keep, keep).CopyTo(_bytes);
            _length = keep;
        }
        else
        {
            bytes = bytes[^Longest..];
            _length = 0;
        }

        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }
}
