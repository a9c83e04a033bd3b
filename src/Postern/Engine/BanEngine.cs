using System.Threading.Channels;
using Postern.Classification.Live;
using Postern.Decisions.Persistence;
using Postern.Enforcement;
using Postern.Engine.Bans;
using Postern.Engine.Fail2Ban;
using Postern.Engine.Firewalls;
using Postern.Engine.Intake;
using Postern.Engine.Ledger;
using Postern.Engine.Protection;
using Postern.Engine.Supervision;
using Postern.Facts;

namespace Postern.Engine;

/// <summary>
/// The run: takes lines and notices as they come, decides, keeps what it decided in the ledger, and only then hands it to the
/// firewalls (<see cref="BanPipeline"/> shows the way). All of it happens on one loop, in the order of arrival; what others ask or
/// order is done on it, too. Disposed before it ran, it takes down the firewalls that it built.
/// </summary>
public sealed partial class BanEngine : IAsyncDisposable
{
    private const int MostSessionsInTurn = 256;
    private const int MostFailures = 5;
    private static readonly TimeSpan s_lastWrite = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_tidy = TimeSpan.FromMinutes(1);

    private readonly ILedger _ledger;
    private readonly LedgerCommitter _committer;
    private readonly FirewallSet _firewalls;
    private readonly SenderInquiries _inquiries;
    private readonly TimeProvider _time;
    private readonly IBanEngineEvents _events;
    private readonly LogIntake _intake;
    private readonly ServerMonitor? _monitor;
    private readonly BanDecider _decider;
    private readonly Fail2BanRunner _jails;
    private readonly Fail2BanDecider _jailBans;
    private readonly BanPipeline _pipeline;
    private readonly Lock _lock;

    // The logs themselves hold what waits: a full channel only slows the reading of a file.
    private readonly Channel<LineBatch> _lines = Channel.CreateBounded<LineBatch>(new BoundedChannelOptions(8) { SingleReader = true });
    private readonly Channel<FollowedNotice> _notices = Channel.CreateBounded<FollowedNotice>(new BoundedChannelOptions(256) { SingleReader = true });

    // Mail does not wait for us: what finds no place here is left out.
    private readonly Channel<SmtpSession> _sessions = Channel.CreateBounded<SmtpSession>(new BoundedChannelOptions(4096) { SingleReader = true });

    // An order is one line of an operator or one answer of the DNS, of which there are few at once.
    private readonly Channel<Action<DateTimeOffset>> _orders = Channel.CreateBounded<Action<DateTimeOffset>>(new BoundedChannelOptions(1024) { SingleReader = true });
    private BanEngineOptions _options;
    private long _rounds;
    private IReadOnlyList<AllowedEntry> _allowed = [];

    // From the first firewall until the run, which takes them down at its end.
    private bool _isOpen;

    // Whom to answer once the ledger has kept what they changed.
    private readonly List<Action> _settled = [];

    /// <summary>A run that has not begun.</summary>
    /// <param name="options">How it is set.</param>
    /// <param name="ledger">What outlives it.</param>
    /// <param name="bans">Holds the bans; nothing else changes them.</param>
    /// <param name="firewalls">The firewalls, which show those bans.</param>
    /// <param name="check">Asks the DNS whether a client with that HELO name is a genuine sender, and whether SPF ties an envelope sender to it where one is given; null where it is not to be asked.</param>
    /// <param name="time">The clock.</param>
    /// <param name="events">Told what happens.</param>
    public BanEngine(
        BanEngineOptions options,
        ILedger ledger,
        StandingBans bans,
        IReadOnlyList<FirewallSynchronizer> firewalls,
        Func<ClientAddress, string?, string?, CancellationToken, Task<SenderVerdict?>>? check,
        TimeProvider time,
        IBanEngineEvents events)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(bans);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(events);
        (_options, _ledger, _lock, _time, _events) = (options, ledger, bans.Lock, time, events);
        Supervisor = new Supervisor(time, events.Failed);
        _firewalls = new FirewallSet(firewalls);
        _committer = new LedgerCommitter(ledger, time, events.LedgerTrouble, All);
        _inquiries = new SenderInquiries(
            check, options.InquiryDeadline, options.MostInquiries, time, (inquiry, verdict) => _orders.Writer.WriteAsync(now => _decider!.Answer(inquiry, verdict, now)), fault => Supervisor.Note("a check of a client by the DNS", fault));
        _decider = new BanDecider(options.Jails, check is null ? null : _inquiries.Ask, options.Brake, bans.Table) { Banned = NoteBan, Ended = events.Ended, Spared = events.Spared, Braked = events.Braked, TakenOver = events.TakenOver };
        _decider.Long.Options = options.Persistence;
        _jailBans = new Fail2BanDecider(_decider, events.NotBannable);
        _jails = new Fail2BanRunner(EarlierBans, (report, stop) => _orders.Writer.WriteAsync(now => _jailBans!.RecordFindings(report, now), stop), time, events.Refused);
        _jails.Use(options.Fail2Ban);
        _monitor = options.WatchesServer is { } isGenericName ? new ServerMonitor(() => _decider.Protections.Networks, isGenericName) : null;
        _intake = new LogIntake(time.LocalTimeZone, new OutboundMail(() => _decider.Protections.Networks, _decider.WroteTo), _monitor);
        _decider.Protections.ShownOwn = _intake.Server.Addresses;
        _pipeline = new BanPipeline(bans, _intake, new LiveClassifier(options.HasGate), _decider, _committer, _firewalls, events);
    }

    /// <summary>Where followed logs put their lines.</summary>
    public ChannelWriter<LineBatch> Lines => _lines.Writer;

    /// <summary>Where the followed logs of fail2ban's jails put their lines.</summary>
    public ChannelWriter<LineBatch> JailLines => _jails.Lines;

    /// <summary>Where followed mailboxes put their notices.</summary>
    public ChannelWriter<FollowedNotice> Notices => _notices.Writer;

    /// <summary>Where the gate puts the sessions that it saw, without waiting for a place.</summary>
    public ChannelWriter<SmtpSession> Sessions => _sessions.Writer;

    /// <summary>The firewalls.</summary>
    public IEnumerable<IFirewall> Firewalls => _firewalls.Firewalls;

    /// <summary>Told of what is to be kept, before it is; null where nobody asks. It may look and not change, and must not take longer than a disk.</summary>
    public Func<LedgerChanges, ValueTask>? Changed
    {
        get => _pipeline.Changed;
        set => _pipeline.Changed = value;
    }

    /// <summary>How far each source was read before.</summary>
    public IReadOnlyList<SourcePosition> Positions { get; private set; } = [];

    /// <summary>Owns the tasks of the run.</summary>
    public Supervisor Supervisor { get; }

    /// <summary>fail2ban's jails: what they count now, what they refused, and how many lines each of their logs has given.</summary>
    internal Fail2BanRunner Jails => _jails;

    /// <summary>Rounds of the loop so far: a sign of life.</summary>
    public long Rounds => Interlocked.Read(ref _rounds);

    /// <summary>Networks that are banned.</summary>
    public int StandingBans => _pipeline.Banned.Count;

    /// <summary>True where a ban of the client stands. Waits for nobody: mail depends on it.</summary>
    public bool IsBanned(ClientAddress client) => _pipeline.Banned.Contains(client);

    /// <summary>Takes up what an earlier run left and builds the firewalls with it.</summary>
    /// <param name="protect">Finds out whom no jail may ban, those among them whom the operator allowed by command before.</param>
    /// <param name="cancellationToken">The end of the program.</param>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public async Task OpenAsync(Func<IReadOnlyList<AllowedEntry>, Task<ProtectedNetworks>> protect, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(protect);
        var now = _time.GetUtcNow();
        var state = _ledger.Load(now, now - Horizon);
        // Before anything is judged: the failures that are taken up may lead to a ban at once.
        _allowed = state.Allowed;
        _decider.Protections.Networks = await protect(state.Allowed);
        if (state.SetAside is { } aside)
        {
            _events.LedgerSetAside(aside);
            state = state with { Bans = await _firewalls.ReadAsync(_options.Jails[0].Name, now, cancellationToken) };
            foreach (var ban in state.Bans)
            {
                _decider.Changes.Bans.Add(ban);
            }
        }

        Positions = state.Positions;
        foreach (var position in state.Positions)
        {
            _intake.Restore(position);
            _jails.Restore(position);
        }

        lock (_lock)
        {
            _decider.Restore(state, now);
            _decider.SpareAgain();
            // What led to a ban has been paid for.
            _decider.Long.Restore(
                _ledger.FailuresSince(now - TimeSpan.FromDays(7), PersistenceRule.Telling.With(Behaviour.AccountTakeover)),
                client => _decider.Scores.Cutoff(client, _options.Jails[0]),
                _decider.Brake.HeldAt);
            _pipeline.TakeUp();
            _jails.Restore(_jailBans.Unjudged(state.Failures));
            // The kernel ends bans by itself; an operator's program must be told, however late.
            foreach (var ban in state.Lapsed)
            {
                _decider.Changes.Ended.Add(new EndedBan(ban.Network, ban.Jail, now, IsPardon: false) { From = ban.From, Until = ban.Until });
                if (_decider.Book.Of(ban.Network).Count == 0)
                {
                    _decider.Touched.Add((ban.Network, ban.Jail));
                }
            }
        }

        _isOpen = true;
        await _firewalls.OpenAsync(_decider.Book, cancellationToken);
        await SettleAsync(_time.GetUtcNow());
    }

    /// <summary>Runs until stopped, or until it cannot go on; then the firewalls are taken down, and what was read is kept.</summary>
    /// <returns>Why it could not go on; null after the end that was asked for.</returns>
    public async Task<PartFault?> RunAsync(CancellationToken stop)
    {
        _isOpen = false;
        _inquiries.Stop = stop;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var firewallsEnd = new CancellationTokenSource();
        var firewalls = _firewalls.RunAsync(Supervisor, firewallsEnd.Token);
        var jails = Supervisor.Start("the jails of fail2ban", _jails.RunAsync, end.Token);
        // A line that breaks it is passed over when it begins again; what breaks it each time ends the program.
        await Supervisor.Start("the engine", LoopAsync, MostFailures, end.Token);
        await end.CancelAsync();
        await jails;
        try
        {
            await SettleAsync(_time.GetUtcNow());
            await _committer.FinishAsync(s_lastWrite);
        }
#pragma warning disable CA1031 // The firewalls are taken down all the same.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Supervisor.Note("the last write", e);
        }

        await firewallsEnd.CancelAsync();
        await firewalls;
        return Supervisor.GivenUp.IsCompleted ? await Supervisor.GivenUp : null;
    }

    /// <summary>What cannot go on after its start leaves no firewall behind.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isOpen)
        {
            await RunAsync(new CancellationToken(canceled: true));
        }
    }

    private async Task LoopAsync(CancellationToken stop)
    {
        var tidied = _time.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            Interlocked.Increment(ref _rounds);
            var any = ReadAll();
            var now = _time.GetUtcNow();
            _pipeline.PassTime(now);
            var isDue = _time.GetElapsedTime(tidied) > s_tidy;
            if (isDue)
            {
                Tidy(now);
            }

            await SettleAsync(now);
            if (isDue)
            {
                tidied = _time.GetTimestamp();
                _committer.Prune(now);
            }

            if (!any)
            {
                await WaitAsync(stop);
            }
        }
    }

    private async Task WaitAsync(CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(
            _lines.Reader.WaitToReadAsync(over.Token).AsTask(),
            _notices.Reader.WaitToReadAsync(over.Token).AsTask(),
            _sessions.Reader.WaitToReadAsync(over.Token).AsTask(),
            _orders.Reader.WaitToReadAsync(over.Token).AsTask(),
            Task.Delay(s_tick, _time, over.Token));
        await over.CancelAsync();
    }

    // One of each in turn, so that a flood of lines keeps no operator waiting.
    private bool ReadAll()
    {
        var any = false;
        if (_lines.Reader.TryRead(out var batch))
        {
            any = true;
            _pipeline.ReadLines(batch, _time.GetUtcNow());
            batch.Done?.Invoke();
        }

        if (_notices.Reader.TryRead(out var notice))
        {
            any = true;
            _pipeline.ReadNotice(notice, _time.GetUtcNow());
        }

        for (var i = 0; i < MostSessionsInTurn && _sessions.Reader.TryRead(out var session); i++)
        {
            any = true;
            _pipeline.ReadSession(session, _time.GetUtcNow());
        }

        if (_orders.Reader.TryRead(out var order))
        {
            any = true;
            lock (_lock)
            {
                order(_time.GetUtcNow());
            }
        }

        return any;
    }

    private void Tidy(DateTimeOffset now)
    {
        lock (_lock)
        {
            _decider.Forget(now);
            _monitor?.Tell(_events.Troubled, _events.Relayed, now);
        }
    }

    // Who asked is answered when what that changed is kept.
    private async ValueTask SettleAsync(DateTimeOffset now)
    {
        await _pipeline.KeepAsync(now);
        foreach (var done in _settled)
        {
            done();
        }

        _settled.Clear();
    }

    // What a new ledger must hold.
    private LedgerChanges All()
    {
        lock (_lock)
        {
            return _decider.All(_allowed);
        }
    }

    // The longest time that any window looks back.
    private TimeSpan Horizon => _decider.Horizon > _options.Fail2Ban.Horizon ? _decider.Horizon : _options.Fail2Ban.Horizon;

    private int EarlierBans(string? jail, string id)
    {
        lock (_lock)
        {
            return _jailBans.Earlier(jail, id);
        }
    }

    private void NoteBan(Ban ban)
    {
        _pipeline.NoteBan(ban);
        _jails.Note(ban);
    }
}
