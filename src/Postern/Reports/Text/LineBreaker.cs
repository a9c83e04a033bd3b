using System.Text;
using Postern.Reports.Content;

namespace Postern.Reports.Text;

/// <summary>
/// Breaks text into lines that fit: at spaces, and between wide characters with regard to the Japanese rules of what
/// may not begin or end a line (JIS X 4051); words of katakana, and numbers with their units, stay whole. A word that is too long
/// is cut where the line ends.
/// </summary>
internal static class LineBreaker
{
    private const string NotAtStart =
        "、。，．・：；？！）］｝」』】〉》〕”’ー～々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ％),.:;?!]}%";

    private const string NotAtEnd = "（［｛「『【〈《〔“‘([{";

    /// <summary>The lines of a text, without trailing spaces; at least one.</summary>
    /// <param name="text">Text that is fit to be shown, without line breaks.</param>
    /// <param name="first">Cells of the first line.</param>
    /// <param name="rest">Cells of all others; both at least 2.</param>
    public static IEnumerable<string> Lines(string text, int first, int rest)
    {
        var start = 0;
        var room = first;
        do
        {
            var (end, next) = NextBreak(text, start, room);
            yield return text[start..end].TrimEnd(' ');
            start = next;
            room = rest;
        }
        while (start < text.Length);
    }

    private static (int End, int Next) NextBreak(string text, int start, int room)
    {
        var cells = 0;
        var lastBreak = start;
        Rune? before = null;
        var earlier = default(Rune);
        for (var i = start; i < text.Length;)
        {
            _ = Rune.TryGetRuneAt(text, i, out var rune);
            if (before is { } previous && MayBreak(previous, rune) && !IsUnit(earlier, previous, rune))
            {
                lastBreak = i;
            }

            cells += Cells.Of(rune);
            // A space may stand over the edge: it is not shown.
            if (cells > room && rune.Value != ' ')
            {
                var end = lastBreak > start ? lastBreak : Math.Max(i, start + 1);
                return (end, SkipSpaces(text, end));
            }

            earlier = before ?? default;
            before = rune;
            i += Math.Max(1, rune.Utf16SequenceLength);
        }

        return (text.Length, text.Length);
    }

    private static bool MayBreak(Rune before, Rune after)
    {
        if (after.Value == ' ' || NotAtStart.Contains(after.ToString(), StringComparison.Ordinal))
        {
            return false;
        }

        if (before.Value == ' ')
        {
            return true;
        }

        return (Cells.IsWide(before) || Cells.IsWide(after))
            && !(IsKatakana(before) && IsKatakana(after)) && !(Rune.IsDigit(before) && Cells.IsWide(after))
            && !NotAtEnd.Contains(before.ToString(), StringComparison.Ordinal);
    }

    // A number and its unit, with a space between them in Japanese: "187 セッション".
    private static bool IsUnit(Rune earlier, Rune before, Rune after) => before.Value == ' ' && Rune.IsDigit(earlier) && Cells.IsWide(after);

    // A word of katakana is read as one (JLREQ, C.2.5): the sign of a long vowel belongs to it.
    private static bool IsKatakana(Rune rune) => rune.Value is >= 0x30A1 and <= 0x30FF;

    private static int SkipSpaces(string text, int from)
    {
        while (from < text.Length && text[from] == ' ')
        {
            from++;
        }

        return from;
    }
}
