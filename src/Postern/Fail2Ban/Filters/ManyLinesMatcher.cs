using Postern.Fail2Ban.Expressions;

namespace Postern.Fail2Ban.Filters;

/// <summary>Runs the expressions of a filter that looks at several lines together (<c>maxlines</c>), in the order of the log.</summary>
/// <param name="filter">The filter.</param>
/// <param name="scratch">Working memory; the caller starts the budget of each line.</param>
/// <param name="all">Tries all expressions instead of stopping at the first that matches.</param>
internal sealed class ManyLinesMatcher(CompiledFilter filter, MatchScratch scratch, bool all)
{
    private readonly MatchLines _lines = new(filter.Definition.MaxLines);

    // Of the lines that are looked at together one must hold one of these words; null where all must be tried.
    private readonly LinePrefilter? _words = LinePrefilter.ForManyLines(filter);

    private readonly PassedLines _passed = new(filter.Definition.MaxLines);

    /// <summary>The last lines, as far as no match took them.</summary>
    public IReadOnlyList<LineParts> Lines
    {
        get
        {
            _passed.MoveTo(_lines);
            return _lines.Lines;
        }
    }

    /// <summary>Adds a line, and matches it with those before.</summary>
    /// <param name="line">The line.</param>
    /// <param name="cut">Where its date stands.</param>
    /// <param name="otherDate">The date that it takes from another line.</param>
    /// <param name="text">The same as a string, where there is one.</param>
    public ContentResult Match(ReadOnlySpan<char> line, (int Start, int End) cut, string? otherDate, string? text)
    {
        var mayMatch = _words is null || _words.MayMatch(line);
        if (!mayMatch && !_lines.MayMatch)
        {
            _passed.Add(line, cut, otherDate);
            return default;
        }

        _passed.MoveTo(_lines);
        _lines.Add(new LineParts(text ?? line.ToString(), cut.Start, cut.End, otherDate, mayMatch));
        if (!_lines.MayMatch)
            return default;
        text = _lines.Text;
        if (filter.IgnoresFirst && IsIgnored(text) is { } ignored)
            return new ContentResult(null, ignored, !ignored);
        Dictionary<string, string?>? before = null;
        if (filter.PrefRegex is { } pref)
        {
            var result = pref.Pattern.Search(text, scratch);
            if (result != SearchResult.Match)
                return new ContentResult(null, false, result == SearchResult.GaveUp);
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
                return new ContentResult(matches, wasIgnored, true);
            if (found == SearchResult.NoMatch)
                continue;
            var own = expression.Groups(text, scratch);
            var matched = _lines.Matched(expression, text, scratch);
            if (filter.IgnoreRegex.Count > 0 && IsIgnored(MatchLines.TextOf(matched)) is { } ignored)
            {
                if (!ignored)
                    return new ContentResult(matches, wasIgnored, true);
                wasIgnored = true;
            }
            else
            {
                (matches ??= []).Add(new ContentMatch(index, new MatchGroups(Joined(before, own)), matched));
            }

            _lines.KeepUnmatched();
            text = _lines.Text;
            if (!all)
                break;
        }

        return new ContentResult(matches, wasIgnored, false);
    }

    private static Dictionary<string, string?> Joined(Dictionary<string, string?>? before, Dictionary<string, string?> own)
    {
        if (before is null)
            return own;
        var joined = new Dictionary<string, string?>(before, StringComparer.Ordinal);
        foreach (var (name, value) in own)
            joined[name] = value;
        return joined;
    }

    // True for ignored, false for a budget that ended, null for neither.
    private bool? IsIgnored(string text)
    {
        foreach (var expression in filter.IgnoreRegex)
        {
            var result = expression.Pattern.Search(text, scratch);
            if (result != SearchResult.NoMatch)
                return result == SearchResult.Match;
        }

        return null;
    }
}
