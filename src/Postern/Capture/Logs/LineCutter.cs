using Postern.Facts;

namespace Postern.Capture.Logs;

/// <summary>
/// Cuts what a stream has so far into batches of whole lines; a line without its end waits. What is beyond the longest line
/// of a log is thrown away.
/// </summary>
/// <param name="source">The source's name.</param>
/// <param name="stream">What is read; stays the caller's.</param>
/// <param name="fileId">Which file it is.</param>
/// <param name="offset">Where in the uncompressed file the stream stands.</param>
/// <param name="written">When the file was last written, for stamps without a year.</param>
internal sealed class LineCutter(string source, Stream stream, ulong fileId, long offset, DateTimeOffset written)
{
    private readonly byte[] _buffer = new byte[LogBlock.Size];
    private readonly YearFollower _years = new();
    private int _length;
    private bool _isSkipping;
    private bool _isDated;

    /// <summary>Where the next line begins: everything before has been handed on.</summary>
    public long Offset { get; private set; } = offset;

    /// <summary>Which file it is.</summary>
    public ulong FileId => fileId;

    /// <summary>The next batch; null where no whole line waits.</summary>
    public LineBatch? Next()
    {
        while (true)
        {
            var read = stream.Read(_buffer, _length, _buffer.Length - _length);
            _length += read;
            var end = _buffer.AsSpan(0, _length).LastIndexOf((byte)'\n') + 1;
            if (_isSkipping)
            {
                if (!DropRest())
                {
                    if (read == 0)
                    {
                        return null;
                    }

                    continue;
                }

                end = _buffer.AsSpan(0, _length).LastIndexOf((byte)'\n') + 1;
            }

            if (end > 0)
            {
                return Cut(end);
            }

            if (_length == _buffer.Length)
            {
                _isSkipping = true;
                return Cut(_length);
            }

            if (read == 0)
            {
                return null;
            }
        }
    }

    // The rest of a line that was too long, up to its line feed.
    private bool DropRest()
    {
        var end = _buffer.AsSpan(0, _length).IndexOf((byte)'\n') + 1;
        var drop = end == 0 ? _length : end;
        Shift(drop);
        _isSkipping = end == 0;
        return !_isSkipping;
    }

    private LineBatch Cut(int length)
    {
        var lines = _buffer.AsSpan(0, length).ToArray();
        if (!_isDated)
        {
            _isDated = true;
            _years.StartAt(YearInference.FirstYear(lines, [], written));
        }

        var start = new SourcePosition(source, fileId, Offset);
        Shift(length);
        var batch = new LineBatch
        {
            Source = source,
            Lines = lines,
            Start = start,
            End = new SourcePosition(source, fileId, Offset),
            Year = _years.Year,
        };
        _years.Follow(lines);
        return batch;
    }

    private void Shift(int length)
    {
        _buffer.AsSpan(length, _length - length).CopyTo(_buffer);
        _length -= length;
        Offset += length;
    }
}
