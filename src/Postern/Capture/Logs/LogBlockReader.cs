namespace Postern.Capture.Logs;

/// <summary>
/// Cuts a stream into blocks of whole lines. A line longer than a block is cut off there, and its rest is thrown away, so
/// that no line can make the reader grow.
/// </summary>
internal sealed class LogBlockReader(Stream stream, int startYear)
{
    private readonly byte[] _carry = new byte[LogBlock.Size];
    private int _carryLength;
    private readonly YearFollower _years = new(startYear);
    private bool _skipping;
    private bool _ended;

    /// <summary>Lines that were too long and so cut off.</summary>
    public int LongLines { get; private set; }

    /// <summary>Bytes read so far, for a progress bar.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Fills a block.</summary>
    /// <returns>False at the end of the stream, when the block stays empty.</returns>
    public bool Fill(LogBlock block)
    {
        block.Length = 0;
        while (!_ended || _carryLength > 0)
        {
            var length = FillBytes(block.Bytes);
            var end = block.Bytes.AsSpan(0, length).LastIndexOf((byte)'\n');
            if (end < 0 && length == block.Bytes.Length)
            {
                if (!_skipping)
                {
                    LongLines++;
                    _skipping = true;
                    return Deliver(block, length);
                }

                continue;
            }

            var lines = _ended ? length : end + 1;
            _carryLength = length - lines;
            block.Bytes.AsSpan(lines, _carryLength).CopyTo(_carry);
            if (_skipping)
            {
                lines = DropRestOfLongLine(block, lines);
            }

            if (lines > 0)
            {
                return Deliver(block, lines);
            }
        }

        return false;
    }

    private int FillBytes(byte[] into)
    {
        _carry.AsSpan(0, _carryLength).CopyTo(into);
        var length = _carryLength;
        _carryLength = 0;
        while (length < into.Length && !_ended)
        {
            var read = stream.Read(into, length, into.Length - length);
            _ended = read == 0;
            length += read;
            BytesRead += read;
        }

        return length;
    }

    private int DropRestOfLongLine(LogBlock block, int lines)
    {
        var end = block.Bytes.AsSpan(0, lines).IndexOf((byte)'\n');
        _skipping = false;
        if (end < 0)
        {
            return 0;
        }

        block.Bytes.AsSpan(end + 1, lines - end - 1).CopyTo(block.Bytes);
        return lines - end - 1;
    }

    private bool Deliver(LogBlock block, int length)
    {
        block.Length = length;
        block.Year = _years.Year;
        block.Month = _years.Month;
        _years.Follow(block.Bytes.AsSpan(0, length));
        return true;
    }
}
