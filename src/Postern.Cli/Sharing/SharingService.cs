using System.Globalization;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Postern.Cli.Configuration;
using Postern.Cli.Sharing.Records;
using Postern.Cli.Sharing.Server;
using Postern.Cli.Storage;
using Postern.Engine;
using Postern.Engine.Ledger;
using Postern.Facts;
using Postern.Gate;
using StackExchange.Redis;

namespace Postern.Cli.Sharing;

/// <summary>
/// Shares bans and what protects from them with the other hosts of the site. One task speaks with the server; whatever happens to the server, nobody else waits
/// for it: what is to be told waits in memory and in a file.
/// </summary>
internal sealed partial class SharingService : IAsyncDisposable
{
    private const int MostEntries = 500;
    private const int MostPublished = 200;
    private const int MostNews = 1000;
    private const int MostCompared = 25_000;
    private const int MostReserved = 2_000_000;
    private const long PerHost = TimeSpan.TicksPerMillisecond / 10;
    private const long MostGap = 50 * TimeSpan.TicksPerMillisecond;
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_beat = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_tidy = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_store = TimeSpan.FromSeconds(1);

    private readonly SharingSettings _settings;
    private readonly BanEngine _engine;
    private readonly SharingStore _store;
    private readonly SharedRecords _records;
    private readonly SharedState _state;
    private readonly EngineBridge _bridge;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly bool _isDryRun;

    // To be woken twice is to be woken.
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private GreylistTable? _greylist;
    private string _epoch = "";
    private string _changes = "0-0";
    private string _written = "0-0";
    private string _memory = "0-0";
    private string _evidence = "0-0";
    private DateOnly _told;

    // Vetoes of an earlier process, of which the engine is to be told.
    private List<SharedChange> _recalled = [];
    private bool _isRead;
    private long _readAt;
    private bool _isLossTold;

    private SharingService(SharingSettings settings, SiteKey key, BanEngine engine, string folder, Func<IReadOnlyList<AllowedEntry>, CancellationToken, Task> allow, ILogger log, TimeProvider time, bool isDryRun)
    {
        (_settings, _engine, _log, _time, _isDryRun) = (settings, engine, log, time, isDryRun);
        _store = new SharingStore(Path.Combine(folder, SharingStore.FileName));
        _records = new SharedRecords(key);
        _state = new SharedState(settings.Host, new ServerClock(time), _records.Process);
        _bridge = new EngineBridge(engine, _state, allow);
        Key = key;
    }

    /// <summary>The keys of the site.</summary>
    public SiteKey Key { get; }

    /// <summary>Takes up what an earlier run left, and listens to the engine; <see cref="RunAsync"/> does the rest.</summary>
    /// <param name="settings">Where and as whom.</param>
    /// <param name="engine">The run, which must not be running yet.</param>
    /// <param name="folder">The folder of the state.</param>
    /// <param name="allow">Takes whom a command allowed on another host.</param>
    /// <param name="log">Where its words go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isDryRun">True where nobody is kept out: then nothing is told to others.</param>
    /// <returns>The service, or why there is none.</returns>
    public static (SharingService? Service, string? Failure) Open(
        SharingSettings settings, BanEngine engine, string folder, Func<IReadOnlyList<AllowedEntry>, CancellationToken, Task> allow, ILogger log, TimeProvider time, bool isDryRun)
    {
        var (key, failure) = SiteKey.Read(settings.KeyFile!, settings.Site);
        if (key is null)
        {
            return (null, $"[sharing] {failure}");
        }

        var service = new SharingService(settings, key, engine, folder, allow, log, time, isDryRun);
        service.Restore();
        engine.Changed = service.NoteAsync;
        engine.ShareLogins(new LoginHashes(key.Logins));
        return (service, null);
    }

    /// <summary>Shares who was asked to come back at this host; before <see cref="RunAsync"/>.</summary>
    public void Join(GreylistTable greylist)
    {
        _greylist = greylist;
        if (_isDryRun)
        {
            return;
        }

        greylist.Changed = row =>
        {
            var clock = _state.Clock;
            _state.NoteOwn(new SharedGreylisting(_settings.Host, clock.Now, row.Triplet, clock.ToServer(row.First), clock.ToServer(row.Until), row.IsKnown));
            _wake.Writer.TryWrite(true);
        };
    }

    /// <summary>Shares until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var failures = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var server = await ShareServer.ConnectAsync(_settings, _records.Process, () => _wake.Writer.TryWrite(true), stop);
                await SpeakAsync(server, () => failures = 0, stop);
            }
            catch (Exception e) when (e is RedisException or TimeoutException or SocketException or IOException or InvalidCastException or FormatException or ObjectDisposedException)
            {
                Lose(e);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }

            failures = Math.Min(failures + 1, 5);
            await Task.Delay(TimeSpan.FromMilliseconds((50 << failures) + Random.Shared.Next(200)), _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _engine.Changed = null;
        _store.Dispose();
        return ValueTask.CompletedTask;
    }

    // What must outlive the process is in the file before it is anywhere else, as far as the disk answers.
    private async ValueTask NoteAsync(LedgerChanges changes)
    {
        if (_isDryRun)
        {
            return;
        }

        var lasting = _state.NoteOwn(changes);
        _wake.Writer.TryWrite(true);
        if (lasting.Count > 0)
        {
            var isServerTime = _state.Clock.IsKnown;
            await Task.Run(() => Keep(lasting, isServerTime)).WaitAsync(s_store, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Keep(IReadOnlyList<SharedChange> lasting, bool isServerTime) =>
        Store(() => _store.Keep([.. lasting.Select(change => (SharedRecords.SubjectOf(change), _records.Write(change)))], isServerTime));

    private void Restore() => Store(() =>
    {
        foreach (var (record, isServerTime) in _store.Waiting())
        {
            if (_records.Read(record) is { } change)
            {
                _state.Restore(change, isServerTime);
            }
        }

        foreach (var record in _store.Known())
        {
            if (_records.Read(record) is { } change)
            {
                _state.Recall(change);
                if (change is SharedVeto)
                {
                    _recalled.Add(change);
                }
            }
        }

        (_epoch, _memory, _written) = (_store.Place("epoch") ?? "", _store.Place("memory") ?? "0-0", _store.Place("changes") ?? "0-0");
        _told = DateOnly.TryParseExact(_store.Place("told"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var told) ? told : DateOnly.MinValue;
    });

    private bool Store(Action work)
    {
        try
        {
            work();
            return true;
        }
        catch (LedgerException e)
        {
            if (!string.Equals(_storeTrouble, e.Message, StringComparison.Ordinal))
            {
                SharingLog.StoreTrouble(_log, e.Message);
            }

            _storeTrouble = e.Message;
            return false;
        }
    }

    private async Task SpeakAsync(ShareServer server, Action works, CancellationToken stop)
    {
        await OpenAsync(server, stop);
        long beaten = 0, tidied = _time.GetTimestamp();
        while (true)
        {
            if (_keeping.IsFaulted)
            {
                var failed = _keeping;
                _keeping = Task.CompletedTask;
                await failed;
            }

            await PublishAsync(server, stop);
            if (await ReadAsync(server, stop) is false || _state.WithPending(static pending => pending.IsOverfull))
            {
                await OpenAsync(server, stop);
            }

            if (beaten == 0 || _time.GetElapsedTime(beaten) > s_beat)
            {
                var isFirst = beaten == 0;
                beaten = _time.GetTimestamp();
                await BeatAsync(server, stop);
                if (isFirst)
                {
                    // A server that answers some calls and refuses others is not connected to.
                    works();
                    (_lost, _isLossTold) = (null, false);
                    SharingLog.Connected(_log, _settings.Url!.Text, _settings.Host, _settings.Site, _state.Count);
                }
            }

            if (_time.GetElapsedTime(tidied) > s_tidy)
            {
                tidied = _time.GetTimestamp();
                _state.Forget();
                Store(() => _store.Forget(_state.Clock.Now));
                SavePlaces();
            }

            await WaitAsync(stop);
        }
    }

    private async Task WaitAsync(CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(_wake.Reader.WaitToReadAsync(over.Token).AsTask(), Task.Delay(s_tick, _time, over.Token));
        await over.CancelAsync();
        stop.ThrowIfCancellationRequested();
        // Many hosts that all read after each change would be more than the server bears: what comes within a moment is read together.
        var gap = TimeSpan.FromTicks(Math.Min(MostGap, PerHost * _hosts.Count)) - _time.GetElapsedTime(_readAt);
        if (gap > TimeSpan.Zero)
        {
            await Task.Delay(gap, _time, stop);
        }

        _wake.Reader.TryRead(out _);
        _readAt = _time.GetTimestamp();
    }

    private void Lose(Exception e)
    {
        _losses++;
        var why = e is RedisServerException ? e.Message : e is TimeoutException ? "the server does not answer" : e.Message.Split('\n')[0];
        if (!_isLossTold)
        {
            _isLossTold = true;
            SharingLog.Lost(_log, _settings.Url!.Text, why);
        }

        _lost = why;
    }

    private void SavePlaces()
    {
        var today = DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);
        if (Store(() => _store.Keep(("epoch", _epoch), ("changes", _changes), ("memory", _memory), ("told", today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))))
        {
            _told = today;
        }
    }
}
