using System.Buffers;
using System.Buffers.Binary;

namespace Postern.Gate.Milter;

/// <summary>One packet, or a piece of one that carries a body.</summary>
/// <param name="Command">Its command.</param>
/// <param name="Data">Its data; points into the connection's buffer.</param>
/// <param name="IsLast">False for a piece of a body that is followed by others of the same packet.</param>
internal readonly record struct MilterFrame(byte Command, ReadOnlySequence<byte> Data, bool IsLast);

/// <summary>What came of reading on.</summary>
internal enum FrameRead : byte
{
    /// <summary>More bytes are needed.</summary>
    More,
    /// <summary>A packet, or a piece of a body.</summary>
    Frame,
    /// <summary>A length that no packet has.</summary>
    Malformed,
}

/// <summary>Cuts a stream into packets. Bodies are handed on in pieces as they come, so that a session never holds more than one other packet.</summary>
/// <param name="most">The longest packet.</param>
internal sealed class MilterFrames(int most)
{
    private const int Prefix = 5;
    private int _bodyLeft;

    /// <summary>Takes the next packet from the buffer; what is left of it was not taken.</summary>
    public FrameRead Read(ref ReadOnlySequence<byte> buffer, out MilterFrame frame)
    {
        frame = default;
        if (_bodyLeft > 0)
        {
            return buffer.IsEmpty ? FrameRead.More : TakeBody(ref buffer, out frame);
        }

        if (buffer.Length < Prefix)
        {
            return FrameRead.More;
        }

        Span<byte> prefix = stackalloc byte[Prefix];
        buffer.Slice(0, Prefix).CopyTo(prefix);
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix);
        if (length == 0 || length > most)
        {
            return FrameRead.Malformed;
        }

        if (prefix[4] == MilterCommand.Body && length > 1)
        {
            buffer = buffer.Slice(Prefix);
            _bodyLeft = (int)length - 1;
            return buffer.IsEmpty ? FrameRead.More : TakeBody(ref buffer, out frame);
        }

        if (buffer.Length < length + 4)
        {
            return FrameRead.More;
        }

        frame = new(prefix[4], buffer.Slice(Prefix, length - 1), true);
        buffer = buffer.Slice(length + 4);
        return FrameRead.Frame;
    }

    private FrameRead TakeBody(ref ReadOnlySequence<byte> buffer, out MilterFrame frame)
    {
        var length = (int)Math.Min(buffer.Length, _bodyLeft);
        _bodyLeft -= length;
        frame = new(MilterCommand.Body, buffer.Slice(0, length), _bodyLeft == 0);
        buffer = buffer.Slice(length);
        return FrameRead.Frame;
    }
}
