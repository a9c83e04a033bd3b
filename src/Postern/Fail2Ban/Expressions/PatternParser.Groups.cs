using System.Globalization;

namespace Postern.Fail2Ban.Expressions;

/// <content>What stands in parentheses.</content>
internal sealed partial class PatternParser
{
    private PatternNode? Group(PatternFlags flags)
    {
        var start = _at++;
        if (!Take('?'))
        {
            return Capture(null, flags, start);
        }

        if (_at >= _text.Length)
        {
            return Fail("unexpected end of pattern", start);
        }

        var kind = _text[_at++];
        switch (kind)
        {
            case 'P':
                return Named(flags, start);
            case ':':
                return Close(Alternation(flags, false), start);
            case '#':
                var end = _text.IndexOf(')', _at);
                if (end < 0)
                {
                    return Fail("missing ), unterminated comment", start);
                }

                _at = end + 1;
                return PatternNode.Empty;
            case '=' or '!':
                return Close(Alternation(flags, false), start) is { } ahead ? new LookNode(ahead, false, kind == '!', 0) : null;
            case '<':
                return LookBehind(flags, start);
            case '(':
                return Conditional(flags, start);
            case '>':
                return Close(Alternation(flags, false), start) is { } body ? new AtomicNode(body) : null;
            default:
                _at--;
                return ScopedFlags(flags, start);
        }
    }

    private PatternNode? Close(PatternNode? body, int start)
    {
        if (body is null)
        {
            return null;
        }

        return Take(')') ? body : Fail("missing ), unterminated subpattern", start);
    }

    private GroupNode? Capture(string? name, PatternFlags flags, int start)
    {
        var number = _widths.Count;
        _widths.Add((null, null));
        if (name is not null && !_names.TryAdd(name, number))
        {
            return (GroupNode?)Fail($"the group name '{name}' is used twice", start);
        }

        if (Close(Alternation(flags, false), start) is not { } body)
        {
            return null;
        }

        _widths[number] = PatternWidth.Of(body, _widths);
        return new GroupNode(number, body);
    }

    private PatternNode? Named(PatternFlags flags, int start)
    {
        if (Take('<'))
        {
            return Name('>', start) is { } name ? Capture(name, flags, start) : null;
        }

        if (!Take('='))
        {
            return Fail($"unknown extension ?P{At(0)}", start);
        }

        if (Name(')', start) is not { } known)
        {
            return null;
        }

        return _names.TryGetValue(known, out var group) ? Backreference(group, flags, start) : Fail($"unknown group name '{known}'", start);
    }

    private PatternNode? Backreference(int group, PatternFlags flags, int start)
    {
        if (_widths[group].Min is null)
        {
            return Fail("cannot refer to an open group", start);
        }

        if (_lookBehind >= 0 && group >= _lookBehind)
        {
            return Fail("cannot refer to a group defined in the same lookbehind", start);
        }

        return new BackreferenceNode(group, flags.HasFlag(PatternFlags.IgnoreCase));
    }

    private string? Name(char end, int start)
    {
        var stop = _text.IndexOf(end, _at);
        if (stop < 0)
        {
            Fail($"missing {end}, unterminated name", start);
            return null;
        }

        var name = _text[_at..stop];
        _at = stop + 1;
        if (name.Length == 0)
        {
            Fail("missing group name", start);
            return null;
        }

        if (!IsIdentifier(name))
        {
            Fail($"bad character in group name '{name}'", start);
            return null;
        }

        return name;
    }

    private static bool IsIdentifier(string name) =>
        (char.IsLetter(name[0]) || name[0] == '_') && name.All(c => char.IsLetter(c) || c == '_' || PythonCharacters.IsDigit(c)
            || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ConnectorPunctuation or UnicodeCategory.LetterNumber);

    private LookNode? LookBehind(PatternFlags flags, int start)
    {
        var kind = At(0);
        if (kind is not ('=' or '!'))
        {
            return (LookNode?)Fail($"unknown extension ?<{kind}", start);
        }

        _at++;
        var outer = _lookBehind;
        if (outer < 0)
        {
            _lookBehind = _widths.Count;
        }

        var body = Close(Alternation(flags, false), start);
        _lookBehind = outer;
        if (body is null)
        {
            return null;
        }

        var (min, max) = PatternWidth.Of(body, _widths);
        return min is { } width && max == width
            ? new LookNode(body, true, kind == '!', width)
            : (LookNode?)Fail("look-behind requires fixed-width pattern", start);
    }

    private PatternNode? Conditional(PatternFlags flags, int start)
    {
        var stop = _text.IndexOf(')', _at);
        if (stop < 0)
        {
            return Fail("missing ), unterminated name", start);
        }

        var name = _text[_at..stop];
        _at = stop + 1;
        int group;
        if (name.Length > 0 && IsIdentifier(name))
        {
            if (!_names.TryGetValue(name, out group))
            {
                return Fail($"unknown group name '{name}'", start);
            }
        }
        else if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out group) || group == 0)
        {
            return Fail(name is "0" ? "bad group number" : $"bad character in group name '{name}'", start);
        }

        _conditions.Add((group, start));
        if (_lookBehind >= 0 && group >= _lookBehind)
        {
            return Fail("cannot refer to a group defined in the same lookbehind", start);
        }

        if (Sequence(flags, false) is not { } yes)
        {
            return null;
        }

        PatternNode? no = PatternNode.Empty;
        if (Take('|'))
        {
            no = Sequence(flags, false);
            if (no is null)
            {
                return null;
            }

            if (At(0) == '|' && _at < _text.Length)
            {
                return Fail("conditional backref with more than two branches", start);
            }
        }

        return Close(new ConditionalNode(group, yes, no), start);
    }

    private bool IsGlobalFlags()
    {
        var at = _at + 2;
        while (at < _text.Length && (char.IsAsciiLetter(_text[at])))
        {
            at++;
        }

        return at > _at + 2 && at < _text.Length && _text[at] == ')' && _text[_at + 2] != 'P';
    }

    private bool GlobalFlags()
    {
        var start = _at;
        for (_at += 2; _text[_at] != ')'; _at++)
        {
            if (!Flag(_text[_at], start, out var flag))
            {
                return false;
            }

            _global |= flag;
        }

        _at++;
        return true;
    }

    private PatternNode? ScopedFlags(PatternFlags flags, int start)
    {
        PatternFlags on = PatternFlags.None, off = PatternFlags.None;
        var negative = false;
        for (; _at < _text.Length && _text[_at] != ':'; _at++)
        {
            if (_text[_at] == '-' && !negative)
            {
                negative = true;
                continue;
            }

            if (!Flag(_text[_at], start, out var flag))
            {
                return null;
            }

            if (negative && (_text[_at] is 'a' or 'u'))
            {
                return Fail("bad inline flags: cannot turn off flags 'a', 'u' and 'L'", start);
            }

            if (_text[_at] == 'u')
            {
                off |= PatternFlags.Ascii;
            }
            else if (negative)
            {
                off |= flag;
            }
            else
            {
                on |= flag;
            }
        }

        if (!Take(':'))
        {
            return Fail("missing -, : or )", start);
        }

        return (on & off) != PatternFlags.None ? Fail("bad inline flags: flag turned on and off", start) : Close(Alternation((flags & ~off) | on, false), start);
    }

    private bool Flag(char letter, int start, out PatternFlags flag)
    {
        flag = letter switch
        {
            'i' => PatternFlags.IgnoreCase,
            'm' => PatternFlags.Multiline,
            's' => PatternFlags.DotAll,
            'x' => PatternFlags.Verbose,
            'a' => PatternFlags.Ascii,
            _ => PatternFlags.None,
        };
        if (flag != PatternFlags.None || letter == 'u')
        {
            return true;
        }

        Fail(letter == 'L' ? "bad inline flags: cannot use 'L' flag with a str pattern" : $"unknown extension ?{letter}", start);
        return false;
    }
}
