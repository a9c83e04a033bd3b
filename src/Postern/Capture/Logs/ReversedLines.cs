using Postern.Capture.Inputs;

namespace Postern.Capture.Logs;

/// <summary>Gives the lines of a file from the last to the first. A line longer than a block of a log is parted.</summary>
/// <param name="file">Can seek; disposed with this stream.</param>
internal sealed class ReversedLines(Stream file) : ReadOnlyStream
{
    private readonly byte[] _block = new byte[LogBlock.Size];
    private readonly byte[] _line = new byte[LogBlock.Size + 1];

    // The bytes of the file before this have not been looked at; those of the block before _length have not been given.
    private long _start = file.Length;
    private int _length;
    private int _lineAt, _lineLength;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_lineAt == _lineLength && !Next())
        {
            return 0;
        }

        var count = Math.Min(buffer.Length, _lineLength - _lineAt);
        _line.AsSpan(_lineAt, count).CopyTo(buffer);
        _lineAt += count;
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool Next()
    {
        if (_length == 0 && _start == 0)
        {
            return false;
        }

        var text = Text();
        var from = text.LastIndexOf((byte)'\n') + 1;
        if (from == 0 && _start > 0)
        {
            Fill();
            text = Text();
            from = text.LastIndexOf((byte)'\n') + 1;
        }

        text[from..].CopyTo(_line);
        _line[text.Length - from] = (byte)'\n';
        (_lineAt, _lineLength) = (0, text.Length - from + 1);
        _length = from;
        return true;
    }

    // What is left of the block, without the line feed that ends its last line.
    private ReadOnlySpan<byte> Text()
    {
        if (_length == 0)
        {
            Fill();
        }

        var text = _block.AsSpan(0, _length);
        return text is [.., (byte)'\n'] ? text[..^1] : text;
    }

    // Puts earlier bytes of the file before what is left.
    private void Fill()
    {
        var room = (int)Math.Min(_block.Length - _length, _start);
        _block.AsSpan(0, _length).CopyTo(_block.AsSpan(room));
        _start -= room;
        file.Position = _start;
        file.ReadExactly(_block.AsSpan(0, room));
        _length += room;
    }
}
