using Postern.Fail2Ban.Expressions;

namespace Postern.Fail2Ban.Filters;

/// <summary>Runs the expressions of a filter that looks at several lines together (<c>maxlines</c>), in the order of the log.</summary>
/// <param name="filter">The filter.</param>
/// <param name="scratch">Working memory; the caller starts the budget of each line.</param>
/// <param name="all">Tries all expressions instead of stopping at the first that matches.</param>
internal sealed class ManyLinesMatcher(CompiledFilter filter, MatchScratch scratch, bool all)
{
    private readonly MatchLines _lines = new(filter.Definition.MaxLines);

    // What the lines that are looked at together must hold; null where all must be tried.
    private readonly WindowWords? _words = WindowWords.For(filter);

    private readonly PassedLines _passed = new(filter.Definition.MaxLines);

    /// <summary>The last lines, as far as no match took them and they were added.</summary>
    public IReadOnlyList<LineParts> Lines => _lines.Lines;

    /// <summary>Counts the next line, in UTF-8; true where it and those before may match.</summary>
    public bool Next(ReadOnlySpan<byte> line) => _words?.Next(line) is not false;

    /// <summary>The same of a line in characters.</summary>
    public bool Next(ReadOnlySpan<char> line) => _words?.Next(line) is not false;

    /// <summary>Keeps a line as it is, until one comes that may match.</summary>
    public void Pass(ReadOnlySpan<byte> line) => _passed.Add(line);

    /// <summary>The oldest line that was kept as it was; it must be added before any that came later.</summary>
    public bool TryTakePassed(out ReadOnlySpan<byte> line) => _passed.TryTake(out line);

    /// <summary>Adds a line.</summary>
    public void Add(LineParts line) => _lines.Add(line);

    /// <summary>Matches the lines so far.</summary>
    public ContentResult Match()
    {
        var text = _lines.Text;
        if (filter.IgnoresFirst && IsIgnored(text) is { } ignored)
        {
            return new ContentResult(null, ignored, !ignored);
        }

        Dictionary<string, string?>? before = null;
        if (filter.PrefRegex is { } pref)
        {
            var result = pref.Pattern.Search(text, scratch);
            if (result != SearchResult.Match)
            {
                return new ContentResult(null, false, result == SearchResult.GaveUp);
            }

            before = pref.Groups(text, scratch);
            if (before.Remove("content", out var content) && !string.IsNullOrEmpty(content))
            {
                _lines.Replace(content);
                text = _lines.Text;
            }
        }

        return MatchEach(text, before);
    }

    private ContentResult MatchEach(string text, Dictionary<string, string?>? before)
    {
        List<ContentMatch>? matches = null;
        var wasIgnored = false;
        for (var index = 0; index < filter.FailRegex.Count; index++)
        {
            var expression = filter.FailRegex[index];
            var found = expression.Pattern.Search(text, scratch);
            if (found == SearchResult.GaveUp)
            {
                return new ContentResult(matches, wasIgnored, true);
            }

            if (found == SearchResult.NoMatch)
            {
                continue;
            }

            var own = expression.Groups(text, scratch);
            var matched = _lines.Matched(expression, text, scratch);
            if (filter.IgnoreRegex.Count > 0 && IsIgnored(MatchLines.TextOf(matched)) is { } ignored)
            {
                if (!ignored)
                {
                    return new ContentResult(matches, wasIgnored, true);
                }

                wasIgnored = true;
            }
            else
            {
                (matches ??= []).Add(new ContentMatch(index, new MatchGroups(Joined(before, own)), matched));
            }

            _lines.KeepUnmatched();
            text = _lines.Text;
            if (!all)
            {
                break;
            }
        }

        return new ContentResult(matches, wasIgnored, false);
    }

    private static Dictionary<string, string?> Joined(Dictionary<string, string?>? before, Dictionary<string, string?> own)
    {
        if (before is null)
        {
            return own;
        }

        var joined = new Dictionary<string, string?>(before, StringComparer.Ordinal);
        foreach (var (name, value) in own)
        {
            joined[name] = value;
        }

        return joined;
    }

    // True for ignored, false for a budget that ended, null for neither.
    private bool? IsIgnored(string text)
    {
        foreach (var expression in filter.IgnoreRegex)
        {
            var result = expression.Pattern.Search(text, scratch);
            if (result != SearchResult.NoMatch)
            {
                return result == SearchResult.Match;
            }
        }

        return null;
    }
}
