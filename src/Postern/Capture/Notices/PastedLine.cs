using System.Net;
using System.Text;

namespace Postern.Capture.Notices;

/// <summary>Undoes what mail programs, editors and web pages do to a copied line.</summary>
internal static class PastedLine
{
    /// <summary>
    /// The line without quoting marks and trailing blanks; with plain blanks, hyphens and quotation marks; and, for text out
    /// of a page's source, without tags and entities.
    /// </summary>
    /// <param name="line">The line, without its line feed.</param>
    /// <param name="html">True where it has tags and entities.</param>
    /// <param name="width">How many bytes the text had before its own blanks and joiners were made plain or left out.</param>
    public static byte[] Clean(ReadOnlySpan<byte> line, bool html, out int width)
    {
        var text = Encoding.UTF8.GetString(line);
        if (html)
        {
            text = WebUtility.HtmlDecode(WithoutTags(text));
        }

        width = Encoding.UTF8.GetByteCount(text.AsSpan().Trim(" \t\r>"));
        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            _ = c switch
            {
                // Joiners, marks of direction, byte order marks.
                '\u200B' or '\u200C' or '\u200D' or '\u200E' or '\u200F' or '\u2060' or '\uFEFF' or '\u00AD' or '\r' => clean,
                '\t' => clean.Append(' ', 8),
                '\u00A0' or (>= '\u2000' and <= '\u200A') or '\u202F' or '\u205F' or '\u3000' => clean.Append(' '),
                '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014' or '\u2212' => clean.Append('-'),
                '\u2018' or '\u2019' => clean.Append('\''),
                '\u201C' or '\u201D' => clean.Append('"'),
                '\uFF1A' => clean.Append(':'),
                _ => clean.Append(c),
            };
        }

        return Encoding.UTF8.GetBytes(Unquoted(clean.ToString()).TrimEnd(' '));
    }

    /// <summary>True where text comes out of a page's or a message's HTML.</summary>
    public static bool IsHtml(ReadOnlySpan<byte> text) =>
        text.IndexOf("&nbsp;"u8) >= 0 || text.IndexOf("&#160;"u8) >= 0 || text.IndexOf("<br"u8) >= 0
        || text.IndexOf("<pre"u8) >= 0 || text.IndexOf("<p>"u8) >= 0 || text.IndexOf("<div"u8) >= 0;

    private static string Unquoted(string line)
    {
        var rest = line.AsSpan();
        var quoted = false;
        while (rest.TrimStart(' ') is ['>', ..] inner)
        {
            quoted = true;
            rest = inner[1..];
        }

        return !quoted ? line : (rest is [' ', ..] ? rest[1..] : rest).ToString();
    }

    private static string WithoutTags(string line)
    {
        var text = new StringBuilder(line.Length);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '<' && i + 1 < line.Length && (char.IsAsciiLetter(line[i + 1]) || line[i + 1] is '/' or '!'))
            {
                var close = line.IndexOf('>', i);
                // An address in angle brackets (RCPT TO:<a@b>) is no tag.
                if (close > i && !line.AsSpan(i, close - i).Contains('@'))
                {
                    i = close;
                    continue;
                }
            }

            text.Append(line[i]);
        }

        return text.ToString();
    }
}
