using System.Buffers;
using System.Text;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Filters;

namespace Postern.Fail2Ban.Testing;

/// <summary>Runs a filter over a log from its first line to its last, and counts as <c>fail2ban-regex</c> does.</summary>
internal sealed class FilterTest
{
    private static readonly SearchValues<string> s_noLines = SearchValues.Create(["\n\n", "\n#", "\n\r\n"], StringComparison.Ordinal);

    private readonly CompiledFilter _filter;
    private readonly FilterOptions _options;
    private readonly DateClock _clock;
    private readonly Encoding _encoding;
    private readonly Action<TestedLine> _tell;
    private readonly bool _tellMissed;
    private FilterMatcher _matcher;
    private LinePrefilter? _prefilter;
    private long _number;

    /// <summary>A test.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="clock">The present.</param>
    /// <param name="encoding">The encoding of the logs.</param>
    /// <param name="tell">Is told of lines.</param>
    /// <param name="tellMissed">Whether of missed ones, too; then no line can be passed over.</param>
    public FilterTest(CompiledFilter filter, FilterOptions options, DateClock clock, Encoding encoding, Action<TestedLine> tell, bool tellMissed)
    {
        _filter = filter;
        _options = options;
        _clock = clock;
        _encoding = encoding;
        _tell = tell;
        _tellMissed = tellMissed;
        _matcher = new FilterMatcher(filter, options, clock);
        Counts = new TestCounts { Hits = new long[filter.FailRegex.Count] };
    }

    /// <summary>The totals so far.</summary>
    public TestCounts Counts { get; }

    /// <summary>Reads a log.</summary>
    public void Run(Stream log, CancellationToken stop)
    {
        _matcher = new FilterMatcher(_filter, _options, _clock);
        _prefilter = null;
        _number = 0;
        foreach (var block in new TextBlocks(log, _encoding).Read())
        {
            stop.ThrowIfCancellationRequested();
            Block(block.Span);
        }

        foreach (var (name, hits) in _matcher.DateHits)
        {
            if (hits > 0)
                Counts.Dates[name] = Counts.Dates.GetValueOrDefault(name) + hits;
        }
    }

    // A block is whole lines.
    private void Block(ReadOnlySpan<char> text)
    {
        Counts.Total += CountLines(text);
        _prefilter ??= _tellMissed ? LinePrefilter.None : _filter.Prefilter.Tuned(text[..Math.Min(text.Length, 256 * 1024)]);
        while (!text.IsEmpty)
        {
            if (_prefilter.IsUseful)
            {
                var word = _prefilter.IndexOfCandidate(text);
                var start = word < 0 ? text.Length : text[..word].LastIndexOf('\n') + 1;
                _number += text[..start].Count('\n');
                text = text[start..];
                if (text.IsEmpty)
                    return;
            }

            var end = text.IndexOf('\n');
            var line = (end < 0 ? text : text[..end]).TrimEnd('\r');
            text = end < 0 ? [] : text[(end + 1)..];
            _number++;
            if (!line.IsEmpty && line[0] != '#')
                Line(line.ToString());
        }
    }

    private void Line(string line)
    {
        var before = _matcher.Waiting;
        var result = _matcher.Match(line);
        FilterMatch? match = null;
        var ignored = result.IsIgnored;
        foreach (var one in result.Matches)
        {
            Counts.Hits[one.Regex]++;
            if (one.Failure.IsNoFailure)
                ignored = true;
            else
                match ??= one;
        }

        Counts.GaveUp += result.GaveUp ? 1 : 0;
        // Lines that waited in vain until now were counted as missed.
        if (_filter.Definition.MaxLines > 1)
            Counts.Matched += Consumed(before);
        var outcome = ignored ? LineOutcome.Ignored : match is not null ? LineOutcome.Matched : LineOutcome.Missed;
        Counts.Ignored += outcome == LineOutcome.Ignored ? 1 : 0;
        Counts.Matched += outcome == LineOutcome.Matched ? 1 : 0;
        Counts.NamesOnly += outcome == LineOutcome.Missed && result.NamesOnly ? 1 : 0;
        if (outcome != LineOutcome.Missed || _tellMissed)
            _tell(new TestedLine(_number, line, outcome, outcome == LineOutcome.Matched ? match : null));
    }

    private int Consumed(IReadOnlyList<LineParts> before)
    {
        var after = _matcher.Waiting;
        var skip = before.Count >= _filter.Definition.MaxLines ? 1 : 0;
        return before.Skip(skip).Count(line => !after.Contains(line));
    }

    // Empty lines and comments are no lines of a log.
    private static long CountLines(ReadOnlySpan<char> text)
    {
        long lines = text.Count('\n') + (text[^1] == '\n' ? 0 : 1);
        if (text[0] is '#' or '\n' || text.StartsWith("\r\n"))
            lines--;
        for (var at = text.IndexOfAny(s_noLines); at >= 0; at = text.IndexOfAny(s_noLines))
        {
            lines--;
            text = text[(at + 1)..];
        }

        return lines;
    }
}
