namespace Postern.Fail2Ban.Expressions;

/// <summary>
/// Reads Python's regular expressions (the <c>re</c> module of Python 3.11, for strings). What Python refuses is refused
/// here with a reason, and so is the little that this engine does not have (<c>\N{…}</c>, the flag <c>L</c>).
/// </summary>
internal sealed partial class PatternParser
{
    private const int DeepestNesting = 200;

    private readonly string _text;
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly List<(int? Min, int? Max)> _widths = [(null, null)];
    private readonly List<(int Group, int Position)> _conditions = [];
    private int _at;
    private int _depth;
    private int _lookBehind = -1;
    private PatternFlags _global;
    private PatternError? _error;

    private PatternParser(string text, PatternFlags flags)
    {
        _text = text;
        _global = flags;
    }

    /// <summary>Parses; on failure the error says why and where.</summary>
    public static (ParsedPattern? Pattern, PatternError? Error) Parse(string text, PatternFlags flags = PatternFlags.None)
    {
        var (pattern, error, restart) = new PatternParser(text, flags).Run();
        // A flag x at the start concerns what was read before it was seen.
        return restart is { } again ? Second(text, again) : (pattern, error);
    }

    private static (ParsedPattern? Pattern, PatternError? Error) Second(string text, PatternFlags flags)
    {
        var (pattern, error, _) = new PatternParser(text, flags).Run();
        return (pattern, error);
    }

    private (ParsedPattern? Pattern, PatternError? Error, PatternFlags? Restart) Run()
    {
        var before = _global;
        var root = Alternation(null, isTop: true);
        if (root is not null && _at < _text.Length)
        {
            root = Fail("unbalanced parenthesis", _at);
        }

        foreach (var (group, position) in _conditions)
        {
            if (root is not null && group >= _widths.Count)
            {
                root = Fail($"it refers to group {group}, which does not exist", position);
            }
        }

        if (root is null)
        {
            return (null, _error, null);
        }

        return _global.HasFlag(PatternFlags.Verbose) && !before.HasFlag(PatternFlags.Verbose)
            ? (null, null, _global)
            : (new ParsedPattern(root, _widths.Count - 1, _names), null, null);
    }

    private PatternNode? Fail(string reason, int position)
    {
        _error ??= new PatternError(reason, position);
        return null;
    }

    // Null flags stand for the global ones, which the start of the expression may still change.
    private PatternNode? Alternation(PatternFlags? flags, bool isTop)
    {
        if (++_depth > DeepestNesting)
        {
            return Fail($"its groups are nested deeper than {DeepestNesting}", _at);
        }

        var branches = new List<PatternNode>();
        do
        {
            if (Sequence(flags, isTop && branches.Count == 0) is not { } branch)
            {
                return null;
            }

            branches.Add(branch);
        }
        while (Take('|'));
        _depth--;
        return branches.Count == 1 ? branches[0] : new AlternationNode(branches);
    }

    private SequenceNode? Sequence(PatternFlags? given, bool isFirst)
    {
        var items = new List<PatternNode>();
        while (_at < _text.Length && _text[_at] is not ('|' or ')'))
        {
            var flags = given ?? _global;
            if (flags.HasFlag(PatternFlags.Verbose) && SkipVerbose())
            {
                continue;
            }

            var start = _at;
            if (IsRepeat(out var min, out var max, out var end))
            {
                if (max < min)
                {
                    return (SequenceNode?)Fail("the least repeat is greater than the greatest", start);
                }

                _at = end;
                if (items.Count == 0 || items[^1] is PlaceNode)
                {
                    return (SequenceNode?)Fail("nothing to repeat", start);
                }

                if (items[^1] is RepeatNode)
                {
                    return (SequenceNode?)Fail("multiple repeat", start);
                }

                var kind = Take('?') ? RepeatKind.Lazy : Take('+') ? RepeatKind.Possessive : RepeatKind.Greedy;
                items[^1] = new RepeatNode(items[^1], min, max, kind);
                continue;
            }

            if (_text[_at] == '(' && At(1) == '?' && IsGlobalFlags())
            {
                if (!isFirst || items.Count > 0)
                {
                    return (SequenceNode?)Fail("global flags not at the start of the expression", start);
                }

                if (!GlobalFlags())
                {
                    return null;
                }

                continue;
            }

            if (Item(flags) is not { } item)
            {
                return null;
            }
            // A group without a name or number leaves no node; a repeat of a repeat in one is no multiple repeat.
            items.Add(item is RepeatNode ? new SequenceNode([item]) : item);
        }

        return new SequenceNode(items);
    }

    private PatternNode? Item(PatternFlags flags)
    {
        switch (_text[_at])
        {
            case '\\':
                return Escape(flags);
            case '[':
                return Class(flags);
            case '(':
                return Group(flags);
            case '.':
                _at++;
                return new AnyNode(flags.HasFlag(PatternFlags.DotAll));
            case '^':
                _at++;
                return new PlaceNode(flags.HasFlag(PatternFlags.Multiline) ? Place.LineStart : Place.Start);
            case '$':
                _at++;
                return new PlaceNode(flags.HasFlag(PatternFlags.Multiline) ? Place.LineEnd : Place.End);
            default:
                return Literal(Character(), flags);
        }
    }

    private static CharNode Literal(int character, PatternFlags flags)
    {
        var set = CharSet.Of(character, flags.HasFlag(PatternFlags.IgnoreCase));
        var isOne = !flags.HasFlag(PatternFlags.IgnoreCase) || PythonCharacters.Variants(character).Count == 1;
        return new CharNode(set, isOne ? character : -1);
    }

    // ?, *, +, {m}, {m,}, {,n}, {m,n}; any other brace is a literal.
    private bool IsRepeat(out int min, out int max, out int end)
    {
        (min, max, end) = (0, int.MaxValue, _at + 1);
        switch (_text[_at])
        {
            case '?':
                max = 1;
                return true;
            case '*':
                return true;
            case '+':
                min = 1;
                return true;
            case '{':
                break;
            default:
                return false;
        }

        var at = _at + 1;
        if (at < _text.Length && _text[at] == '}')
        {
            return false;
        }

        var low = Digits(ref at);
        var high = low;
        if (at < _text.Length && _text[at] == ',')
        {
            at++;
            high = Digits(ref at);
        }

        if (at >= _text.Length || _text[at] != '}')
        {
            return false;
        }

        end = at + 1;
        min = Number(low, 0);
        max = Number(high, int.MaxValue);
        return true;
    }

    private string Digits(ref int at)
    {
        var start = at;
        while (at < _text.Length && char.IsAsciiDigit(_text[at]))
        {
            at++;
        }

        return _text[start..at];
    }

    private static int Number(string digits, int otherwise) =>
        digits.Length == 0 ? otherwise : int.TryParse(digits, System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : int.MaxValue;

    private bool SkipVerbose()
    {
        var start = _at;
        while (_at < _text.Length && _text[_at] is ' ' or '\t' or '\n' or '\r' or '\v' or '\f')
        {
            _at++;
        }

        if (_at < _text.Length && _text[_at] == '#')
        {
            while (_at < _text.Length && _text[_at] != '\n')
            {
                _at++;
            }
        }

        return _at > start;
    }

    private char At(int offset) => _at + offset < _text.Length ? _text[_at + offset] : '\0';

    private bool Take(char wanted)
    {
        if (_at >= _text.Length || _text[_at] != wanted)
        {
            return false;
        }

        _at++;
        return true;
    }

    private int Character()
    {
        if (char.IsHighSurrogate(_text[_at]) && _at + 1 < _text.Length && char.IsLowSurrogate(_text[_at + 1]))
        {
            _at += 2;
            return char.ConvertToUtf32(_text[_at - 2], _text[_at - 1]);
        }

        return _text[_at++];
    }
}
