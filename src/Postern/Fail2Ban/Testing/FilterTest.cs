using System.Collections.Concurrent;
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
    private readonly Action<TestedLine>? _tell;
    private readonly bool _tellMissed;
    private readonly ConcurrentBag<List<ScannedLine>> _spare = [];
    private FilterMatcher _matcher;

    /// <summary>A test.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="clock">The present.</param>
    /// <param name="encoding">The encoding of the logs.</param>
    /// <param name="tell">Is told of lines, in their order; null for counts alone.</param>
    /// <param name="tellMissed">Whether of missed ones, too; then no line can be passed over.</param>
    public FilterTest(CompiledFilter filter, FilterOptions options, DateClock clock, Encoding encoding, Action<TestedLine>? tell, bool tellMissed)
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

    /// <summary>Reads a log: blocks of it are scanned on all cores, and what was found is taken in the order of the log.</summary>
    public async Task RunAsync(Stream log, CancellationToken stop)
    {
        _matcher = new FilterMatcher(_filter, _options, _clock);
        // The reader waits where the rest is slower: a few blocks a core are enough to keep all busy.
        var blocks = Channel.CreateBounded<Task<ScannedBlock>>(new BoundedChannelOptions(2 * Environment.ProcessorCount) { SingleReader = true, SingleWriter = true });
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var reading = Task.Run(() => ReadAsync(log, blocks.Writer, ended.Token), CancellationToken.None);
        try
        {
            long before = 0;
            await foreach (var scanning in blocks.Reader.ReadAllAsync(stop).ConfigureAwait(false))
            {
                var scanned = await scanning.ConfigureAwait(false);
                using var block = scanned.Block;
                Counts.Total += scanned.Total;
                foreach (var line in scanned.Lines)
                {
                    Line(block.Text.Slice(line.Start, line.Length), before + line.Number + 1, line.Ahead);
                }

                before += scanned.Feeds;
                scanned.Lines.Clear();
                _spare.Add(scanned.Lines);
            }
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (blocks.Reader.TryRead(out var left))
            {
                await ((Task)left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        foreach (var (name, hits) in _matcher.DateHits)
        {
            if (hits > 0)
            {
                Counts.Dates[name] = Counts.Dates.GetValueOrDefault(name) + hits;
            }
        }
    }

    private async Task ReadAsync(Stream log, ChannelWriter<Task<ScannedBlock>> blocks, CancellationToken stop)
    {
        try
        {
            var scanners = new ConcurrentBag<LineScanner>();
            WordSearch? words = null;
            var isFirst = true;
            foreach (var block in new LogBlocks(log, _encoding).Read())
            {
                if (isFirst && !_tellMissed && _filter.Prefilter.IsUseful)
                {
                    words = new WordSearch(_filter.Prefilter.Tuned(Encoding.Latin1.GetString(block.Text)).Words);
                }

                isFirst = false;
                await blocks.WriteAsync(Task.Run(() => Scan(block, words, scanners), CancellationToken.None), stop).ConfigureAwait(false);
            }

            blocks.Complete();
        }
        catch (Exception e)
        {
            // Whoever reads the channel throws it on.
            blocks.Complete(e);
        }
    }

    private ScannedBlock Scan(FileBlock block, WordSearch? words, ConcurrentBag<LineScanner> scanners)
    {
        if (!scanners.TryTake(out var scanner))
        {
            scanner = new LineScanner(_filter, _options, _clock, words);
        }

        var scanned = scanner.Scan(block, _spare.TryTake(out var lines) ? lines : []);
        scanners.Add(scanner);
        return scanned;
    }

    private void Line(ReadOnlySpan<byte> line, long number, in MatchedAhead? ahead)
    {
        var before = _matcher.Waiting;
        var result = (ahead is { } found ? _matcher.Take(line, found) : null) ?? _matcher.Match(line);
        FilterMatch? match = null;
        var ignored = result.IsIgnored;
        foreach (var one in result.Matches)
        {
            Counts.Hits[one.Regex]++;
            if (one.Failure.IsNoFailure)
            {
                ignored = true;
            }
            else
            {
                match ??= one;
            }
        }

        Counts.GaveUp += result.GaveUp ? 1 : 0;
        // Lines that waited in vain until now were counted as missed.
        if (_filter.Definition.MaxLines > 1)
        {
            Counts.Matched += Consumed(before);
        }

        var outcome = ignored ? LineOutcome.Ignored : match is not null ? LineOutcome.Matched : LineOutcome.Missed;
        Counts.Ignored += outcome == LineOutcome.Ignored ? 1 : 0;
        Counts.Matched += outcome == LineOutcome.Matched ? 1 : 0;
        Counts.NamesOnly += outcome == LineOutcome.Missed && result.NamesOnly ? 1 : 0;
        if (_tell is not null && (outcome != LineOutcome.Missed || _tellMissed))
        {
            _tell(new TestedLine(number, Encoding.UTF8.GetString(line), outcome, outcome == LineOutcome.Matched ? match : null));
        }
    }

    private int Consumed(IReadOnlyList<LineParts> before)
    {
        var after = _matcher.Waiting;
        var skip = before.Count >= _filter.Definition.MaxLines ? 1 : 0;
        return before.Skip(skip).Count(line => !after.Contains(line));
    }
}
