using System.Buffers;
using System.Globalization;

namespace Postern.Checks.Spf;

/// <summary>The rules for names in SPF.</summary>
internal static class SpfNames
{
    /// <summary>The longest name that can be asked, in characters without the final dot (RFC 7208, 7.3).</summary>
    public const int MaxLength = 253;

    private const int MaxLabel = 63;
    private static readonly SearchValues<char> s_visible = SearchValues.Create(
        "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>
    /// True where the DNS can be asked for the name. Blanks and odd signs are allowed: RFC 7208 tests no syntax after the macros.
    /// </summary>
    public static bool IsAskable(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > MaxLength || !System.Text.Ascii.IsValid(name))
        {
            return false;
        }

        while (true)
        {
            var dot = name.IndexOf('.');
            if ((dot < 0 ? name.Length : dot) is 0 or > MaxLabel)
            {
                return false;
            }

            if (dot < 0)
            {
                return true;
            }

            name = name[(dot + 1)..];
        }
    }

    /// <summary>True where a check may begin at the name: askable, at least two labels, no address literal (RFC 7208, 4.3).</summary>
    public static bool IsCheckable(ReadOnlySpan<char> name) =>
        name.Contains('.') && !name.ContainsAnyExcept(s_visible) && !name.StartsWith('[') && IsAskable(name);

    /// <summary>The name as the DNS knows it (RFC 8616): without a final dot, and with A-labels for U-labels.</summary>
    public static string Normalize(string name) => Dns.DnsName.ToAscii(name.EndsWith('.') ? name[..^1] : name);

    /// <summary>True where the name is the domain or below it; case does not count.</summary>
    public static bool IsWithin(string name, string domain) =>
        name.EndsWith(domain, StringComparison.OrdinalIgnoreCase)
        && (name.Length == domain.Length || (domain.Length > 0 && name[name.Length - domain.Length - 1] == '.'));

    /// <summary>The text for an operator: quoted, shortened, and nothing in it that could act on a terminal.</summary>
    public static string Quote(ReadOnlySpan<char> text)
    {
        const int Shown = 80;
        var builder = new System.Text.StringBuilder("'");
        foreach (var c in text[..Math.Min(text.Length, Shown)])
        {
            if (c is >= ' ' and <= '~')
            {
                builder.Append(c);
            }
            else
            {
                builder.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
            }
        }

        return builder.Append(text.Length > Shown ? "...'" : "'").ToString();
    }
}
