using System.Globalization;
using System.Text;

namespace Postern.Reports.Content;

/// <summary>
/// Makes text that a client could have written fit to be shown: whatever could steer a terminal, turn the direction of
/// reading or hide itself is spelt out, everything else stays as it is. Text that is already clean is returned unchanged,
/// and what this returns is clean, so that doing it twice does no harm.
/// </summary>
internal static class SafeText
{
    /// <summary>
    /// Spells out C0 and C1 controls, DEL, format characters (bidirectional controls, zero-width ones, tags), line and
    /// paragraph separators, invisible fillers and lone surrogates, as <c>\n</c>, <c>\x1B</c>, <c>\u202E</c> or <c>\U000E0041</c>.
    /// </summary>
    public static string Escape(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var clean = CleanPrefix(text);
        if (clean == text.Length)
        {
            return text;
        }

        var result = new StringBuilder(text.Length + 16).Append(text, 0, clean);
        for (var i = clean; i < text.Length;)
        {
            if (Rune.TryGetRuneAt(text, i, out var rune))
            {
                Append(result, rune.Value, IsUnfit(rune));
                i += rune.Utf16SequenceLength;
            }
            else
            {
                Append(result, text[i++], unfit: true);
            }
        }

        return result.ToString();
    }

    /// <summary>The same, cut to so many cells of a terminal; three dots tell that it was cut.</summary>
    /// <param name="text">The text; null is as the empty text.</param>
    /// <param name="cells">How many cells it may take, at least 4.</param>
    public static string Short(string? text, int cells)
    {
        // A client may send megabytes: no more is escaped than could be shown.
        var bounded = text is { Length: > 2048 } ? text[..2048] : text;
        var safe = Escape(bounded);
        if (ReferenceEquals(bounded, text) && Cells.Of(safe) <= cells)
        {
            return safe;
        }

        var kept = Cells.Fit(safe, 0, Math.Max(1, cells - 3));
        return kept == safe.Length && ReferenceEquals(bounded, text) ? safe : string.Concat(safe.AsSpan(0, kept), "...");
    }

    /// <summary>True where the character must not be shown as it is.</summary>
    public static bool IsUnfit(Rune rune)
    {
        if (rune.IsAscii)
        {
            return rune.Value is < 0x20 or 0x7F;
        }

        return rune.Value is 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x034F or 0x17B4 or 0x17B5
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned;
    }

    private static int CleanPrefix(string text)
    {
        var i = 0;
        while (i < text.Length && Rune.TryGetRuneAt(text, i, out var rune) && !IsUnfit(rune))
        {
            i += rune.Utf16SequenceLength;
        }

        return i;
    }

    private static void Append(StringBuilder result, int value, bool unfit)
    {
        if (!unfit)
        {
            result.Append(new Rune(value).ToString());
            return;
        }

        _ = value switch
        {
            '\n' => result.Append("\\n"),
            '\r' => result.Append("\\r"),
            '\t' => result.Append("\\t"),
            < 0x100 => result.Append(CultureInfo.InvariantCulture, $"\\x{value:X2}"),
            < 0x10000 => result.Append(CultureInfo.InvariantCulture, $"\\u{value:X4}"),
            _ => result.Append(CultureInfo.InvariantCulture, $"\\U{value:X8}"),
        };
    }
}
