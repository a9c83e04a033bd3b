using System.Globalization;
using Postern.Facts;

namespace Postern.Checks.Dnsbl;

/// <summary>
/// One row of a list's table of codes. Written as an address (<c>127.0.0.2</c>), a range of its last part
/// (<c>127.0.0.4-7</c>), or a value under a mask (<c>127.0.0.8/255.0.0.8</c>: that bit set, whatever the others are).
/// </summary>
public sealed record DnsblCode
{
    private readonly uint _from;
    private readonly uint _to;
    private readonly uint _mask;

    private DnsblCode(uint from, uint to, uint mask, string pattern, string name, double points)
    {
        (_from, _to, _mask) = (from, to, mask);
        (Pattern, Name, Points) = (pattern, name, points);
    }

    /// <summary>The address, range or mask, as it was written.</summary>
    public string Pattern { get; }

    /// <summary>What the list calls it, such as <c>XBL</c>.</summary>
    public string Name { get; }

    /// <summary>What a listing adds to the sum: negative for a list of bad senders, positive for one of good ones.</summary>
    public double Points { get; }

    /// <summary>Reads a row.</summary>
    /// <exception cref="FormatException">The pattern is none of the three forms.</exception>
    public static DnsblCode Parse(string pattern, string name, double points) =>
        TryParse(pattern, name, points) ?? throw new FormatException($"'{pattern}' is no code of a DNS list; write 127.0.0.2, 127.0.0.4-7 or 127.0.0.8/255.0.0.8");

    /// <summary>Reads a row; null where the pattern is none of the three forms.</summary>
    public static DnsblCode? TryParse(string pattern, string name, double points)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        var cut = pattern.IndexOfAny(['-', '/']);
        if (!TryAddress(cut < 0 ? pattern : pattern[..cut], out var from))
        {
            return null;
        }

        if (cut < 0)
        {
            return new(from, from, uint.MaxValue, pattern, name, points);
        }

        var rest = pattern.AsSpan(cut + 1);
        if (pattern[cut] == '/')
        {
            return TryAddress(rest, out var mask) ? new(from & mask, from & mask, mask, pattern, name, points) : null;
        }

        return byte.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var last) && last >= (from & 255)
            ? new(from, (from & 0xFFFF_FF00) | last, uint.MaxValue, pattern, name, points)
            : null;
    }

    /// <summary>True where an answer means this row.</summary>
    public bool Matches(uint answer) => (answer & _mask) >= _from && (answer & _mask) <= _to;

    private static bool TryAddress(ReadOnlySpan<char> text, out uint value)
    {
        var isAddress = ClientAddress.TryParse(text, out var address) && address.IsIPv4;
        value = (uint)address.Low;
        return isAddress;
    }
}
