using Postern.Cli.Words;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Filters;
using Postern.Fail2Ban.Lint;
using Postern.Fail2Ban.Testing;
using Postern.Reports.Content;

namespace Postern.Cli.Commands;

/// <summary>A summary for people: hits of each expression, forms of dates, totals.</summary>
internal sealed class FilterTestText : FilterTestReport
{
    private readonly StreamWriter _output;
    private readonly CompiledFilter _filter;
    private readonly DateClock _clock;
    private readonly IReadOnlyCollection<string> _print;
    private readonly IFilterWords _words;

    public FilterTestText(Stream output, CompiledFilter filter, DateClock clock, IReadOnlyCollection<string> print, IFilterWords words)
    {
        _output = new StreamWriter(output, bufferSize: 64 * 1024);
        _filter = filter;
        _clock = clock;
        _print = print;
        _words = words;
    }

    /// <inheritdoc/>
    public override void Line(TestedLine line)
    {
        var word = line.Outcome switch
        {
            LineOutcome.Matched => "matched",
            LineOutcome.Ignored => "ignored",
            _ => "missed",
        };
        if (!_print.Contains(word, StringComparer.Ordinal))
        {
            return;
        }

        var who = line.Match is { } match ? $" {SafeText.Escape(match.Id?.Text ?? _words.NoAddressYet)} by {match.Regex + 1}" : "";
        _output.WriteLine($"{word}{who}: {line.Number}: {SafeText.Escape(line.Text)}");
    }

    /// <inheritdoc/>
    public override void End(TestCounts counts)
    {
        if (_print.Count > 0)
        {
            _output.WriteLine();
        }

        _output.WriteLine(_words.Hits(counts.Hits.Sum()));
        for (var i = 0; i < counts.Hits.Length; i++)
        {
            if (counts.Hits[i] > 0)
            {
                _output.WriteLine($"  {i + 1,3}  {counts.Hits[i],9}  {SafeText.Escape(_filter.FailRegex[i].Source)}");
            }
        }

        if (counts.Dates.Count > 0)
        {
            _output.WriteLine(_words.Dates);
            foreach (var (name, hits) in counts.Dates.OrderByDescending(date => date.Value))
            {
                _output.WriteLine($"       {hits,9}  {SafeText.Escape(name)}");
            }
        }

        _output.WriteLine(_words.Lines(counts.Total, counts.Ignored, counts.Matched, counts.Missed));
        if (counts.NamesOnly > 0)
        {
            _output.WriteLine(_words.NamesOnly(counts.NamesOnly));
        }

        if (counts.GaveUp > 0)
        {
            _output.WriteLine(_words.GaveUp(counts.GaveUp));
        }
        // A hit may be the very attack: what a client can do with the filter belongs beside the hits.
        var faults = FilterLint.Run(_filter.Definition, _clock);
        if (faults.Count == 0)
        {
            return;
        }

        _output.WriteLine();
        _output.WriteLine(_words.FaultsBelow);
        new LintText(_words).Write(_output, _filter.Definition, faults);
    }

    /// <inheritdoc/>
    public override void Dispose() => _output.Dispose();
}
