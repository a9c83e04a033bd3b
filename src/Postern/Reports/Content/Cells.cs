using System.Globalization;
using System.Text;

namespace Postern.Reports.Content;

/// <summary>How many cells of a terminal a text takes: wide East Asian characters and emoji two, combining marks none.</summary>
internal static class Cells
{
    // First and last of each run of characters that terminals draw two cells wide (Unicode's East_Asian_Width W and F, and
    // what they draw as emoji); where terminals differ the wider reading is taken, so that a line is rather short than long.
    private static readonly (int First, int Last)[] s_wide =
    [
        (0x1100, 0x115F), (0x231A, 0x231B), (0x2329, 0x232A), (0x23E9, 0x23F3), (0x25FD, 0x25FE), (0x2614, 0x2615),
        (0x2648, 0x2653), (0x267F, 0x267F), (0x2693, 0x2693), (0x26A1, 0x26A1), (0x26AA, 0x26AB), (0x26BD, 0x26BE),
        (0x26C4, 0x26C5), (0x26CE, 0x26CE), (0x26D4, 0x26D4), (0x26EA, 0x26EA), (0x26F2, 0x26F5), (0x26FA, 0x26FD),
        (0x2705, 0x2705), (0x270A, 0x270B), (0x2728, 0x2728), (0x274C, 0x274E), (0x2753, 0x2757), (0x2795, 0x2797),
        (0x27B0, 0x27BF), (0x2B1B, 0x2B1C), (0x2B50, 0x2B55), (0x2E80, 0x303E), (0x3041, 0x4DBF), (0x4DC0, 0xA4CF),
        (0xA960, 0xA97F), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE10, 0xFE1F), (0xFE30, 0xFE6F), (0xFF00, 0xFF60),
        (0xFFE0, 0xFFE6), (0x16FE0, 0x18DFF), (0x1AFF0, 0x1B2FF), (0x1D300, 0x1D37F), (0x1F000, 0x1FAFF), (0x20000, 0x3FFFD),
    ];

    /// <summary>The cells of one character.</summary>
    public static int Of(Rune rune)
    {
        if (rune.IsAscii)
        {
            return 1;
        }

        var value = rune.Value;
        if (value is >= 0x1160 and <= 0x11FF
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
        {
            return 0;
        }

        return IsWide(rune) ? 2 : 1;
    }

    /// <summary>The cells of a text that is fit to be shown.</summary>
    public static int Of(ReadOnlySpan<char> text)
    {
        var cells = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            cells += Of(rune);
        }

        return cells;
    }

    /// <summary>True for a character of two cells, before and after which a line may break.</summary>
    public static bool IsWide(Rune rune)
    {
        if (rune.Value < s_wide[0].First)
        {
            return false;
        }

        foreach (var (first, last) in s_wide)
        {
            if (rune.Value <= last)
            {
                return rune.Value >= first;
            }
        }

        return false;
    }

    /// <summary>How far a text fits into so many cells from <paramref name="start"/> on: the index after the last character.</summary>
    public static int Fit(string text, int start, int cells)
    {
        var i = start;
        foreach (var rune in text.AsSpan(start).EnumerateRunes())
        {
            cells -= Of(rune);
            if (cells < 0)
            {
                break;
            }

            i += rune.Utf16SequenceLength;
        }

        return i;
    }
}
