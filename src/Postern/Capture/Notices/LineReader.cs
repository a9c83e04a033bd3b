namespace Postern.Capture.Notices;

/// <summary>Lines out of a stream through one buffer; a line that is longer comes in pieces.</summary>
/// <param name="stream">Read to its end, not disposed.</param>
/// <param name="capacity">The buffer in bytes, and the longest piece.</param>
internal sealed class LineReader(Stream stream, int capacity)
{
    private readonly byte[] _buffer = new byte[capacity];
    private int _start;
    private int _end;
    private bool _ended;
    private bool _inLine;

    /// <summary>The next line with its line feed, or the next piece.</summary>
    /// <param name="line">Never empty; valid until the next call.</param>
    /// <param name="startsLine">False for a piece that goes on with the line before.</param>
    public bool TryRead(out ReadOnlySpan<byte> line, out bool startsLine)
    {
        startsLine = !_inLine;
        var searched = 0;
        while (true)
        {
            var feed = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                return Give(searched + feed + 1, inLine: false, out line);
            }

            searched = _end - _start;
            if (searched == _buffer.Length || (_ended && searched > 0))
            {
                return Give(searched, inLine: !_ended, out line);
            }

            if (_ended)
            {
                line = [];
                return false;
            }

            if (_end == _buffer.Length)
            {
                _buffer.AsSpan(_start, searched).CopyTo(_buffer);
                _start = 0;
                _end = searched;
            }

            var read = stream.Read(_buffer.AsSpan(_end));
            _ended = read == 0;
            _end += read;
        }
    }

    private bool Give(int length, bool inLine, out ReadOnlySpan<byte> line)
    {
        line = _buffer.AsSpan(_start, length);
        _start += length;
        if (_start == _end)
        {
            _start = _end = 0;
        }

        _inLine = inLine;
        return true;
    }
}
