using System.Text;

namespace Postern.Fail2Ban.Testing;

/// <summary>Reads a log in blocks of whole lines. Bytes that are no text in its encoding become U+FFFD.</summary>
internal sealed class TextBlocks(Stream log, Encoding encoding)
{
    private const int BlockLength = 1024 * 1024;

    // A line longer than this is cut: it is no log's, and memory must be bounded.
    private const int LongestLine = 16 * 1024 * 1024;

    /// <summary>The blocks; each is valid until the next is asked for.</summary>
    public IEnumerable<ReadOnlyMemory<char>> Read()
    {
        var bytes = new byte[BlockLength];
        var chars = new char[encoding.GetMaxCharCount(BlockLength) + BlockLength];
        var decoder = encoding.GetDecoder();
        var kept = 0;
        for (var ended = false; !ended;)
        {
            var read = log.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            ended = read < bytes.Length;
            var room = kept + encoding.GetMaxCharCount(read) + 1;
            if (chars.Length < room)
                Array.Resize(ref chars, room * 2);
            var length = kept + decoder.GetChars(bytes, 0, read, chars, kept, flush: ended);
            var end = ended || length > LongestLine ? length : chars.AsSpan(0, length).LastIndexOf('\n') + 1;
            if (end > 0)
                yield return chars.AsMemory(0, end);
            chars.AsSpan(end, length - end).CopyTo(chars);
            kept = length - end;
        }
    }
}
