using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Postern.Facts;

/// <summary>
/// The IP address of a client, as 128 bits. An IPv4 address, and an IPv4-mapped IPv6 address, is held as ::ffff:a.b.c.d,
/// so that both spellings of one client are equal. The default value means that Postfix did not know the address.
/// </summary>
/// <param name="High">The upper 64 bits, in host order.</param>
/// <param name="Low">The lower 64 bits, in host order.</param>
public readonly record struct ClientAddress(ulong High, ulong Low) : IComparable<ClientAddress>
{
    private static readonly SearchValues<byte> s_addressBytes = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    /// <summary>The address that is not known: Postfix logs <c>unknown[unknown]</c>, a pasted transcript names none.</summary>
    public static ClientAddress Unknown => default;

    /// <summary>False for <see cref="Unknown"/>.</summary>
    public bool IsKnown => (High | Low) != 0;

    /// <summary>True for IPv4, IPv4-mapped IPv6 included.</summary>
    public bool IsIPv4 => High == 0 && (Low & 0xFFFF_FFFF_0000_0000) == MappedPrefix;

    /// <summary>The address of 32 bits in host order, <c>0xC0000201</c> being 192.0.2.1.</summary>
    public static ClientAddress FromIPv4(uint address) => new(0, MappedPrefix | address);

    /// <summary>The same address in this form; never fails.</summary>
    public static ClientAddress From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            address.TryWriteBytes(bytes, out _);
            return FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes));
        }

        address.TryWriteBytes(bytes, out _);
        return new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
    }

    /// <summary>Reads the text forms of RFC 4291 and dotted IPv4 (four decimal parts, no leading zeros, no short forms).</summary>
    /// <returns>False, and <see cref="Unknown"/>, where the text is anything else.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out ClientAddress address)
    {
        if (TryParseIPv4(text, out var v4))
        {
            address = FromIPv4(v4);
            return true;
        }

        address = Unknown;
        if (text.Length is < 2 or > 45 || !text.Contains((byte)':') || text.IndexOfAnyExcept(s_addressBytes) >= 0)
        {
            return false;
        }

        if (IPv6Text.TryRead(text, out var high, out var low))
        {
            address = new ClientAddress(high, low);
            return address.IsKnown;
        }

        if (!IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        address = From(parsed);
        return address.IsKnown;
    }

    /// <summary>Reads the same forms from characters.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ClientAddress address)
    {
        Span<byte> bytes = stackalloc byte[64];
        if (text.Length > bytes.Length || !System.Text.Ascii.IsValid(text))
        {
            address = Unknown;
            return false;
        }

        var length = System.Text.Encoding.ASCII.GetBytes(text, bytes);
        return TryParse(bytes[..length], out address);
    }

    /// <summary>The address for the framework's own calls: IPv4 as IPv4.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)Low);
            return new IPAddress(bytes[..4]);
        }

        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        return new IPAddress(bytes);
    }

    /// <inheritdoc/>
    public int CompareTo(ClientAddress other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <summary>The usual text: dotted IPv4, or RFC 5952 IPv6; <c>unknown</c> where it is not known.</summary>
    public override string ToString() => IsKnown ? ToIPAddress().ToString() : "unknown";

    /// <summary>A hash with a seed that is drawn anew in each process: whoever has a network of his own chooses his addresses.</summary>
    public override int GetHashCode() => SeededHash.Of(High, Low);

    /// <summary>Numeric order; IPv4 before IPv6.</summary>
    public static bool operator <(ClientAddress left, ClientAddress right) => left.CompareTo(right) < 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >(ClientAddress left, ClientAddress right) => left.CompareTo(right) > 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator <=(ClientAddress left, ClientAddress right) => left.CompareTo(right) <= 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >=(ClientAddress left, ClientAddress right) => left.CompareTo(right) >= 0;

    private static bool TryParseIPv4(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        if (text.Length is < 7 or > 15)
        {
            return false;
        }

        uint part = 0;
        int digits = 0, dots = 0;
        foreach (var c in text)
        {
            if (c == '.')
            {
                if (digits == 0 || ++dots > 3)
                {
                    return false;
                }

                address = (address << 8) | part;
                part = 0;
                digits = 0;
                continue;
            }

            var digit = (uint)(c - '0');
            if (digit > 9 || (digits > 0 && part == 0))
            {
                return false;
            }

            part = (part * 10) + digit;
            if (part > 255)
            {
                return false;
            }

            digits++;
        }

        address = (address << 8) | part;
        return dots == 3 && digits > 0;
    }
}
