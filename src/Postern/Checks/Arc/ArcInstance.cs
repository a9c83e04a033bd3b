using System.Globalization;
using System.Text;

namespace Postern.Checks.Arc;

/// <summary>The number that holds the three fields of a set together (RFC 8617, 4.2.1).</summary>
internal static class ArcInstance
{
    /// <summary>The greatest number of sets in a chain.</summary>
    public const int Max = 50;

    /// <summary>Tag i of a list of tags; null where it is none of 1 to 50.</summary>
    public static int? Read(IReadOnlyDictionary<string, string> tags) => Read(tags.GetValueOrDefault("i", ""));

    /// <summary>The instance at the start of an ARC-Authentication-Results field; null where there is none (RFC 8617, 4.1.1).</summary>
    public static int? ReadResults(byte[] value)
    {
        // White space and comments may stand between all parts; nothing that matters lies beyond the first kilooctet.
        var text = Encoding.Latin1.GetString(value.AsSpan(0, Math.Min(value.Length, 1024)));
        var at = SkipBlanks(text, 0);
        if (at >= text.Length || text[at] != 'i')
        {
            return null;
        }

        at = SkipBlanks(text, at + 1);
        if (at >= text.Length || text[at] != '=')
        {
            return null;
        }

        var start = SkipBlanks(text, at + 1);
        var end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        at = SkipBlanks(text, end);
        return at < text.Length && text[at] == ';' ? Read(text[start..end]) : null;
    }

    /// <summary>True for a number of seconds since 1970, of at most 12 digits (RFC 6376, 3.5).</summary>
    public static bool IsTime(string text) => text.Length is > 0 and <= 12 && text.All(char.IsAsciiDigit);

    private static int? Read(string digits) =>
        digits.Length is 1 or 2 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var instance) && instance is >= 1 and <= Max ? instance : null;

    private static int SkipBlanks(string text, int at)
    {
        var depth = 0;
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (c == '(')
            {
                depth++;
            }
            else if (depth > 0 && c == ')')
            {
                depth--;
            }
            else if (depth > 0 && c == '\\')
            {
                at++;
            }
            else if (depth == 0 && c is not (' ' or '\t' or '\r' or '\n'))
            {
                return at;
            }
        }

        return at;
    }
}
