namespace Postern.Fail2Ban.Expressions;

/// <summary>What a search found out.</summary>
internal enum SearchResult : byte
{
    /// <summary>The expression does not match.</summary>
    NoMatch,
    /// <summary>It does; the scratch holds the groups.</summary>
    Match,
    /// <summary>The line's budget ended first.</summary>
    GaveUp,
}

/// <summary>A regular expression of Python's, ready to search with its meaning and its groups.</summary>
internal sealed class PythonPattern
{
    private readonly PatternProgram _program;
    private readonly PatternStart _start;

    private PythonPattern(string text, ParsedPattern parsed, PatternProgram program)
    {
        Text = text;
        _program = program;
        _start = PatternStart.Of(parsed.Root);
        GroupNames = parsed.GroupNames;
        GroupCount = parsed.GroupCount;
        Literals = RequiredLiterals.Of(parsed.Root);
        Tree = parsed.Root;
    }

    /// <summary>The expression as it was written.</summary>
    public string Text { get; }

    /// <summary>Groups, the whole match not counted.</summary>
    public int GroupCount { get; }

    /// <summary>Numbers of the named groups.</summary>
    public IReadOnlyDictionary<string, int> GroupNames { get; }

    /// <summary>What must stand in every match.</summary>
    public LiteralNode Literals { get; }

    /// <summary>The parsed expression.</summary>
    public PatternNode Tree { get; }

    /// <summary>Reads an expression; the error says what cannot be used and why.</summary>
    public static (PythonPattern? Pattern, PatternError? Error) Create(string text, PatternFlags flags = PatternFlags.None)
    {
        var (parsed, error) = PatternParser.Parse(text, flags);
        if (parsed is null)
        {
            return (null, error);
        }

        return PatternCompiler.Compile(parsed) is { } program
            ? (new PythonPattern(text, parsed, program), null)
            : (null, new PatternError("its counted repeats make it too large", 0));
    }

    /// <summary>
    /// Looks for the first match at or after <paramref name="from"/>; what stands before is seen by looks behind, and the
    /// start of the text is the only start.
    /// </summary>
    public SearchResult Search(ReadOnlySpan<char> text, MatchScratch scratch, int from = 0)
    {
        var matcher = new PatternMatcher(_program, text, scratch);
        if (_start.IsAnchored)
        {
            if (from > 0)
            {
                return SearchResult.NoMatch;
            }

            return matcher.TryAt(0) ? SearchResult.Match : matcher.GaveUp ? SearchResult.GaveUp : SearchResult.NoMatch;
        }

        for (var at = from; at <= text.Length; at++)
        {
            if (_start.IsLineAnchored && at > 0 && text[at - 1] != '\n')
            {
                var feed = text[at..].IndexOf('\n');
                if (feed < 0)
                {
                    return SearchResult.NoMatch;
                }

                at += feed + 1;
            }

            if (!_start.IsNullable)
            {
                while (at < text.Length && !_start.CanBegin(text[at]))
                {
                    at++;
                }

                if (at == text.Length)
                {
                    return SearchResult.NoMatch;
                }
            }

            if (at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) && char.IsHighSurrogate(text[at - 1]))
            {
                continue;
            }

            if (matcher.TryAt(at))
            {
                return SearchResult.Match;
            }

            if (matcher.GaveUp)
            {
                return SearchResult.GaveUp;
            }
        }

        return SearchResult.NoMatch;
    }
}
