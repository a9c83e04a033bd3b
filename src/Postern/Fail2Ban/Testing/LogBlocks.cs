using System.Text;

namespace Postern.Fail2Ban.Testing;

/// <summary>Reads a log in blocks of whole lines, as UTF-8.</summary>
internal sealed class LogBlocks(Stream log, Encoding encoding)
{
    private const int BlockLength = 1024 * 1024;

    // A line longer than this is cut: it is no log's, and memory must be bounded.
    private const int LongestLine = 16 * 1024 * 1024;

    /// <summary>The blocks; each is valid until the next is asked for.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Read()
    {
        var isUtf8 = encoding is UTF8Encoding or ASCIIEncoding;
        using var source = isUtf8 ? null : Encoding.CreateTranscodingStream(log, encoding, new UTF8Encoding(false), leaveOpen: true);
        var bytes = new byte[BlockLength];
        var kept = 0;
        for (var ended = false; !ended;)
        {
            if (kept > bytes.Length / 2)
                Array.Resize(ref bytes, bytes.Length * 2);
            var read = (source ?? log).ReadAtLeast(bytes.AsSpan(kept), bytes.Length - kept, throwOnEndOfStream: false);
            ended = kept + read < bytes.Length;
            var length = kept + read;
            var end = ended || length > LongestLine ? length : bytes.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
            if (end > 0)
                yield return bytes.AsMemory(0, end);
            bytes.AsSpan(end, length - end).CopyTo(bytes);
            kept = length - end;
        }
    }
}
