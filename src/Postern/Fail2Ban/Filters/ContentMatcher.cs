using System.Numerics;
using System.Text;
using Postern.Fail2Ban.Expressions;

namespace Postern.Fail2Ban.Filters;

/// <summary>One expression's match.</summary>
/// <param name="Regex">The failure expression, from 0.</param>
/// <param name="Groups">Its groups.</param>
/// <param name="Lines">The lines that it took.</param>
internal sealed record ContentMatch(int Regex, MatchGroups Groups, IReadOnlyList<LineParts> Lines);

/// <summary>What the expressions of a filter find.</summary>
/// <param name="Matches">Matches, in the order of the expressions; null for none.</param>
/// <param name="IsIgnored">An ignoring expression matched.</param>
/// <param name="GaveUp">The budget ended before the end.</param>
internal readonly record struct ContentResult(List<ContentMatch>? Matches, bool IsIgnored, bool GaveUp);

/// <summary>
/// Runs the expressions of a filter over single lines whose date is cut out. What it finds depends on nothing but the line:
/// lines can be matched in any order and on several threads, each with its own.
/// </summary>
/// <param name="filter">The filter; of its lines each stands alone.</param>
/// <param name="scratch">Working memory; the caller starts the budget of each line.</param>
/// <param name="all">Tries all expressions on a line instead of stopping at the first that matches.</param>
internal sealed class ContentMatcher(CompiledFilter filter, MatchScratch scratch, bool all)
{
    private readonly FilterExpression[] _expressions = [.. filter.FailRegex];
    private readonly int[] _prefPlaces = new int[2 * (filter.PrefRegex?.Names.Length ?? 0)];
    private readonly int _contentNumber = filter.PrefRegex?.NumberOf(KnownGroup.Content) ?? -1;
    private char[] _content = new char[1024];
    private char[] _inner = new char[1024];
    private readonly ulong[] _wanted = new ulong[filter.Routes.Width];
    private byte[] _bytes = [];

    /// <summary>Matches a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="known">The same as a string, where there is one.</param>
    /// <param name="cut">Where its date stands.</param>
    /// <param name="otherDate">The date that it takes from another line.</param>
    /// <param name="wanted">The expressions that can match it.</param>
    public ContentResult Match(ReadOnlySpan<char> line, string? known, (int Start, int End) cut, string? otherDate, ReadOnlySpan<ulong> wanted)
    {
        var text = Cut(line, cut);
        var inner = (Offset: 0, Length: text.Length - 1);
        if (filter.IgnoresFirst && IsIgnored(text) is { } ignored)
        {
            return new ContentResult(null, ignored, !ignored);
        }

        if (filter.Routes.OnContent && Narrow(text) is var bytes)
        {
            filter.Routes.MarkContent(bytes, _wanted);
            wanted = _wanted;
        }

        if (wanted.IndexOfAnyExcept(0UL) < 0)
        {
            return default;
        }

        if (filter.PrefRegex is { } pref)
        {
            var result = pref.Pattern.Search(text, scratch);
            if (result != SearchResult.Match)
            {
                return new ContentResult(null, false, result == SearchResult.GaveUp);
            }

            pref.CopyPlaces(scratch, _prefPlaces);
            if (_contentNumber >= 0 && _prefPlaces[2 * _contentNumber] is var start && _prefPlaces[(2 * _contentNumber) + 1] is var end && start >= 0 && end > start)
            {
                inner = (start, end - start);
                text = Inner(text[start..end]);
            }
        }

        return MatchEach(text, new Line(known, cut, otherDate, inner), line, wanted);
    }

    private ContentResult MatchEach(ReadOnlySpan<char> text, Line own, ReadOnlySpan<char> line, ReadOnlySpan<ulong> wanted)
    {
        List<ContentMatch>? matches = null;
        LineParts[]? lines = null;
        var wasIgnored = false;
        for (var word = 0; word < wanted.Length; word++)
        {
            for (var left = wanted[word]; left != 0; left &= left - 1)
            {
                var index = (word << 6) + BitOperations.TrailingZeroCount(left);
                var expression = _expressions[index];
                var found = expression.Pattern.Search(text, scratch);
                if (found == SearchResult.NoMatch)
                {
                    continue;
                }

                if (found == SearchResult.GaveUp)
                {
                    return new ContentResult(matches, wasIgnored, true);
                }

                lines ??= [new LineParts(own.Known ?? line.ToString(), own.Cut.Start, own.Cut.End, own.OtherDate)];
                var groups = Groups(expression, lines[0], own.Inner);
                if (filter.IgnoreRegex.Count > 0 && IsIgnored(text) is { } ignored)
                {
                    if (!ignored)
                    {
                        return new ContentResult(matches, wasIgnored, true);
                    }

                    wasIgnored = true;
                    if (!all)
                    {
                        return new ContentResult(matches, true, false);
                    }

                    continue;
                }

                (matches ??= new List<ContentMatch>(1)).Add(new ContentMatch(index, groups, lines));
                if (!all)
                {
                    return new ContentResult(matches, wasIgnored, false);
                }
            }
        }

        return new ContentResult(matches, wasIgnored, false);
    }

    private MatchGroups Groups(FilterExpression expression, LineParts line, (int Offset, int Length) inner)
    {
        MatchGroups? before = null;
        if (filter.PrefRegex is { } pref)
        {
            before = MatchGroups.Of(pref, new SeenText(line, 0, line.Text.Length - (line.End - line.Start)), [.. _prefPlaces], null);
        }

        return MatchGroups.Of(expression, new SeenText(line, inner.Offset, inner.Length), expression.Places(scratch), before);
    }

    // The line without its date, and with the line feed that expressions rely on.
    private ReadOnlySpan<char> Cut(ReadOnlySpan<char> line, (int Start, int End) cut)
    {
        if (_content.Length <= line.Length)
        {
            _content = new char[line.Length * 2];
        }

        line[..cut.Start].CopyTo(_content);
        line[cut.End..].CopyTo(_content.AsSpan(cut.Start));
        var length = line.Length - (cut.End - cut.Start);
        _content[length] = '\n';
        return _content.AsSpan(0, length + 1);
    }

    private ReadOnlySpan<char> Inner(ReadOnlySpan<char> content)
    {
        if (_inner.Length <= content.Length)
        {
            _inner = new char[content.Length * 2];
        }

        content.CopyTo(_inner);
        _inner[content.Length] = '\n';
        return _inner.AsSpan(0, content.Length + 1);
    }

    // Words are looked for in ASCII. A letter that is another case of ASCII's becomes one of those that send a line everywhere.
    private ReadOnlySpan<byte> Narrow(ReadOnlySpan<char> text)
    {
        if (_bytes.Length < 3 * text.Length)
        {
            _bytes = new byte[6 * text.Length];
        }

        return _bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, _bytes));
    }

    // True for ignored, false for a budget that ended, null for neither.
    private bool? IsIgnored(ReadOnlySpan<char> text)
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

    private readonly record struct Line(string? Known, (int Start, int End) Cut, string? OtherDate, (int Offset, int Length) Inner);
}
