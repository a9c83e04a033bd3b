using System.Globalization;
using System.Text;
using Postern.Facts;

namespace Postern.Checks.Dns;

/// <summary>The shapes of domain names.</summary>
internal static class DnsName
{
    private const string Hex = "0123456789abcdef";

    /// <summary>The PTR question of an address (RFC 1035, 3.5; RFC 3596, 2.5).</summary>
    public static DnsQuestion Pointer(ClientAddress address) =>
        new($"{Reversed(address)}.{(address.IsIPv4 ? "in-addr.arpa" : "ip6.arpa")}", DnsType.Ptr);

    /// <summary>The address back to front: four decimal parts, or 32 nibbles (RFC 5782, 2.1 and 2.4).</summary>
    public static string Reversed(ClientAddress address)
    {
        if (address.IsIPv4)
        {
            var v4 = (uint)address.Low;
            return string.Create(CultureInfo.InvariantCulture, $"{v4 & 255}.{(v4 >> 8) & 255}.{(v4 >> 16) & 255}.{v4 >> 24}");
        }

        var text = new StringBuilder(63);
        AppendNibbles(text, address.Low);
        AppendNibbles(text.Append('.'), address.High);
        return text.ToString();
    }

    /// <summary>
    /// True for a name that the DNS can be asked for: labels of 1 to 63 octets, 253 in all (RFC 1035, 2.3.4). Any ASCII octet may
    /// stand in a label (RFC 2181, 11): macros of SPF make names with blanks, apostrophes and backslashes.
    /// </summary>
    public static bool IsAskable(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > 253)
        {
            return false;
        }

        var length = 0;
        foreach (var c in name)
        {
            if (c == '.')
            {
                if (length == 0)
                {
                    return false;
                }

                length = 0;
            }
            else if (c > '~' || ++length > 63)
            {
                return false;
            }
        }

        return length > 0;
    }

    /// <summary>
    /// True for a fully qualified host name (RFC 5321, 2.3.5 and 4.1.2): two labels or more of letters, digits and inner
    /// hyphens, the last one not a number. An underscore is let through, as real hosts have it.
    /// </summary>
    public static bool IsFullyQualified(ReadOnlySpan<char> name)
    {
        if (name.EndsWith("."))
        {
            name = name[..^1];
        }

        if (!IsAskable(name))
        {
            return false;
        }

        var labels = 0;
        ReadOnlySpan<char> last = default;
        foreach (var range in name.Split('.'))
        {
            last = name[range];
            labels++;
            if (last[0] == '-' || last[^1] == '-' || last.ContainsAnyExcept(s_hostCharacters))
            {
                return false;
            }
        }

        return labels > 1 && last.ContainsAnyExceptInRange('0', '9');
    }

    /// <summary>The name of a mailbox's domain: what follows the last <c>@</c>, in A-labels and without a final dot; null where there is none.</summary>
    public static string? DomainOf(string mailbox)
    {
        var at = mailbox.LastIndexOf('@');
        var domain = at < 0 ? "" : mailbox[(at + 1)..].TrimEnd('.');
        return domain.Length == 0 ? null : ToAscii(domain);
    }

    /// <summary>The name as the DNS knows it: A-labels for U-labels (RFC 5890, RFC 8616). What is no such name is left as it is.</summary>
    public static string ToAscii(string name)
    {
        if (Ascii.IsValid(name) || name.Length > 253)
        {
            return name;
        }

        try
        {
            return new IdnMapping().GetAscii(name.ToLowerInvariant().Normalize(NormalizationForm.FormC));
        }
        catch (ArgumentException)
        {
            // No such name can exist: it is found not to be askable.
            return name;
        }
    }

    /// <summary>True where the two names are one, the case and a final dot not counted.</summary>
    public static bool AreEqual(string a, string b) => a.AsSpan().TrimEnd('.').Equals(b.AsSpan().TrimEnd('.'), StringComparison.OrdinalIgnoreCase);

    /// <summary>True where the name is the domain or lies below it.</summary>
    public static bool IsWithin(string name, string domain) =>
        AreEqual(name, domain) || (name.Length > domain.Length && name[^(domain.Length + 1)] == '.' && name.EndsWith(domain, StringComparison.OrdinalIgnoreCase));

    private static readonly System.Buffers.SearchValues<char> s_hostCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    private static void AppendNibbles(StringBuilder text, ulong half)
    {
        for (var i = 0; i < 16; i++, half >>= 4)
        {
            if (i > 0)
            {
                text.Append('.');
            }

            text.Append(Hex[(int)(half & 15)]);
        }
    }
}
