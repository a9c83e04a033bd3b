using System.Globalization;

namespace Postern.Facts;

/// <summary>
/// A network of clients: an address whose bits behind the prefix are zero, and the prefix's length. A single client is its
/// own network of /32 or /128.
/// </summary>
public readonly record struct ClientNetwork : IComparable<ClientNetwork>
{
    private const int MappedBits = 96;

    private ClientNetwork(ClientAddress first, byte prefixLength) => (First, PrefixLength) = (first, prefixLength);

    /// <summary>The lowest address.</summary>
    public ClientAddress First { get; }

    /// <summary>Bits of the prefix in the address's own family: 0 to 32 for IPv4, 0 to 128 for IPv6.</summary>
    public byte PrefixLength { get; }

    /// <summary>True for IPv4.</summary>
    public bool IsIPv4 => First.IsIPv4;

    /// <summary>True where it is one address.</summary>
    public bool IsSingle => PrefixLength == (IsIPv4 ? 32 : 128);

    /// <summary>The highest address.</summary>
    public ClientAddress Last
    {
        get
        {
            var (high, low) = Mask(PrefixLength + (IsIPv4 ? MappedBits : 0));
            return new(First.High | ~high, First.Low | ~low);
        }
    }

    /// <summary>The network of one address.</summary>
    public static ClientNetwork Of(ClientAddress address) => new(address, (byte)(address.IsIPv4 ? 32 : 128));

    /// <summary>The network of that prefix length in which the address is; lengths beyond the family's are cut to it.</summary>
    public static ClientNetwork Of(ClientAddress address, int prefixLength)
    {
        var bits = Math.Clamp(prefixLength, 0, address.IsIPv4 ? 32 : 128);
        var (high, low) = Mask(bits + (address.IsIPv4 ? MappedBits : 0));
        return new(new ClientAddress(address.High & high, address.Low & low), (byte)bits);
    }

    /// <summary>The address that stands for a client's host: the addresses of one IPv6 /64 are one host's, which may take a new one for every session.</summary>
    public static ClientAddress HostOf(ClientAddress address) => address.IsIPv4 ? address : Of(address, 64).First;

    /// <summary>Reads <c>192.0.2.0/24</c>, <c>2001:db8::/64</c> or a bare address; bits behind the prefix are dropped.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ClientNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/');
        if (!ClientAddress.TryParse(slash < 0 ? text : text[..slash], out var address))
        {
            return false;
        }

        if (slash < 0)
        {
            network = Of(address);
            return true;
        }

        if (!byte.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var bits) || bits > (address.IsIPv4 ? 32 : 128))
        {
            return false;
        }

        network = Of(address, bits);
        return true;
    }

    /// <summary>True where the address is in the network.</summary>
    public bool Contains(ClientAddress address) => address.IsIPv4 == IsIPv4 && Of(address, PrefixLength).First == First;

    /// <summary>True where all of the other is in this.</summary>
    public bool Contains(ClientNetwork other) => other.PrefixLength >= PrefixLength && Contains(other.First);

    /// <summary>The networks that make up this one but for others: none of them overlaps another.</summary>
    /// <param name="holes">What is left out.</param>
    public IReadOnlyList<ClientNetwork> Without(IReadOnlyCollection<ClientNetwork> holes)
    {
        ArgumentNullException.ThrowIfNull(holes);
        List<ClientNetwork> pieces = [];
        Split(this, [.. holes], pieces);
        return pieces;
    }

    /// <summary>By first address, then the larger network first.</summary>
    public int CompareTo(ClientNetwork other) => First != other.First ? First.CompareTo(other.First) : PrefixLength.CompareTo(other.PrefixLength);

    /// <summary>In CIDR form, single addresses too: <c>192.0.2.1/32</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}/{PrefixLength}");

    /// <summary>By <see cref="CompareTo"/>.</summary>
    public static bool operator <(ClientNetwork left, ClientNetwork right) => left.CompareTo(right) < 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >(ClientNetwork left, ClientNetwork right) => left.CompareTo(right) > 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator <=(ClientNetwork left, ClientNetwork right) => left.CompareTo(right) <= 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >=(ClientNetwork left, ClientNetwork right) => left.CompareTo(right) >= 0;

    private static void Split(ClientNetwork network, List<ClientNetwork> holes, List<ClientNetwork> pieces)
    {
        if (holes.Exists(hole => hole.Contains(network)))
        {
            return;
        }

        var within = holes.FindAll(network.Contains);
        if (within.Count == 0)
        {
            pieces.Add(network);
            return;
        }

        Split(Of(network.First, network.PrefixLength + 1), within, pieces);
        Split(Of(network.Last, network.PrefixLength + 1), within, pieces);
    }

    private static (ulong High, ulong Low) Mask(int bits) => bits switch
    {
        <= 0 => (0, 0),
        < 64 => (ulong.MaxValue << (64 - bits), 0),
        64 => (ulong.MaxValue, 0),
        < 128 => (ulong.MaxValue, ulong.MaxValue << (128 - bits)),
        _ => (ulong.MaxValue, ulong.MaxValue),
    };
}
