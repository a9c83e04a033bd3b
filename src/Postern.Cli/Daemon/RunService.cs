using Microsoft.Extensions.Logging;
using Postern.Checks.Dns;
using Postern.Checks.Dnsbl;
using Postern.Checks.Sender;
using Postern.Cli.Configuration;
using Postern.Cli.Daemon.BlockLists;
using Postern.Cli.Daemon.Control;
using Postern.Cli.Daemon.Firewalls;
using Postern.Cli.Daemon.Gate;
using Postern.Cli.Daemon.History;
using Postern.Cli.Daemon.Logging;
using Postern.Cli.Daemon.Metrics;
using Postern.Cli.Daemon.Sources;
using Postern.Cli.Daemon.Systemd;
using Postern.Cli.Daemon.Telling;
using Postern.Cli.Postfix;
using Postern.Cli.Sharing;
using Postern.Cli.Storage;
using Postern.Cli.Terminal;
using Postern.Enforcement;
using Postern.Enforcement.BlockLists;
using Postern.Engine;
using Postern.Engine.Fail2Ban;
using Postern.Engine.Ledger;
using Postern.Engine.Protection;
using Postern.Engine.Bans;
using Postern.Engine.Supervision;
using Postern.Facts;
using Postern.Gate;

namespace Postern.Cli.Daemon;

/// <summary>One run of the daemon, from its configuration to its end.</summary>
internal sealed partial class RunService(LoadedConfig config, bool dryRun, TimeProvider time)
{
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_alive = TimeSpan.FromSeconds(30);
    private readonly bool _isDryRun = dryRun || config.Options.IsDryRun;
    private readonly AllowList _allowed = new(time);
    private readonly LoadedConfig _begun = config;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, string> _warned = new(StringComparer.Ordinal);
    private readonly HostAddresses _hosts = new(time);
    private LoadedConfig _config = config;
    private ProtectedNetworks _protected = new();
    private Func<ClientAddress, string?, string?, CancellationToken, Task<SenderVerdict?>>? _check;
    private GateService? _gate;
    private PosternMeter? _meter;
    private DnsblHealth? _health;
    private SenderCheck? _lists;
    private Fail2BanFolder _fail2Ban = Fail2BanFolder.None;
    private IReadOnlyList<JailTable> _tables = [];

    private PosternOptions Options => _config.Options;

    /// <summary>Runs until a signal ends it, or until it cannot go on.</summary>
    /// <returns>Why it could not begin or go on, in one line, and the program's exit code; null after an ordered end.</returns>
    public async Task<(string Why, int ExitCode)?> RunAsync()
    {
        var (instance, taken) = InstanceLock.Take(Options.State);
        if (instance is null)
        {
            return Refused(taken!);
        }

        using var held = instance;
        using var metrics = new DaemonMetrics(time);
        _meter = metrics.Meter;
        using var log = ServiceLog.ToStandardError(Options.LogLevel, time);
        var logger = log.CreateLogger("postern");
        var events = new BanEngineLog(logger, time, metrics.Meter, _isDryRun);
        using var ledger = new SqliteLedger(SqliteLedger.PathIn(Options.State), Retention(), time, _isDryRun);
        using var history = new HistoryRecorder(new HistoryStore(Path.Combine(Path.GetFullPath(Options.State), HistoryStore.FileName), time), metrics.CollectAsync, why => events.Source(new SourceTrouble("history", why)), time);
        using var hangup = new SemaphoreSlim(0);
        using var signals = new ServiceSignals(() => hangup.Release(), time);
        var notifier = new SystemdNotifier(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), time);
        var check = NewCheck(events);
        _check = SenderVerdicts.Ask(check, Options.Points);
        ReadFail2Ban(events);
        var bans = new StandingBans();
        _tables = _isDryRun || !Options.Nftables.Enabled ? [] : JailTables.Of(Options, _fail2Ban.Ports);
        IReadOnlyDictionary<string, string> Variables(ClientNetwork network) =>
            bans.LongestOf(network) is { } ban ? BanVariables.Of(ban, ledger) : new Dictionary<string, string>(StringComparer.Ordinal);
        FirewallSynchronizer[] firewalls = [.. ConfiguredFirewalls.Of(Options, _isDryRun, _tables, Variables, time).Select(firewall =>
            new FirewallSynchronizer(firewall.Firewall, () => bans.Entries(firewall.Jails), time, events.Firewall, Options.Nftables.CompareEvery)
            {
                Jails = firewall.Jails,
                TookEffect = took => metrics.Meter.TookEffect(firewall.Firewall.Name, took),
            })];
        await using var engine = new BanEngine(EngineOptions(), ledger, bans, firewalls, (client, helo, sender, stop) => _check(client, helo, sender, stop), time, events);
        var supervisor = engine.Supervisor;
        void Unobserved(object? sender, UnobservedTaskExceptionEventArgs fault) => supervisor.Note("a task of nobody's", fault.Exception.GetBaseException());
        TaskScheduler.UnobservedTaskException += Unobserved;
        await using var sources = new SourceSupervisor(new SourceTaker(engine.Lines, engine.Notices, _ => engine.Positions), events.Source, events.Forget, supervisor.Start, time);
        await using var jailSources = new SourceSupervisor(
            new SourceTaker(engine.JailLines, null, source => Fail2BanSource.Of(SourceSupervisor.NameOf(source), engine.Positions)), trouble => SayOfJails(trouble, events), events.Forget, supervisor.Start, time);
        await using var notifications = new NotificationLink(engine, ledger, events, () => sources.Sources, _isDryRun, time);
        notifications.Open(Options);
        using var reloading = new SemaphoreSlim(1);
        try
        {
            await engine.OpenAsync(
                async allowed =>
                {
                    _allowed.Add(allowed);
                    return await FindProtectedAsync(events, signals.Stop);
                },
                signals.Stop);
        }
        catch (LedgerException e)
        {
            return Refused(e.Message);
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return null;
        }

        // A firewall that cannot be built now may be later: what it is, is asked each time.
        string Mode() => _isDryRun ? "dry-run"
            : engine.Firewalls.Any(static firewall => firewall.State == FirewallState.Standing) ? "enforcing"
            : engine.Firewalls.Any(static firewall => firewall.State == FirewallState.Failed) ? "firewall-failed" : "no-firewall";
        var allow = new AllowControl(engine, _allowed, () => _config, stop => LookAsync(engine, events, stop), time);
        await using var lists = new BlockListService(
            _isDryRun || !Options.Nftables.Enabled ? null : new BlockListFirewall(ConfiguredFirewalls.Kernel(Options), time), () => Options.BlockLists, engine.ExemptAsync, logger, time);
        await using var sharing = new SharingLink(Options.Sharing, logger, time);
        if (sharing.Open(engine, allow.TakeForeignAsync, Options.State, _isDryRun) is { } unshared)
        {
            return Refused(unshared);
        }

        metrics.Attach(new MetricSources(engine, Mode, Followed, events.TroubleOf, () => events.Troubles.Count + supervisor.Troubles.Count, () => _gate?.Figures ?? GateFigures.None, () => _health, () => sharing.Figures));
        var kept = Path.GetFullPath(Options.State);
        var clients = new ClientExplainer(engine, ledger, kept, (client, helo, sender, stop) => _check(client, helo, sender, stop), time, _isDryRun);
        IReadOnlyList<LogSource> Followed() => [.. sources.Sources, .. jailSources.Sources];
        var pages = new PageAnswers(engine, new ClientSearch(engine, ledger, kept, time, _isDryRun), events.Feed.Recent, history, kept, () => sharing.Figures.Host, time, _isDryRun);
        var control = new BanEngineControl(engine, clients, pages, events, Mode, allow, Reload, Followed, () => _gate?.Listeners ?? [], notifications.TestAsync, metrics.CollectAsync, () => sharing.Figures, _config.File, time, _isDryRun, lists);
        var (server, failure) = await ControlServer.OpenAsync(Options.Socket, control, time, logger, start: supervisor.Start);
        if (server is null)
        {
            return Refused(failure!);
        }

        await using var serving = server;
        (server, failure) = await OpenNoticesAsync(control, logger, supervisor.Start);
        if (server is null)
        {
            return Refused(failure!);
        }

        await using var listening = server;
        (_gate, failure) = await OpenGateAsync(engine, check, logger, sharing.Service?.Key.Greylisting);
        if (_gate is null)
        {
            return Refused(failure!);
        }

        await using var opened = _gate;
        sharing.Join(_gate.Greylist);
        var mode = Mode();
        using var others = new CancellationTokenSource();
        using var end = new CancellationTokenSource();
        await sources.FollowAsync(Sources());
        await jailSources.FollowAsync(_fail2Ban.Sources);
        Task[] tasks =
        [
            supervisor.Start("the look at the jails' filters", _ => { WarnOfFilters(events); return Task.CompletedTask; }, others.Token),
            supervisor.Start("the look at names and addresses", stop => LookAgainAsync(engine, events, stop), others.Token),
            supervisor.Start("sharing", sharing.RunAsync, others.Token),
            supervisor.Start("the memory's return", new IdleMemory(time).RunAsync, others.Token),
            supervisor.Start("the test of the DNS lists", TestListsAsync, others.Token),
            supervisor.Start("the block lists", lists.RunAsync, others.Token),
            supervisor.Start("the history for the plots", history.RunAsync, others.Token),
            supervisor.Start("the reload at SIGHUP", stop => HangupsAsync(hangup, Reload, stop), others.Token),
        ];
        var followed = string.Join(", ", sources.Sources.Select(source => source.Path ?? "the journal"))
            + (_fail2Ban.Set.Jails.Count == 0 ? "" : $", and fail2ban's jails {string.Join(", ", _fail2Ban.Set.Jails.Select(jail => jail.Name))}");
        var standing = Words.Counts.Of(engine.StandingBans, "ban");
        var (state, active) = mode switch
        {
            "dry-run" => ("dry run", $"nobody is banned, {standing} would be active"),
            "firewall-failed" => ("the firewall failed", $"{standing} recorded, not enforced"),
            "no-firewall" => ("no firewall is configured", $"{standing} recorded"),
            _ => (mode, Words.Counts.Of(engine.StandingBans, "active ban")),
        };
        EngineLog.Ready(logger, state, active, followed);
        notifier.Ready($"{mode}, following {followed}");
        PartFault? fault;
        await using (Alive(notifier, engine))
        {
            var running = engine.RunAsync(end.Token);
            await Task.WhenAny(running, signals.Asked);
            // Nothing new is taken, what is under way is answered; then the engine takes up what the gate saw last, and ends.
            notifier.Stopping();
            await _gate.DisposeAsync();
            await others.CancelAsync();
            await end.CancelAsync();
            fault = await running;
        }

        await Task.WhenAll(tasks);
        TaskScheduler.UnobservedTaskException -= Unobserved;
        await sources.DisposeAsync();
        await jailSources.DisposeAsync();
        await notifications.DisposeAsync();
        EngineLog.Stopped(logger);
        return fault is null ? null : ($"{fault.Part} failed again and again, and postern ends: {fault.Exception.Message}", ExitCodes.Fault);

        async Task<ReloadResult> Reload(CancellationToken stop)
        {
            await reloading.WaitAsync(stop);
            try
            {
                var result = await ReloadAsync(engine, sources, log, notifier, logger, events, stop);
                await jailSources.FollowAsync(_fail2Ban.Sources);
                await notifications.ReloadAsync(Options, result.Changed);
                return result;
            }
            finally
            {
                reloading.Release();
            }
        }
    }

    private Watchdog? Alive(SystemdNotifier notifier, BanEngine engine)
    {
        var (last, at) = (engine.Rounds, time.GetTimestamp());
        return Watchdog.Start(
            notifier, Environment.GetEnvironmentVariable("WATCHDOG_USEC"), Environment.GetEnvironmentVariable("WATCHDOG_PID"),
            () =>
            {
                if (engine.Rounds is var now && now != last)
                {
                    (last, at) = (now, time.GetTimestamp());
                }

                return time.GetElapsedTime(at) < s_alive;
            },
            time);
    }

    private async Task<(ControlServer? Server, string? Failure)> OpenNoticesAsync(BanEngineControl control, ILogger logger, PartStarter start)
    {
        async Task<string?> Ask(string parameter) => (await Postconf.AskAsync(s_patience, CancellationToken.None, "-h", parameter)).Output?.Trim() is { Length: > 0 } value ? value : null;
        var (users, unknown) = GateAccess.NoticeUsers(Options.Notices, (await Ask("mail_owner"), await Ask("default_privs")));
        return unknown.Count > 0 ? (null, $"[notices] users: there is no user {unknown[0]}")
            : await ControlServer.OpenAsync(Options.NoticeSocket, control, time, logger, access: ControlAccess.Notices(users), start: start);
    }

    private IReadOnlyList<AllowEntry> Allow() => [.. Options.Allow.Concat(_allowed.Rows.Select(static row => row.Entry).Where(static entry => entry.Sender is null)).Distinct()];

    private LedgerOptions Retention() => new() { Bans = Options.Retention, Suppressed = Options.Retention };

    private BanEngineOptions EngineOptions() => new() { Jails = Options.AllJails, Brake = Options.Brake, Persistence = Options.Persistence, Fail2Ban = _fail2Ban.Set, HasGate = Options.Milter.Listen is not null, WatchesServer = NotificationLink.WatchFor(Options) };

    private void ReadFail2Ban(BanEngineLog events)
    {
        _fail2Ban = Fail2BanFolder.Read(Options.Fail2Ban, _hosts.Of, time);
        // The firewalls stand as the start built them.
        var unclosed = JailTables.Of(Options, _fail2Ban.Ports).Where(table => _tables.Count > 0 && !_tables.Any(one => string.Equals(one.Name, table.Name, StringComparison.Ordinal)));
        events.Fail2Ban([.. _fail2Ban.Complaints, .. unclosed.Select(table => $"a jail closes other ports than before ({(table.Ports.Count == 0 ? "all" : string.Join(", ", table.Ports))}): restart postern for that; until then its bans close those of our own jails")]);
    }

    private void WarnOfFilters(BanEngineLog events)
    {
        foreach (var (jail, expression) in _fail2Ban.Injectable(time))
        {
            if (_warned.TryAdd(jail, expression))
            {
                events.Injectable(jail, expression);
            }
        }
    }

    // Where fail2ban does not run, its own log is missing, and our bans reach the jails that read it all the same.
    private void SayOfJails(SourceTrouble trouble, BanEngineLog events)
    {
        if (!_fail2Ban.Set.OwnLogs.Contains(trouble.Source, StringComparer.Ordinal))
        {
            events.Source(trouble);
        }
    }

    private SenderCheck NewCheck(BanEngineLog events)
    {
        var resolver = new CachingResolver(new MeteredResolver(new DnsClientResolver(Options.Checks.Dns), Options.Checks.Dnsbl.Zones, _meter!, time), Options.Checks.Dns, time);
        _health ??= new DnsblHealth(TimeSpan.FromHours(1), time, events.DnsList);
        // After a reload, perhaps with another resolver.
        _health.TestAgain();
        return _lists = new SenderCheck(resolver, Options.Checks, PublicSuffixes.Load(), time, _health);
    }

    // At start, and then as often as a test may be due: the lists tell themselves when they are.
    private async Task TestListsAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await _lists!.TestListsAsync(stop);
                await Task.Delay(TimeSpan.FromMinutes(5), time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private Task<(GateService? Gate, string? Failure)> OpenGateAsync(BanEngine engine, SenderCheck check, ILogger logger, byte[]? shared) =>
        GateService.OpenAsync(Gated(Options), check, client => StandingOf(engine, client), () => _allowed.Rows.Select(static row => row.Entry.Sender).OfType<string>(), engine.Sessions, logger, engine.Supervisor.Start, time, _meter!.Answered, shared);

    // A dry run touches nothing: its gate only watches.
    private PosternOptions Gated(PosternOptions options) => !_isDryRun ? options : options with
    {
        Policy = options.Policy with { Gate = options.Policy.Gate with { Mode = GateMode.Observe } },
        Milter = options.Milter with { Gate = options.Milter.Gate with { Mode = GateMode.Observe } },
    };

    private ClientStanding StandingOf(BanEngine engine, ClientAddress client) =>
        _protected.Own.Contains(client) || _protected.MyNetworkOf(client) is not null ? ClientStanding.Own
        : _protected.AllowedBy(client) is not null ? ClientStanding.Allowed
        : engine.IsBanned(client) ? ClientStanding.Banned
        : ClientStanding.Stranger;

    private IReadOnlyList<LogSource> Sources() => Options.Logs.Count > 0 ? Options.Logs : [LogSource.Default(File.Exists)];

    private static (string Why, int ExitCode) Refused(string why) => (why, ExitCodes.BadUsage);
}
