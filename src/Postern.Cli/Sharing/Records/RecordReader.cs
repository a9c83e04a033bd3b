using System.Buffers.Binary;
using System.Text;
using Postern.Facts;

namespace Postern.Cli.Sharing.Records;

/// <summary>Takes values one behind the other; what does not fit makes <see cref="IsSound"/> false, and gives zeros from then on.</summary>
/// <param name="bytes">The bytes.</param>
/// <param name="texts">Where the texts come from.</param>
internal ref struct RecordReader(ReadOnlySpan<byte> bytes, RecordTexts texts)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>False where something did not fit.</summary>
    public bool IsSound { get; private set; } = true;

    /// <summary>True where nothing is left.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>A byte.</summary>
    public byte Byte() => Take(1) is { Length: 1 } one ? one[0] : (byte)0;

    /// <summary>A number of 8 bytes.</summary>
    public long Number() => Take(8) is { Length: 8 } some ? BinaryPrimitives.ReadInt64BigEndian(some) : 0;

    /// <summary>A number of 4 bytes.</summary>
    public int Small() => Take(4) is { Length: 4 } some ? BinaryPrimitives.ReadInt32BigEndian(some) : 0;

    /// <summary>A hash.</summary>
    public UInt128 Hash() => Take(16) is { Length: 16 } some ? BinaryPrimitives.ReadUInt128BigEndian(some) : 0;

    /// <summary>A text.</summary>
    public string Text()
    {
        var length = Take(2) is { Length: 2 } some ? BinaryPrimitives.ReadUInt16BigEndian(some) : 0;
        try
        {
            return texts.Of(Take(length));
        }
        catch (DecoderFallbackException)
        {
            IsSound = false;
            return "";
        }
    }

    /// <summary>An address.</summary>
    public ClientAddress Address()
    {
        switch (Byte())
        {
            case 4:
                return Take(4) is { Length: 4 } v4 ? ClientAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(v4)) : default;
            case 6:
                return Take(16) is { Length: 16 } v6 ? new ClientAddress(BinaryPrimitives.ReadUInt64BigEndian(v6), BinaryPrimitives.ReadUInt64BigEndian(v6[8..])) : default;
            default:
                IsSound = false;
                return default;
        }
    }

    /// <summary>A network; one whose bits behind the prefix are not zero is none.</summary>
    public ClientNetwork Network()
    {
        var prefix = Byte();
        var first = Address();
        var network = ClientNetwork.Of(first, prefix);
        IsSound &= network.PrefixLength == prefix && network.First == first;
        return network;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (!IsSound || _rest.Length < count)
        {
            IsSound = false;
            return [];
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
