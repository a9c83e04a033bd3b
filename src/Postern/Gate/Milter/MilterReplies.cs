using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Postern.Gate.Milter;

/// <summary>Collects the packets that go back, to be sent together.</summary>
internal sealed class MilterReplies
{
    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    /// <summary>What is to be sent.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    /// <summary>True where nothing is.</summary>
    public bool IsEmpty => _bytes.WrittenCount == 0;

    /// <summary>Forgets what was sent.</summary>
    public void Clear() => _bytes.ResetWrittenCount();

    /// <summary>Goes on.</summary>
    public void Continue() => Packet(MilterAnswer.Continue, 0);

    /// <summary>Refuses with this line: code, enhanced status, text.</summary>
    public void ReplyCode(string line)
    {
        Packet(MilterAnswer.ReplyCode, Encoding.ASCII.GetByteCount(line) + 1);
        Text(line);
    }

    /// <summary>Lets the message wait in the queue for the operator.</summary>
    public void Quarantine(string reason)
    {
        Packet(MilterAnswer.Quarantine, Encoding.ASCII.GetByteCount(reason) + 1);
        Text(reason);
    }

    /// <summary>Inserts a header below Postfix's own Received: where all milters do, so that those behind us see it.</summary>
    public void InsertHeader(string name, string value)
    {
        Packet(MilterAnswer.InsertHeader, 4 + Encoding.ASCII.GetByteCount(name) + 1 + Encoding.UTF8.GetByteCount(value) + 1);
        Number(1);
        Text(name);
        Text(value);
    }

    /// <summary>Deletes the header of that name and count, from 1; those below it then count one less.</summary>
    public void DeleteHeader(string name, int index)
    {
        Packet(MilterAnswer.ChangeHeader, 4 + Encoding.ASCII.GetByteCount(name) + 1 + 1);
        Number((uint)index);
        Text(name);
        Text("");
    }

    /// <summary>What was negotiated, with the macros that are wanted at each stage.</summary>
    public void Negotiated(uint version, MilterActions actions, MilterSteps steps, ReadOnlySpan<(uint Stage, string Macros)> wanted)
    {
        var length = 12;
        foreach (var (_, macros) in wanted)
        {
            length += 4 + macros.Length + 1;
        }

        Packet(MilterCommand.Negotiate, length);
        Number(version);
        Number((uint)actions);
        Number((uint)steps);
        foreach (var (stage, macros) in wanted)
        {
            Number(stage);
            Text(macros);
        }
    }

    private void Packet(byte command, int length)
    {
        Number((uint)length + 1);
        _bytes.GetSpan(1)[0] = command;
        _bytes.Advance(1);
    }

    private void Number(uint number)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_bytes.GetSpan(4), number);
        _bytes.Advance(4);
    }

    private void Text(string text)
    {
        var span = _bytes.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length) + 1);
        var length = Encoding.UTF8.GetBytes(text, span);
        span[length] = 0;
        _bytes.Advance(length + 1);
    }
}
