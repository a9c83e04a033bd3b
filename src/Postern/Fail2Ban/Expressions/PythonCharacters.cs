using System.Globalization;
using System.Text;

namespace Postern.Fail2Ban.Expressions;

/// <summary>
/// What Python's <c>re</c> takes for a word character, a digit, a blank and the same letter in another case, for strings
/// (never bytes). It differs from .NET: <c>\w</c> holds superscripts and fractions but no combining marks, <c>\s</c> the
/// four separators U+001C to U+001F.
/// </summary>
internal static class PythonCharacters
{
    // Letters that are equal ignoring case although their simple lower-case forms differ (sre's table of extra cases).
    private static readonly int[][] s_alike =
    [
        [0x0069, 0x0131], [0x0073, 0x017F], [0x00B5, 0x03BC], [0x0345, 0x03B9, 0x1FBE], [0x0390, 0x1FD3], [0x03B0, 0x1FE3],
        [0x03B2, 0x03D0], [0x03B5, 0x03F5], [0x03B8, 0x03D1], [0x03BA, 0x03F0], [0x03C0, 0x03D6], [0x03C1, 0x03F1],
        [0x03C2, 0x03C3], [0x03C6, 0x03D5], [0x0432, 0x1C80], [0x0434, 0x1C81], [0x043E, 0x1C82], [0x0441, 0x1C83],
        [0x0442, 0x1C84, 0x1C85], [0x044A, 0x1C86], [0x0463, 0x1C87], [0x1C88, 0xA64B], [0x1E61, 0x1E9B], [0xFB05, 0xFB06],
    ];

    // Capitals that are not what ToUpper gives for the letter they become.
    private static readonly (int Capital, int Small)[] s_strayCapitals =
        [(0x0130, 0x69), (0x212A, 0x6B), (0x212B, 0xE5), (0x2126, 0x3C9), (0x1E9E, 0xDF), (0x03F4, 0x3B8)];

    /// <summary><c>\w</c>: letters, all kinds of digits and numerals, and the low line.</summary>
    public static bool IsWord(int character) => character < 0x80
        ? char.IsAsciiLetterOrDigit((char)character) || character == '_'
        : Category(character) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber
            or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    /// <summary><c>\d</c>: decimal digits of all scripts.</summary>
    public static bool IsDigit(int character) => character < 0x80
        ? char.IsAsciiDigit((char)character)
        : Category(character) is UnicodeCategory.DecimalDigitNumber;

    /// <summary><c>\s</c>: blanks, line ends, and the separators U+001C to U+001F.</summary>
    public static bool IsSpace(int character) => character switch
    {
        >= 0x09 and <= 0x0D or >= 0x1C and <= 0x20 or 0x85 or 0xA0 or 0x1680 => true,
        >= 0x2000 and <= 0x200A or 0x2028 or 0x2029 or 0x202F or 0x205F or 0x3000 => true,
        _ => false,
    };

    /// <summary>The simple lower-case form.</summary>
    public static int Lower(int character) => character switch
    {
        < 0x80 => char.IsAsciiLetterUpper((char)character) ? character | 0x20 : character,
        0x130 => 'i',
        <= 0xFFFF => char.ToLowerInvariant((char)character),
        _ => Rune.IsValid(character) ? Rune.ToLowerInvariant(new Rune(character)).Value : character,
    };

    /// <summary>All characters that are equal to <paramref name="character"/> ignoring case, itself among them.</summary>
    public static IReadOnlyList<int> Variants(int character)
    {
        var lower = Lower(character);
        var all = new List<int> { character };
        Add(all, lower);
        foreach (var row in s_alike)
        {
            if (Array.IndexOf(row, lower) >= 0)
            {
                foreach (var other in row)
                {
                    Add(all, other);
                }
            }
        }

        foreach (var one in all.ToArray())
        {
            if (one <= 0xFFFF)
            {
                AddCapital(all, char.ToUpperInvariant((char)one), one);
            }
            else if (Rune.IsValid(one))
            {
                AddCapital(all, Rune.ToUpperInvariant(new Rune(one)).Value, one);
            }

            foreach (var (capital, small) in s_strayCapitals)
            {
                if (small == one)
                {
                    Add(all, capital);
                }
            }
        }

        return all;
    }

    // Upper-casing is not always undone by lower-casing (the Greek final sigma); only what lowers to the same letter is alike.
    private static void AddCapital(List<int> all, int capital, int small)
    {
        if (Lower(capital) == small)
        {
            Add(all, capital);
        }
    }

    private static void Add(List<int> all, int character)
    {
        if (!all.Contains(character))
        {
            all.Add(character);
        }
    }

    private static UnicodeCategory Category(int character) => CharUnicodeInfo.GetUnicodeCategory(character);
}
