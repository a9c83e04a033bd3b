using Postern.Fail2Ban.Filters;
using Postern.Fail2Ban.Testing;
using Postern.Reports.Content;

namespace Postern.Cli.Commands;

/// <summary>A summary for people: hits of each expression, forms of dates, totals.</summary>
internal sealed class FilterTestText : FilterTestReport
{
    private readonly StreamWriter _output;
    private readonly CompiledFilter _filter;
    private readonly IReadOnlyCollection<string> _print;

    public FilterTestText(Stream output, CompiledFilter filter, IReadOnlyCollection<string> print)
    {
        _output = new StreamWriter(output, bufferSize: 64 * 1024);
        _filter = filter;
        _print = print;
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
            return;
        var who = line.Match is { } match ? $" {SafeText.Escape(match.Id?.Text ?? "(waits for its address)")} by {match.Regex + 1}" : "";
        _output.WriteLine($"{word}{who}: {line.Number}: {SafeText.Escape(line.Text)}");
    }

    /// <inheritdoc/>
    public override void End(TestCounts counts)
    {
        if (_print.Count > 0)
            _output.WriteLine();
        _output.WriteLine($"Failregex: {counts.Hits.Sum()} hits");
        for (var i = 0; i < counts.Hits.Length; i++)
        {
            if (counts.Hits[i] > 0)
                _output.WriteLine($"  {i + 1,3}  {counts.Hits[i],9}  {SafeText.Escape(_filter.FailRegex[i].Source)}");
        }

        if (counts.Dates.Count > 0)
        {
            _output.WriteLine("Dates of the lines that were looked at:");
            foreach (var (name, hits) in counts.Dates.OrderByDescending(date => date.Value))
                _output.WriteLine($"       {hits,9}  {SafeText.Escape(name)}");
        }

        _output.WriteLine($"Lines: {counts.Total} lines, {counts.Ignored} ignored, {counts.Matched} matched, {counts.Missed} missed");
        if (counts.NamesOnly > 0)
            _output.WriteLine($"{counts.NamesOnly} of the missed lines name only a host, which was not looked up (--usedns raw takes it as it stands)");
        if (counts.GaveUp > 0)
            _output.WriteLine($"{counts.GaveUp} lines were left undecided: matching them would have cost too much");
    }

    /// <inheritdoc/>
    public override void Dispose() => _output.Dispose();
}
