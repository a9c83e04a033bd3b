using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Postern.Capture.Owners;
using Postern.Engine.Intake;
using Postern.Engine.Protection;
using Postern.Facts;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Jails;

namespace Postern.Engine.Fail2Ban;

/// <summary>
/// Runs fail2ban's jails over the lines of their logs. It has a loop of its own: a program that says whom to ignore, or a slow
/// DNS, keeps nobody waiting but the jails.
/// </summary>
/// <param name="earlier">How often somebody was banned before.</param>
/// <param name="report">Takes what was found.</param>
/// <param name="time">The clock.</param>
/// <param name="refused">Told of the first match of a jail in a line that is not the named client's.</param>
internal sealed class Fail2BanRunner(EarlierBans earlier, Func<Fail2BanReport, CancellationToken, ValueTask> report, TimeProvider time, Action<string, string, ClientAddress, string>? refused = null)
{
    private const string OwnBans = "our own bans";

    // A ban that does not reach the jails that count bans is one repetition that goes unnoticed, and no more.
    private const int MostBans = 10_000;
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly Channel<LineBatch> _lines = Channel.CreateBounded<LineBatch>(new BoundedChannelOptions(8) { SingleReader = true });
    private readonly ConcurrentQueue<Ban> _bans = new();
    private readonly DuplicateBans _duplicates = new();
    private readonly Dictionary<string, IntakeSource> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FailureWindow> _windows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Fail2BanLog> _logs = new(StringComparer.Ordinal);

    // They outlive a reload, which the messages on their way do, too.
    private readonly Dictionary<string, LineOwnerGuard> _guards = new(StringComparer.Ordinal);
    private Fail2BanJailSet _set = Fail2BanJailSet.Empty;
    private volatile Fail2BanJailSet? _next;
    private IReadOnlyList<(string Jail, long Failures)> _counts = [];
    private IReadOnlyList<(string Source, long Lines)> _progress = [];
    private IReadOnlyList<(string Jail, long Refused)> _refusals = [];
    private long _sequence;

    /// <summary>Where the followers of the jails' logs put their lines.</summary>
    public ChannelWriter<LineBatch> Lines => _lines.Writer;

    /// <summary>The failures that each jail counts now.</summary>
    public IReadOnlyList<(string Jail, long Failures)> Counts => Volatile.Read(ref _counts);

    /// <summary>How many matches of each jail were passed over, because the line was not of the client that it named.</summary>
    public IReadOnlyList<(string Jail, long Refused)> Refusals => Volatile.Read(ref _refusals);

    /// <summary>How many lines each log has given.</summary>
    public IReadOnlyList<(string Source, long Lines)> Progress => Volatile.Read(ref _progress);

    /// <summary>Runs these jails from now on, and no others; one whose name stays keeps what it has counted.</summary>
    public void Use(Fail2BanJailSet set) => _next = set;

    /// <summary>Says how far a log was counted before a restart; other positions are passed over. Before <see cref="RunAsync"/>.</summary>
    public void Restore(SourcePosition position)
    {
        if (position.CountedFileId != 0 && Fail2BanSource.IsOne(position.Source))
        {
            Of(position.Source).Restore(SourceMarks.Of(position));
        }
    }

    /// <summary>Takes up failures that were counted before a restart, of a jail that still runs. Before <see cref="RunAsync"/>.</summary>
    /// <param name="failures">The failures, none of which led to a ban yet.</param>
    public void Restore(IEnumerable<Failure> failures)
    {
        TakeUpChanges();
        foreach (var failure in failures.OrderBy(failure => failure.Mark.Time.UtcTicks))
        {
            if (_windows.TryGetValue(failure.Jail!, out var window))
            {
                _ = window.Add(failure.Client.ToString(), new TimeSpan(failure.Mark.Time.UtcTicks - DateTime.UnixEpoch.Ticks).TotalSeconds, 1);
            }
        }

        Publish();
    }

    /// <summary>Takes a ban, for the jails that count bans (<c>recidive</c>).</summary>
    public void Note(Ban ban)
    {
        if (_bans.Count < MostBans)
        {
            _bans.Enqueue(ban);
        }
    }

    /// <summary>Runs until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                TakeUpChanges();
                await TakeBansAsync(stop);
                if (_lines.Reader.TryRead(out var batch))
                {
                    await TakeAsync(batch, stop);
                }
                else
                {
                    await WaitAsync(stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    private async Task WaitAsync(CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(_lines.Reader.WaitToReadAsync(over.Token).AsTask(), Task.Delay(s_look, time, over.Token));
        await over.CancelAsync();
        stop.ThrowIfCancellationRequested();
    }

    private async Task TakeAsync(LineBatch batch, CancellationToken stop)
    {
        var foundBy = batch.FoundBy ?? batch.Source;
        var source = Of(Fail2BanSource.NameOf(foundBy, batch.Source));
        var now = time.GetUtcNow().UtcTicks;
        var counted = source.Take(batch, ++_sequence, now).Replayed;
        var failures = new List<Fail2BanFailure>();
        source.Lines += LogOf(foundBy, batch.Source).Take(batch, counted, failures);
        // No session of several lines is kept: what a restart cuts in two, it does for fail2ban, too.
        await report(new Fail2BanReport(failures, source.Position(long.MaxValue)), stop);
        batch.Done?.Invoke();
        Publish();
    }

    private async Task TakeBansAsync(CancellationToken stop)
    {
        while (_bans.TryDequeue(out var ban))
        {
            var at = TimeZoneInfo.ConvertTime(time.GetUtcNow(), time.LocalTimeZone);
            var who = ban.Network.IsSingle ? ban.Network.First : ban.Client;
            var line = DuplicateBans.Line(ban.Jail.StartsWith(Ban.Fail2BanPrefix, StringComparison.Ordinal) ? ban.Jail[Ban.Fail2BanPrefix.Length..] : ban.Jail, who.ToString(), at);
            if (_set.OwnLogs.Count == 0 || !_duplicates.IsNews(line, isOurs: true, at))
            {
                continue;
            }

            var id = StableHash.Of(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{ban.Network}\n{ban.Jail}\n{ban.From.UtcTicks}")));
            foreach (var path in _set.OwnLogs)
            {
                var failures = new List<Fail2BanFailure>();
                LogOf(path, OwnBans).Take(line, id, failures);
                if (failures.Count > 0)
                {
                    await report(new Fail2BanReport(failures, null), stop);
                }
            }

            Publish();
        }
    }

    private void TakeUpChanges()
    {
        if (Interlocked.Exchange(ref _next, null) is not { } set)
        {
            return;
        }

        _set = set;
        _logs.Clear();
        foreach (var gone in _windows.Keys.Except(set.Jails.Select(jail => jail.Name), StringComparer.Ordinal).ToList())
        {
            _windows.Remove(gone);
        }

        foreach (var jail in set.Jails)
        {
            if (!_windows.TryGetValue(jail.Name, out var window) || !window.Is(jail.FindTime, jail.MaxRetry))
            {
                _windows[jail.Name] = new FailureWindow(jail.FindTime, jail.MaxRetry);
            }
        }

        Publish();
    }

    private Fail2BanLog LogOf(string foundBy, string source)
    {
        if (!_logs.TryGetValue(foundBy + "\n" + source, out var log))
        {
            if (!_guards.TryGetValue(foundBy + "\n" + source, out var guard))
            {
                _guards[foundBy + "\n" + source] = guard = new LineOwnerGuard(new LineOwners());
            }

            var own = OwnAddresses.Find();
            var clock = new DateClock(time, time.LocalTimeZone);
            _logs[foundBy + "\n" + source] = log = new Fail2BanLog(
                source,
                [.. _set.Jails.Where(jail => jail.Reads(foundBy)).Select(jail => new Fail2BanJailRun(
                    jail, _windows[jail.Name], new IgnoreRules(jail, own, _set.Resolve, time), earlier, clock, _set.Resolve, Random.Shared,
                    (named, lines) => guard.Refuses(jail.Name, named, lines)))],
                time,
                _set.OwnLogs.Contains(source, StringComparer.Ordinal) ? _duplicates : null,
                guard);
        }

        return log;
    }

    private IntakeSource Of(string name)
    {
        if (!_sources.TryGetValue(name, out var source))
        {
            _sources[name] = source = new IntakeSource(name);
        }

        return source;
    }

    private void Publish()
    {
        Volatile.Write(ref _counts, [.. _set.Jails.Select(jail => (jail.Name, (long)_windows[jail.Name].Failures))]);
        foreach (var news in _guards.Values.SelectMany(guard => guard.TakeNews()))
        {
            refused?.Invoke(news.Jail, news.Named, news.Sender, news.Line);
        }

        Volatile.Write(ref _refusals, [.. _guards.Values.SelectMany(guard => guard.Counts).GroupBy(count => count.Key, StringComparer.Ordinal).Select(counts => (counts.Key, counts.Sum(count => count.Value)))]);
        Volatile.Write(ref _progress, [.. _sources.Values.Select(source => (Fail2BanSource.LogOf(source.Name), source.Lines))]);
    }
}
