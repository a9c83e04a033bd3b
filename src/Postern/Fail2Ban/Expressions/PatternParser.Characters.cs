using System.Globalization;

namespace Postern.Fail2Ban.Expressions;

/// <content>Escapes and sets.</content>
internal sealed partial class PatternParser
{
    private PatternNode? Escape(PatternFlags flags)
    {
        var start = _at++;
        if (_at >= _text.Length)
        {
            return Fail("bad escape (end of pattern)", start);
        }

        var ascii = flags.HasFlag(PatternFlags.Ascii);
        var letter = _text[_at];
        PatternNode? place = letter switch
        {
            'A' => new PlaceNode(Place.Start),
            'Z' => new PlaceNode(Place.VeryEnd),
            'b' => new PlaceNode(ascii ? Place.AsciiWordEdge : Place.WordEdge),
            'B' => new PlaceNode(ascii ? Place.NoAsciiWordEdge : Place.NoWordEdge),
            _ => null,
        };
        if (place is not null)
        {
            _at++;
            return place;
        }

        if (ClassOf(letter) is { } one)
        {
            _at++;
            return new CharNode(CharSet.Of(one, ascii), -1);
        }

        if (letter is >= '1' and <= '9')
        {
            return NumberEscape(flags, start);
        }

        return CharacterEscape(start, inSet: false) is { } character ? Literal(character, flags) : null;
    }

    // \1 to \99 name a group, unless three octal digits stand there.
    private PatternNode? NumberEscape(PatternFlags flags, int start)
    {
        var length = char.IsAsciiDigit(At(1)) ? 2 : 1;
        if (length == 2 && IsOctal(At(0)) && IsOctal(At(1)) && IsOctal(At(2)))
        {
            var value = Convert.ToInt32(_text.Substring(_at, 3), 8);
            _at += 3;
            return value > 0xFF ? Fail("octal escape value outside of range 0-0o377", start) : Literal(value, flags);
        }

        var group = int.Parse(_text.AsSpan(_at, length), CultureInfo.InvariantCulture);
        _at += length;
        return group < _widths.Count ? Backreference(group, flags, start) : Fail($"it refers to group {group}, which does not exist", start);
    }

    private static CharClass? ClassOf(char letter) => letter switch
    {
        'd' => CharClass.Digit,
        'D' => CharClass.NotDigit,
        's' => CharClass.Space,
        'S' => CharClass.NotSpace,
        'w' => CharClass.Word,
        'W' => CharClass.NotWord,
        _ => null,
    };

    private static bool IsOctal(char c) => c is >= '0' and <= '7';

    /// <summary>An escape that stands for one character, from its letter on.</summary>
    private int? CharacterEscape(int start, bool inSet)
    {
        var letter = _text[_at];
        switch (letter)
        {
            case 'x':
                return Hexadecimal(2, start);
            case 'u':
                return Hexadecimal(4, start);
            case 'U':
                return Hexadecimal(8, start);
            case 'N':
                Fail("characters by their names (\\N{…}) are not supported", start);
                return null;
            case '0':
                return Octal(3);
        }

        if (inSet && IsOctal(letter))
        {
            var value = Octal(3);
            if (value > 0xFF)
            {
                Fail("octal escape value outside of range 0-0o377", start);
            }

            return value > 0xFF ? null : value;
        }

        var known = letter switch
        {
            'a' => '\a',
            'b' when inSet => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            _ => '\0',
        };
        if (known != '\0')
        {
            _at++;
            return known;
        }

        if (char.IsAsciiLetterOrDigit(letter))
        {
            Fail($"bad escape \\{letter}", start);
            return null;
        }

        return Character();
    }

    private int Octal(int most)
    {
        var value = 0;
        for (var i = 0; i < most && IsOctal(At(0)) && _at < _text.Length; i++)
        {
            value = (value * 8) + (_text[_at++] - '0');
        }

        return value;
    }

    private int? Hexadecimal(int digits, int start)
    {
        var at = _at + 1;
        if (at + digits <= _text.Length && _text.Skip(at).Take(digits).All(char.IsAsciiHexDigit))
        {
            var value = long.Parse(_text.AsSpan(at, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            _at = at + digits;
            if (value <= 0x10FFFF)
            {
                return (int)value;
            }
        }

        Fail($"incomplete or bad escape \\{_text[start + 1]}", start);
        return null;
    }

    private CharNode? Class(PatternFlags flags)
    {
        var start = _at++;
        var negated = Take('^');
        var ranges = new List<(int First, int Last)>();
        var classes = new List<CharClass>();
        for (var isFirst = true; ; isFirst = false)
        {
            if (_at >= _text.Length)
            {
                return (CharNode?)Fail("unterminated character set", start);
            }

            if (!isFirst && Take(']'))
            {
                break;
            }

            var from = _at;
            if (!Member(out var first, out var one))
            {
                return null;
            }

            if (At(0) != '-' || _at >= _text.Length)
            {
                Add(first, first, one);
                continue;
            }

            _at++;
            if (_at >= _text.Length)
            {
                return (CharNode?)Fail("unterminated character set", start);
            }

            if (Take(']'))
            {
                Add(first, first, one);
                Add('-', '-', null);
                break;
            }

            if (!Member(out var last, out var other))
            {
                return null;
            }

            if (one is not null || other is not null || last < first)
            {
                return (CharNode?)Fail($"bad character range {_text[from.._at]}", from);
            }

            Add(first, last, null);
        }

        var set = new CharSet(ranges, classes, negated, flags.HasFlag(PatternFlags.IgnoreCase), flags.HasFlag(PatternFlags.Ascii));
        var isOne = !negated && classes.Count == 0 && ranges.Count == 1 && ranges[0].First == ranges[0].Last;
        return isOne ? Literal(ranges[0].First, flags) : new CharNode(set, -1);

        void Add(int first, int last, CharClass? one)
        {
            if (one is { } known)
            {
                classes.Add(known);
            }
            else
            {
                ranges.Add((first, last));
            }
        }
    }

    private bool Member(out int character, out CharClass? one)
    {
        (character, one) = (0, null);
        var start = _at;
        if (!Take('\\'))
        {
            character = Character();
            return true;
        }

        if (_at >= _text.Length)
        {
            Fail("bad escape (end of pattern)", start);
            return false;
        }

        one = ClassOf(_text[_at]);
        if (one is not null)
        {
            _at++;
            return true;
        }

        if (CharacterEscape(start, inSet: true) is not { } value)
        {
            return false;
        }

        character = value;
        return true;
    }
}
