using System.Buffers.Binary;
using System.Text;
using Postern.Facts;

namespace Postern.Cli.Sharing.Records;

/// <summary>Puts values behind one another, numbers with the highest byte first.</summary>
internal sealed class RecordWriter
{
    private byte[] _bytes = new byte[256];

    /// <summary>Bytes so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Begins anew.</summary>
    public void Clear() => Length = 0;

    /// <summary>A byte.</summary>
    public void Byte(byte value) => Take(1)[0] = value;

    /// <summary>A number of 8 bytes.</summary>
    public void Number(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(8), value);

    /// <summary>A number of 4 bytes.</summary>
    public void Small(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(4), value);

    /// <summary>A hash.</summary>
    public void Hash(UInt128 value) => BinaryPrimitives.WriteUInt128BigEndian(Take(16), value);

    /// <summary>A text with its length; cut to what fits into <paramref name="most"/> bytes.</summary>
    public void Text(string text, int most)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = Math.Min(bytes.Length, most);
        while (length < bytes.Length && length > 0 && (bytes[length] & 0xC0) == 0x80)
        {
            length--;
        }

        BinaryPrimitives.WriteUInt16BigEndian(Take(2), (ushort)length);
        bytes.AsSpan(0, length).CopyTo(Take(length));
    }

    /// <summary>An address: 4 bytes for IPv4, 16 for IPv6, behind which of both it is.</summary>
    public void Address(ClientAddress address)
    {
        Byte(address.IsIPv4 ? (byte)4 : (byte)6);
        if (address.IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(Take(4), (uint)address.Low);
            return;
        }

        BinaryPrimitives.WriteUInt64BigEndian(Take(8), address.High);
        BinaryPrimitives.WriteUInt64BigEndian(Take(8), address.Low);
    }

    /// <summary>A network.</summary>
    public void Network(ClientNetwork network)
    {
        Byte(network.PrefixLength);
        Address(network.First);
    }

    /// <summary>Room for so many bytes.</summary>
    public Span<byte> Take(int count)
    {
        if (Length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }

        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}
