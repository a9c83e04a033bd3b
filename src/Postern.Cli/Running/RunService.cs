using Microsoft.Extensions.Logging;
using Postern.Capture.Journal;
using Postern.Capture.Logs;
using Postern.Capture.Notices;
using Postern.Checks.Dns;
using Postern.Checks.Sender;
using Postern.Cli.Configuration;
using Postern.Cli.Control;
using Postern.Cli.Service;
using Postern.Cli.Storage;
using Postern.Decisions;
using Postern.Enforcement;
using Postern.Enforcement.Command;
using Postern.Enforcement.DryRun;
using Postern.Enforcement.Nftables;
using Postern.Facts;
using Postern.Gate;

namespace Postern.Cli.Running;

/// <summary>One run of the daemon, from its configuration to its end.</summary>
internal sealed class RunService(LoadedConfig config, bool isDryRun, TimeProvider time)
{
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_alive = TimeSpan.FromSeconds(30);
    private readonly List<AllowEntry> _allowed = [];
    private LoadedConfig _config = config;
    private ProtectedNetworks _protected = new();
    private GateService? _gate;

    private PosternOptions Options => _config.Options;

    /// <summary>Runs until a signal ends it.</summary>
    /// <returns>Why it could not begin, in one line; null after an ordered end.</returns>
    public async Task<string?> RunAsync()
    {
        var (instance, taken) = InstanceLock.Take(Options.State);
        if (instance is null)
            return taken;
        using var held = instance;
        using var log = ServiceLog.ToStandardError(Options.LogLevel, time);
        var logger = log.CreateLogger("postern");
        var events = new GatekeeperLog(logger);
        using var ledger = new SqliteLedger(Path.Combine(Path.GetFullPath(Options.State), "ledger.sqlite"), Retention(), time);
        using var hangup = new SemaphoreSlim(0);
        using var signals = new ServiceSignals(() => hangup.Release());
        var notifier = new SystemdNotifier(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), time);
        var check = NewCheck();
        var gatekeeper = new Gatekeeper(EngineOptions(), ledger, standing => [.. Walls().Select(wall => new WallKeeper(wall, standing, time, events.Wall, Options.Nftables.CompareEvery))], SenderCheck(check), time, events);
        try
        {
            _protected = await ProtectionSource.FindAsync(Allow(), _protected, signals.Stop);
            await gatekeeper.OpenAsync(_protected, signals.Stop);
        }
        catch (LedgerException e)
        {
            return e.Message;
        }

        var mode = isDryRun ? "dry-run" : gatekeeper.Walls.Any(wall => wall.State == WallState.Standing) ? "enforcing" : "dry-run";
        var control = new GatekeeperControl(gatekeeper, ledger, events, mode, (entry, stop) => AllowAsync(gatekeeper, ledger, entry, stop), stop => ReloadAsync(gatekeeper, notifier, logger, stop), _config.File, time);
        var (server, failure) = await ControlServer.OpenAsync(Options.Socket, control, time, logger);
        if (server is null)
            return failure;
        await using var serving = server;
        (_gate, failure) = await OpenGateAsync(gatekeeper, check, logger);
        if (_gate is null)
            return failure;
        await using var opened = _gate;
        using var others = CancellationTokenSource.CreateLinkedTokenSource(signals.Stop);
        Task[] tasks = [.. Followers(gatekeeper, events, others.Token), LookAgainAsync(gatekeeper, others.Token), HangupsAsync(hangup, gatekeeper, notifier, logger, others.Token)];
        var ready = $"{mode}, following {string.Join(", ", Sources().Select(source => source.Path ?? "the journal"))}";
        Log.Ready(logger, mode, gatekeeper.StandingBans, string.Join(", ", Sources().Select(source => source.Path ?? "the journal")));
        notifier.Ready(ready);
        await using (Alive(notifier, gatekeeper))
        {
            await gatekeeper.RunAsync(signals.Stop);
        }

        notifier.Stopping();
        await others.CancelAsync();
        await Task.WhenAll(tasks);
        Log.Stopped(logger);
        return null;
    }

    private Watchdog? Alive(SystemdNotifier notifier, Gatekeeper gatekeeper)
    {
        var (last, at) = (gatekeeper.Rounds, time.GetTimestamp());
        return Watchdog.Start(
            notifier, Environment.GetEnvironmentVariable("WATCHDOG_USEC"), Environment.GetEnvironmentVariable("WATCHDOG_PID"),
            () =>
            {
                if (gatekeeper.Rounds is var now && now != last)
                    (last, at) = (now, time.GetTimestamp());
                return time.GetElapsedTime(at) < s_alive;
            },
            time);
    }

    private IReadOnlyList<AllowEntry> Allow() => [.. Options.Allow, .. _allowed];

    private LedgerOptions Retention() => new() { Bans = Options.Retention, Suppressed = Options.Retention };

    private GatekeeperOptions EngineOptions() => new() { Jails = Options.AllJails };

    private IEnumerable<IWall> Walls()
    {
        if (isDryRun || (!Options.Nftables.Enabled && Options.Command is null))
        {
            yield return new DryRunWall();
            yield break;
        }

        if (Options.Nftables.Enabled)
        {
            var jails = Options.AllJails;
            yield return new NftablesWall(
                new NftablesOptions
                {
                    Table = Options.Nftables.Table,
                    Verdict = Options.Nftables.Reject ? NftablesVerdict.Reject : NftablesVerdict.Drop,
                    // One wall keeps out all jails' clients: from all of their ports.
                    Ports = jails.Any(jail => jail.Ports.Count == 0) ? [] : [.. jails.SelectMany(jail => jail.Ports).Distinct().Order()],
                },
                time);
        }

        if (Options.Command is { } command)
            yield return new CommandWall(new CommandOptions { Ban = command.Ban, Unban = command.Unban, Deadline = command.Timeout }, time);
    }

    private SenderCheck NewCheck()
    {
        var resolver = new CachingResolver(new DnsClientResolver(Options.Checks.Dns), Options.Checks.Dns, time);
        return new SenderCheck(resolver, Options.Checks, PublicSuffixes.Load(), time);
    }

    private Func<ClientAddress, string?, CancellationToken, Task<SenderVerdict?>> SenderCheck(SenderCheck check) => async (client, helo, stop) =>
    {
        var facts = await check.RunAsync(new SenderQuestion { Address = client, Helo = helo }, stop);
        return new LegitimacyJudge(Options.Points).Judge(facts);
    };

    private Task<(GateService? Gate, string? Failure)> OpenGateAsync(Gatekeeper gatekeeper, SenderCheck check, ILogger logger) =>
        GateService.OpenAsync(Gated(Options), check, client => StandingOf(gatekeeper, client), logger, time);

    // A dry run touches nothing: its gate only watches.
    private PosternOptions Gated(PosternOptions options) => !isDryRun ? options : options with
    {
        Policy = options.Policy with { Gate = options.Policy.Gate with { Mode = GateMode.Observe } },
        Milter = options.Milter with { Gate = options.Milter.Gate with { Mode = GateMode.Observe } },
    };

    private ClientStanding StandingOf(Gatekeeper gatekeeper, ClientAddress client) =>
        _protected.Own.Contains(client) || _protected.MyNetworkOf(client) is not null ? ClientStanding.Own
        : _protected.AllowedBy(client) is not null ? ClientStanding.Allowed
        : gatekeeper.IsBanned(client) ? ClientStanding.Banned
        : ClientStanding.Stranger;

    private IReadOnlyList<LogSource> Sources() => Options.Logs.Count > 0 ? Options.Logs : [LogSource.Default(File.Exists)];

    private IEnumerable<Task> Followers(Gatekeeper gatekeeper, GatekeeperLog events, CancellationToken stop)
    {
        foreach (var source in Sources())
        {
            yield return source.Kind switch
            {
                LogSourceKind.Journal => new JournalFollower(
                    new JournalOptions { Directory = source.Path, Matches = source.Matches.Count > 0 ? source.Matches : new JournalOptions().Matches },
                    gatekeeper.Positions.FirstOrDefault(place => place.Source is JournalFollower.Source), time, events.Source).RunAsync(gatekeeper.Lines, stop),
                LogSourceKind.Notices => new NoticeFollower(
                    source.Path!, gatekeeper.Positions.FirstOrDefault(place => string.Equals(place.Source, source.Path, StringComparison.Ordinal)), time, events.Source).RunAsync(gatekeeper.Notices, stop),
                _ => new LogFollower(source.Path!, gatekeeper.Positions, time, events.Source).RunAsync(gatekeeper.Lines, stop),
            };
        }
    }

    private async Task AllowAsync(Gatekeeper gatekeeper, SqliteLedger ledger, AllowEntry entry, CancellationToken stop)
    {
        _allowed.Add(entry);
        if (entry.Network is { } network)
        {
            var changes = new LedgerChanges();
            changes.Allowed.Add(new AllowedNetwork(network, time.GetUtcNow()));
            ledger.Commit(changes);
        }

        await LookAsync(gatekeeper, stop);
    }

    private async Task<IReadOnlyList<string>> ReloadAsync(Gatekeeper gatekeeper, SystemdNotifier notifier, ILogger logger, CancellationToken stop)
    {
        notifier.Reloading();
        var read = ConfigLoader.Load(_config.File is PosternOptions.DefaultFile && !File.Exists(_config.File) ? null : _config.File);
        string[] mistakes = [.. read.Mistakes.Concat(ConfigFiles.Check(read)).Select(mistake => mistake.ToString())];
        if (mistakes.Length > 0)
        {
            Log.NotReloaded(logger, mistakes[0]);
            notifier.Ready("the configuration has mistakes, and the old one stays");
            return mistakes;
        }

        _config = read;
        _gate?.Reload(Gated(read.Options));
        _protected = await ProtectionSource.FindAsync(Allow(), _protected, stop);
        await gatekeeper.ReloadAsync(EngineOptions(), _protected, stop);
        Log.Reloaded(logger);
        notifier.Ready("the configuration was read again");
        return [];
    }

    private async Task LookAsync(Gatekeeper gatekeeper, CancellationToken stop)
    {
        _protected = await ProtectionSource.FindAsync(Allow(), _protected, stop);
        await gatekeeper.ReloadAsync(EngineOptions(), _protected, stop);
    }

    // Names get other addresses, and this host gets others, too.
    private async Task LookAgainAsync(Gatekeeper gatekeeper, CancellationToken stop)
    {
        try
        {
            _allowed.AddRange(gatekeeper.Allowed.Select(network => new AllowEntry(network.Network, null)));
            if (_allowed.Count > 0)
                await LookAsync(gatekeeper, stop);
            while (true)
            {
                await Task.Delay(s_lookAgain, time, stop);
                await LookAsync(gatekeeper, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task HangupsAsync(SemaphoreSlim hangup, Gatekeeper gatekeeper, SystemdNotifier notifier, ILogger logger, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await hangup.WaitAsync(stop);
                await ReloadAsync(gatekeeper, notifier, logger, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }
}
