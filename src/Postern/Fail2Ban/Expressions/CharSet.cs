namespace Postern.Fail2Ban.Expressions;

/// <summary>A part of a set that is no plain range.</summary>
internal enum CharClass : byte
{
    /// <summary><c>\w</c>.</summary>
    Word,
    /// <summary><c>\W</c>.</summary>
    NotWord,
    /// <summary><c>\d</c>.</summary>
    Digit,
    /// <summary><c>\D</c>.</summary>
    NotDigit,
    /// <summary><c>\s</c>.</summary>
    Space,
    /// <summary><c>\S</c>.</summary>
    NotSpace,
}

/// <summary>A set of characters: a bitmap for ASCII, ranges and classes for the rest.</summary>
internal sealed class CharSet
{
    private readonly ulong _low;
    private readonly ulong _high;
    private readonly (int First, int Last)[] _ranges;
    private readonly CharClass[] _classes;
    private readonly bool _negated;
    private readonly bool _ignoreCase;
    private readonly bool _asciiClasses;

    /// <summary>The set of the ranges and classes, or all else where <paramref name="negated"/>.</summary>
    public CharSet(IEnumerable<(int First, int Last)> ranges, IEnumerable<CharClass> classes, bool negated, bool ignoreCase, bool asciiClasses)
    {
        _ranges = [.. ranges];
        _classes = [.. classes];
        _negated = negated;
        _ignoreCase = ignoreCase;
        _asciiClasses = asciiClasses;
        for (var c = 0; c < 128; c++)
        {
            if (!Compute(c))
            {
                continue;
            }

            if (c < 64)
            {
                _low |= 1UL << c;
            }
            else
            {
                _high |= 1UL << (c - 64);
            }
        }
    }

    /// <summary>The set of one character, in all its cases where <paramref name="ignoreCase"/>.</summary>
    public static CharSet Of(int character, bool ignoreCase) =>
        new(ignoreCase ? PythonCharacters.Variants(character).Select(c => (c, c)) : [(character, character)], [], false, false, false);

    /// <summary>The set of one class.</summary>
    public static CharSet Of(CharClass one, bool ascii) => new([], [one], false, false, ascii);

    /// <summary>Bits of the characters U+0000 to U+003F that belong to it.</summary>
    public ulong Low => _low;

    /// <summary>Bits of the characters U+0040 to U+007F that belong to it.</summary>
    public ulong High => _high;

    /// <summary>Whether it names characters beyond ASCII that are no other case of an ASCII letter.</summary>
    public bool HoldsRangesBeyondAscii => _negated || _ranges.Any(range => range.Last > 127 && range.Last is not (0x131 or 0x17F or 0x130 or 0x212A));

    /// <summary>Whether the character of ASCII belongs to it.</summary>
    public bool ContainsAscii(char character) => ((character < 64 ? _low : _high) >> character & 1) != 0;

    /// <summary>Whether the character belongs to it.</summary>
    public bool Contains(int character) => character switch
    {
        < 64 => (_low >> character & 1) != 0,
        < 128 => (_high >> (character - 64) & 1) != 0,
        _ => Compute(character),
    };

    private bool Compute(int character)
    {
        var found = Holds(character);
        if (!found && _ignoreCase)
        {
            foreach (var variant in PythonCharacters.Variants(character))
            {
                found |= Holds(variant);
            }
        }

        return found != _negated;
    }

    private bool Holds(int character)
    {
        foreach (var (first, last) in _ranges)
        {
            if (character >= first && character <= last)
            {
                return true;
            }
        }

        foreach (var one in _classes)
        {
            if (IsIn(character, one))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsIn(int character, CharClass one)
    {
        var isKnown = character < 128 || !_asciiClasses;
        return one switch
        {
            CharClass.Word => isKnown && PythonCharacters.IsWord(character),
            CharClass.NotWord => !(isKnown && PythonCharacters.IsWord(character)),
            CharClass.Digit => isKnown && PythonCharacters.IsDigit(character),
            CharClass.NotDigit => !(isKnown && PythonCharacters.IsDigit(character)),
            // Of ASCII's characters re.ASCII drops the four separators.
            CharClass.Space => _asciiClasses ? character is >= 9 and <= 13 or 32 : PythonCharacters.IsSpace(character),
            _ => !(_asciiClasses ? character is >= 9 and <= 13 or 32 : PythonCharacters.IsSpace(character)),
        };
    }
}
