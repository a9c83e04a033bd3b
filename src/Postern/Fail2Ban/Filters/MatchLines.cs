using Postern.Fail2Ban.Expressions;

namespace Postern.Fail2Ban.Filters;

/// <summary>The lines that an expression sees together (<c>maxlines</c>), each without its date and with a line feed.</summary>
internal sealed class MatchLines(int most)
{
    private List<LineParts> _lines = [];
    private List<LineParts> _originals = [];
    private List<LineParts> _unmatched = [];

    /// <summary>The lines, the oldest first.</summary>
    public IReadOnlyList<LineParts> Lines => [.. _lines];

    /// <summary>The text that the expressions see.</summary>
    public string Text => TextOf(_lines);

    /// <summary>Adds a line; the oldest goes where there are too many.</summary>
    public void Add(LineParts line)
    {
        if (_lines.Count >= most)
        {
            _lines.RemoveAt(0);
        }

        _lines.Add(line);
        _originals = _lines;
    }

    /// <summary>Replaces all by the content that <c>prefregex</c> found.</summary>
    public void Replace(string content) => _lines = [new LineParts(content)];

    /// <summary>The text of lines.</summary>
    public static string TextOf(IReadOnlyList<LineParts> lines) =>
        lines.Count == 1 ? lines[0].ContentWithFeed : string.Join('\n', lines.Select(line => line.Content)) + "\n";

    /// <summary>The lines that a match took, those that <c>&lt;SKIPLINES&gt;</c> passed over left out.</summary>
    public IReadOnlyList<LineParts> Matched(FilterExpression expression, string text, MatchScratch scratch)
    {
        if (_originals.Count <= 1)
        {
            _unmatched = [];
            return _originals;
        }

        var (start, length) = scratch.Group(0)!.Value.GetOffsetAndLength(text.Length);
        var end = start + length;
        var before = text.AsSpan(0, Math.Min(start + 1, text.Length)).LastIndexOf('\n') + 1;
        var stop = text.IndexOf('\n', Math.Max(end - 1, 0)) + 1;
        var first = Math.Min(text.AsSpan(0, before).Count('\n'), _originals.Count);
        var last = Math.Clamp(text.AsSpan(0, stop == 0 ? text.Length : stop).Count('\n'), first, _originals.Count);
        var matched = _originals[first..last];
        var unmatched = _originals[..first];
        var from = 0;
        foreach (var skipped in expression.SkippedLines(text, scratch))
        {
            for (var i = from; i < matched.Count; i++)
            {
                if (!string.Equals(matched[i].Content, skipped, StringComparison.Ordinal))
                {
                    continue;
                }

                unmatched.Add(matched[i]);
                matched.RemoveAt(i);
                from = i;
                break;
            }
        }

        unmatched.AddRange(_originals[last..]);
        _unmatched = unmatched;
        return matched;
    }

    /// <summary>Drops the lines of the last match.</summary>
    public void KeepUnmatched() => _lines = _unmatched;
}
