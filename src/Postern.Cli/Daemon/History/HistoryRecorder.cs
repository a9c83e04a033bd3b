using Postern.Cli.Daemon.Metrics;
using Postern.Cli.Storage;
using Postern.Engine.Ledger;
using Postern.Facts;
using Postern.Reports.Languages;

namespace Postern.Cli.Daemon.History;

/// <summary>Writes each minute how much there was of what, and gives it back for plots.</summary>
/// <param name="store">Where it is kept; closed with this.</param>
/// <param name="collect">The metrics now.</param>
/// <param name="trouble">Told when it cannot be kept; null when it can be again.</param>
/// <param name="time">The clock.</param>
internal sealed class HistoryRecorder(HistoryStore store, Func<CancellationToken, Task<MetricsReply>> collect, Action<string?> trouble, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    // How far back a range goes, the step that is read, and how many of these make one of the reply.
    private static readonly Dictionary<string, (TimeSpan Back, long Step, int Joined)> s_ranges = new(StringComparer.Ordinal)
    {
        ["hour"] = (TimeSpan.FromHours(1), 60, 1),
        ["day"] = (TimeSpan.FromDays(1), 60, 10),
        ["week"] = (TimeSpan.FromDays(7), 3600, 1),
        ["month"] = (TimeSpan.FromDays(31), 3600, 6),
        ["year"] = (TimeSpan.FromDays(366), 86_400, 1),
    };

    private readonly SemaphoreSlim _one = new(1);
    private Dictionary<string, long> _written = new(StringComparer.Ordinal);

    /// <summary>Writes at the end of each minute.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(s_minute - TimeSpan.FromTicks(time.GetUtcNow().Ticks % s_minute.Ticks), time, stop);
            await WriteAsync(stop);
        }
    }

    /// <summary>Writes what came since the last time.</summary>
    public async Task WriteAsync(CancellationToken stop)
    {
        await _one.WaitAsync(stop);
        try
        {
            var metrics = await collect(stop);
            var sums = HistorySeries.Sums(metrics);
            // The minute that has just ended.
            store.Add(time.GetUtcNow().AddSeconds(-1), Since(sums), HistorySeries.Peaks(metrics));
            _written = sums;
            trouble(null);
        }
        catch (LedgerException e)
        {
            trouble(e.Message);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The numbers of a range up to now; null for a range that is not known.</summary>
    /// <param name="range"><c>hour</c>, <c>day</c>, <c>week</c>, <c>month</c> or <c>year</c>.</param>
    /// <param name="language">The language of the names.</param>
    /// <param name="stop">The asker's patience.</param>
    /// <exception cref="LedgerException">They cannot be read now.</exception>
    public async Task<HistoryReply?> ReadAsync(string range, string language, CancellationToken stop)
    {
        if (!s_ranges.TryGetValue(range, out var known))
        {
            return null;
        }

        await _one.WaitAsync(stop);
        try
        {
            var metrics = await collect(stop);
            var step = known.Step * known.Joined;
            var last = time.GetUtcNow().ToUnixTimeSeconds() / step;
            var count = (int)(known.Back.TotalSeconds / step) + 1;
            var first = (last - count + 1) * step;
            var lines = new SortedDictionary<string, long[]>(StringComparer.Ordinal);
            foreach (var (name, at, number) in store.Read(known.Step, DateTimeOffset.FromUnixTimeSeconds(first), DateTimeOffset.FromUnixTimeSeconds((last + 1) * step)))
            {
                Put(name, (int)((at - first) / step), number);
            }

            foreach (var (name, number) in Since(HistorySeries.Sums(metrics)).Concat(HistorySeries.Peaks(metrics)))
            {
                Put(name, count - 1, number);
            }

            return new HistoryReply
            {
                Range = range,
                From = DateTimeOffset.FromUnixTimeSeconds(first).ToLocalTime(),
                StepSeconds = step,
                Series = [.. lines.Select(static line => new HistoryLine(line.Key, line.Value))],
                Names = Names(language),
            };

            void Put(string name, int place, long number)
            {
                if (!lines.TryGetValue(name, out var line))
                {
                    lines.Add(name, line = new long[count]);
                }

                line[place] = name is HistorySeries.Lag ? Math.Max(line[place], number) : line[place] + number;
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        store.Dispose();
        _one.Dispose();
    }

    private IEnumerable<KeyValuePair<string, long>> Since(Dictionary<string, long> sums) =>
        sums.Select(pair => KeyValuePair.Create(pair.Key, pair.Value - _written.GetValueOrDefault(pair.Key))).Where(static pair => pair.Value > 0);

    private static Dictionary<string, string> Names(string language)
    {
        var words = ReportLanguages.For(language);
        return Enum.GetValues<Behaviour>().ToDictionary(static behaviour => behaviour.Id(), words.Name, StringComparer.Ordinal);
    }
}
