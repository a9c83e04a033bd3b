using System.Runtime.InteropServices;
using System.Text;

namespace Postern.Enforcement.Netlink;

/// <summary>One message to the kernel (netlink(7)): its header, a fixed part, and attributes.</summary>
internal sealed class NetlinkRequest
{
    /// <summary>Wants an answer of every object (NLM_F_DUMP).</summary>
    public const ushort Dump = 0x300;

    /// <summary>Wants to be told how it went (NLM_F_ACK).</summary>
    public const ushort Acknowledge = 4;

    private const ushort Request = 1;

    private readonly List<byte> _bytes = [];

    /// <summary>Begins with the header and the fixed part.</summary>
    public NetlinkRequest(ushort type, ushort flags, ReadOnlySpan<byte> head)
    {
        uint[] none = [0, 0];
        _bytes.AddRange([0, 0, 0, 0]);
        Add<ushort>(type);
        Add<ushort>((ushort)(Request | flags));
        _bytes.AddRange(MemoryMarshal.AsBytes<uint>(none));
        _bytes.AddRange(head);
    }

    /// <summary>How long it is so far, in bytes.</summary>
    public int Length => _bytes.Count;

    /// <summary>Adds an attribute that holds text.</summary>
    public NetlinkRequest With(ushort type, string text)
    {
        var attribute = Open(type);
        _bytes.AddRange(Encoding.UTF8.GetBytes(text + '\0'));
        Close(attribute);
        while (_bytes.Count % 4 != 0)
        {
            _bytes.Add(0);
        }

        return this;
    }

    /// <summary>Begins an attribute, which may hold others.</summary>
    /// <returns>What <see cref="Close"/> takes.</returns>
    public int Open(ushort type)
    {
        var at = _bytes.Count;
        Add<ushort>(0);
        Add(type);
        return at;
    }

    /// <summary>Adds to the attribute that was begun last. Bytes of a length that four divides need no padding.</summary>
    public void Append(ReadOnlySpan<byte> value) => _bytes.AddRange(value);

    /// <summary>Ends an attribute.</summary>
    public void Close(int attribute) => MemoryMarshal.Write(CollectionsMarshal.AsSpan(_bytes)[attribute..], (ushort)(_bytes.Count - attribute));

    /// <summary>Asks to be told how it went, after all.</summary>
    public void WantAcknowledgement() => _bytes[6] |= (byte)Acknowledge;

    /// <summary>The message.</summary>
    public byte[] ToArray()
    {
        byte[] message = [.. _bytes];
        MemoryMarshal.Write(message, (uint)message.Length);
        return message;
    }

    private void Add<T>(T value)
        where T : unmanaged => _bytes.AddRange(MemoryMarshal.AsBytes<T>([value]));
}
