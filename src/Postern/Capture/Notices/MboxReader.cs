using Postern.Capture.Inputs;

namespace Postern.Capture.Notices;

/// <summary>
/// Cuts an mbox into messages, holding no more than the beginning of one. A <c>From </c> line begins a message where it
/// has a date, or where it follows a blank line and a header field follows it; <c>&gt;From </c> loses one mark.
/// </summary>
internal sealed class MboxReader
{
    private const int ChunkLength = 256 * 1024;

    /// <summary>Called with each message, without its <c>From </c> line; the memory is valid during the call.</summary>
    public delegate void MessageFound(ReadOnlyMemory<byte> message);

    private readonly byte[] _message = new byte[NoticeMessage.MaxLength];
    private readonly MessageFound _found;
    private int _length;
    private bool _afterBlank = true;
    private bool _pending;
    private long _at;
    private long _pendingAt;
    private byte[] _pendingLine = [];

    /// <summary>While a message is handed on: where it ends in the stream, and the next one begins.</summary>
    public long MessageEnd { get; private set; }

    /// <summary>Hands each message to <paramref name="found"/>.</summary>
    public MboxReader(MessageFound found) => _found = found;

    /// <summary>Reads to the end of <paramref name="stream"/>.</summary>
    public void Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var lines = new LineReader(stream, ChunkLength);
        while (lines.TryRead(out var line, out var startsLine))
        {
            Take(line, startsLine);
            _at += line.Length;
        }

        if (_pending)
        {
            Keep(_pendingLine);
        }

        Finish(_at);
    }

    /// <summary>Takes a line with its line feed, or a piece of one that is too long for the buffer.</summary>
    private void Take(ReadOnlySpan<byte> line, bool startsLine)
    {
        if (_pending)
        {
            _pending = false;
            if (MessageHeader.IsField(line.TrimEnd("\r\n"u8)))
            {
                Finish(_pendingAt);
            }
            else
            {
                Keep(_pendingLine);
            }
        }

        if (!startsLine)
        {
            Keep(line);
            return;
        }

        var afterBlank = _afterBlank;
        _afterBlank = line[0] is (byte)'\n' or (byte)'\r';
        if (line[0] == 'F' && line.StartsWith("From "u8))
        {
            if (MboxSeparator.Begins(line))
            {
                Finish(_at);
                return;
            }

            // It is decided by the next line.
            _pending = afterBlank;
            if (_pending)
            {
                _pendingAt = _at;
                _pendingLine = line[..Math.Min(line.Length, 1024)].ToArray();
                return;
            }
        }
        else if (line[0] == '>' && line.TrimStart((byte)'>').StartsWith("From "u8))
        {
            line = line[1..];
        }

        Keep(line);
    }

    private void Keep(ReadOnlySpan<byte> line)
    {
        var count = Math.Min(line.Length, _message.Length - _length);
        line[..count].CopyTo(_message.AsSpan(_length));
        _length += count;
    }

    private void Finish(long end)
    {
        MessageEnd = end;
        if (_length > 0)
        {
            _found(_message.AsMemory(0, _length));
        }

        _length = 0;
        _afterBlank = false;
    }
}
