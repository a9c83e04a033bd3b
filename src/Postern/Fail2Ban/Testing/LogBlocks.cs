using System.Buffers;
using System.Text;

namespace Postern.Fail2Ban.Testing;

/// <summary>Whole lines of a log, in UTF-8. Whoever has a block gives its memory back.</summary>
internal sealed class FileBlock(byte[] bytes, int length) : IDisposable
{
    /// <summary>The lines.</summary>
    public ReadOnlySpan<byte> Text => bytes.AsSpan(0, length);

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => ArrayPool<byte>.Shared.Return(bytes);
}

/// <summary>Reads a log in blocks of whole lines, as UTF-8.</summary>
internal sealed class LogBlocks(Stream log, Encoding encoding)
{
    // Small enough to be still in a core's cache when the lines that were found are matched.
    private const int BlockLength = 256 * 1024;

    // A line longer than this is cut: it is no log's, and memory must be bounded.
    private const int LongestLine = 16 * 1024 * 1024;

    /// <summary>The blocks.</summary>
    public IEnumerable<FileBlock> Read()
    {
        var isUtf8 = encoding is UTF8Encoding or ASCIIEncoding;
        using var source = isUtf8 ? null : Encoding.CreateTranscodingStream(log, encoding, new UTF8Encoding(false), leaveOpen: true);
        var bytes = ArrayPool<byte>.Shared.Rent(BlockLength);
        var kept = 0;
        for (var ended = false; !ended;)
        {
            if (kept > bytes.Length / 2)
            {
                bytes = Next(bytes, 0, kept, bytes.Length * 2, giveBack: true);
            }

            var length = kept + (source ?? log).ReadAtLeast(bytes.AsSpan(kept), bytes.Length - kept, throwOnEndOfStream: false);
            ended = length < bytes.Length;
            var end = ended || length > LongestLine ? length : bytes.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
            kept = length - end;
            if (end == 0)
            {
                continue;
            }

            var next = Next(bytes, end, kept, BlockLength, giveBack: false);
            yield return new FileBlock(bytes, end);
            bytes = next;
        }

        ArrayPool<byte>.Shared.Return(bytes);
    }

    private static byte[] Next(byte[] bytes, int from, int length, int least, bool giveBack)
    {
        var next = ArrayPool<byte>.Shared.Rent(Math.Max(least, length));
        bytes.AsSpan(from, length).CopyTo(next);
        if (giveBack)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }

        return next;
    }
}
