using System.Text;
using System.Threading.Channels;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Filters;

namespace Postern.Fail2Ban.Testing;

/// <summary>Runs a filter over a log from its first line to its last, and counts as <c>fail2ban-regex</c> does.</summary>
internal sealed class FilterTest
{
    private readonly CompiledFilter _filter;
    private readonly FilterOptions _options;
    private readonly DateClock _clock;
    private readonly Encoding _encoding;
    private readonly Action<TestedLine> _tell;
    private readonly bool _tellMissed;
    private FilterMatcher _matcher;

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

    /// <summary>Reads a log: one task reads ahead and picks lines, this one matches them.</summary>
    public async Task RunAsync(Stream log, CancellationToken stop)
    {
        _matcher = new FilterMatcher(_filter, _options, _clock);
        // The reader waits where matching is slower: a few blocks are enough to keep both busy.
        var blocks = Channel.CreateBounded<CandidateBlock>(new BoundedChannelOptions(4) { SingleReader = true, SingleWriter = true });
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var reading = Task.Run(() => ReadAsync(log, blocks.Writer, ended.Token), CancellationToken.None);
        try
        {
            await foreach (var block in blocks.Reader.ReadAllAsync(stop).ConfigureAwait(false))
            {
                Counts.Total += block.Total;
                foreach (var line in block.Lines)
                    Line(line);
            }
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        foreach (var (name, hits) in _matcher.DateHits)
        {
            if (hits > 0)
                Counts.Dates[name] = Counts.Dates.GetValueOrDefault(name) + hits;
        }
    }

    private async Task ReadAsync(Stream log, ChannelWriter<CandidateBlock> blocks, CancellationToken stop)
    {
        try
        {
            foreach (var block in new CandidateReader(_filter.Prefilter, _tellMissed).Read(new LogBlocks(log, _encoding)))
                await blocks.WriteAsync(block, stop).ConfigureAwait(false);
            blocks.Complete();
        }
        catch (Exception e)
        {
            // Whoever reads the channel throws it on.
            blocks.Complete(e);
        }
    }

    private void Line(Candidate candidate)
    {
        var line = candidate.Text;
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
            _tell(new TestedLine(candidate.Number, line, outcome, outcome == LineOutcome.Matched ? match : null));
    }

    private int Consumed(IReadOnlyList<LineParts> before)
    {
        var after = _matcher.Waiting;
        var skip = before.Count >= _filter.Definition.MaxLines ? 1 : 0;
        return before.Skip(skip).Count(line => !after.Contains(line));
    }
}
