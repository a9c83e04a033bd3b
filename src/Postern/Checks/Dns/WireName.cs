using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using DnsClient;

namespace Postern.Checks.Dns;

/// <summary>
/// Names between this program and the DNS library. The library turns A-labels into Unicode and sends that, which is another name,
/// and escapes what it reads; here a name is the octets of its labels, each a character, with dots between.
/// </summary>
internal static class WireName
{
    private static readonly IdnMapping s_idn = new();

    /// <summary>The name for a question, to be sent as it is written.</summary>
    public static DnsString ToLibrary(string name)
    {
        var whole = name + ".";
        return Create(name, IsReadable(whole) ? whole : whole.Replace("xn--", "XN--", StringComparison.Ordinal), null);
    }

    /// <summary>A name that the library read in a record, without its escapes and the final dot; empty for the root.</summary>
    public static string FromLibrary(DnsString name)
    {
        var value = name.Value.EndsWith('.') ? name.Value.AsSpan(0, name.Value.Length - 1) : name.Value;
        if (!value.Contains('\\'))
        {
            return value.ToString();
        }

        var plain = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\' && IsOctet(value[(i + 1)..], out var octet))
            {
                plain.Append(octet);
                i += 3;
            }
            else if (value[i] != '\\' || ++i < value.Length)
            {
                plain.Append(value[i]);
            }
        }

        return plain.ToString();
    }

    /// <summary>
    /// The octets of a text, each a character. The library's escaped form marks odd octets but not a backslash of the text itself,
    /// so it is used only where the plain form has lost an octet: where the text is not UTF-8.
    /// </summary>
    public static string Octets(string plain, string escaped)
    {
        if (!plain.Contains('\uFFFD'))
        {
            return Ascii.IsValid(plain) ? plain : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(plain));
        }

        var text = new StringBuilder(escaped.Length);
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] == '\\' && IsOctet(escaped.AsSpan(i + 1), out var octet) && octet is < ' ' or > '~')
            {
                text.Append(octet);
                i += 3;
            }
            else if (escaped[i] != '\\' || i + 1 >= escaped.Length || escaped[i + 1] != '"')
            {
                text.Append(escaped[i]);
            }
        }

        return text.ToString();
    }

    // The library reads the question in a response again, and gives up at an A-label that stands for nothing. It looks for the
    // mark of A-labels in lower case only, and the DNS does not tell the cases apart (RFC 4343).
    private static bool IsReadable(string whole)
    {
        if (!whole.Contains("xn--", StringComparison.Ordinal))
        {
            return true;
        }

        try
        {
            s_idn.GetUnicode(whole);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool IsOctet(ReadOnlySpan<char> digits, out char octet)
    {
        octet = '\0';
        if (digits.Length < 3 || digits[..3].ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        var value = ((digits[0] - '0') * 100) + ((digits[1] - '0') * 10) + digits[2] - '0';
        octet = (char)(value & 255);
        return value < 256;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    internal static extern DnsString Create(string original, string value, int? numberOfLabels);
}
