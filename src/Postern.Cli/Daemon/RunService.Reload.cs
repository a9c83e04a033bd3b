using Microsoft.Extensions.Logging;
using Postern.Cli.Configuration;
using Postern.Cli.Daemon.Control;
using Postern.Cli.Daemon.Logging;
using Postern.Cli.Daemon.Sources;
using Postern.Cli.Daemon.Systemd;
using Postern.Engine;
using Postern.Engine.Protection;

namespace Postern.Cli.Daemon;

/// <content>What changes while it runs: the configuration, names, addresses, and whom the operator allows.</content>
internal sealed partial class RunService
{
    private async Task<ReloadResult> ReloadAsync(BanEngine engine, SourceSupervisor sources, ServiceLog log, SystemdNotifier notifier, ILogger logger, BanEngineLog events, CancellationToken stop)
    {
        notifier.Reloading();
        var read = ConfigLoader.Load(_config.File is PosternOptions.DefaultFile && !File.Exists(_config.File) ? null : _config.File);
        string[] mistakes = [.. read.Mistakes.Concat(ConfigFiles.Check(read)).Select(mistake => mistake.ToString())];
        if (mistakes.Length > 0)
        {
            EngineLog.NotReloaded(logger, mistakes[0]);
            notifier.Ready("the configuration has mistakes, and the old one stays");
            return new ReloadResult(mistakes, [], []);
        }

        string[] changed = [.. ConfigChanges.Between(_config, read).Where(static key => !ConfigChanges.NeedsRestart(key))];
        // A run that the command line made dry stays so whatever mode says.
        string[] waiting = [.. ConfigChanges.Between(_begun, read).Where(key => ConfigChanges.NeedsRestart(key) && !(dryRun && key is "mode"))];
        if (waiting.Length > 0)
        {
            EngineLog.NeedsRestart(logger, string.Join(", ", waiting));
        }

        _config = read;
        ReadFail2Ban(events);
        WarnOfFilters(events);
        log.Least = Options.LogLevel;
        var check = NewCheck(events);
        _check = SenderVerdicts.Ask(check, Options.Points);
        _gate?.Reload(Gated(read.Options), check);
        await FindProtectedAsync(events, stop);
        await engine.ReloadAsync(EngineOptions(), _protected, stop);
        await sources.FollowAsync(Sources());
        EngineLog.Reloaded(logger, changed.Length > 0 ? "in effect: " + string.Join(", ", changed) : "nothing that a reload changes is new");
        notifier.Ready("the configuration was read again");
        return new ReloadResult([], changed, waiting);
    }

    private async Task<ProtectedNetworks> FindProtectedAsync(BanEngineLog events, CancellationToken stop)
    {
        var allow = Allow();
        _protected = await ProtectionSource.FindAsync(allow, _protected, stop);
        events.Unresolved([.. allow.Where(entry => entry.Name is { } name && _protected.Allowed.All(pair => !string.Equals(pair.Entry, name, StringComparison.Ordinal))).Select(static entry => entry.ToString())]);
        return _protected;
    }

    private async Task<ProtectedNetworks> LookAsync(BanEngine engine, BanEngineLog events, CancellationToken stop)
    {
        await FindProtectedAsync(events, stop);
        await engine.ReloadAsync(EngineOptions(), _protected, stop);
        return _protected;
    }

    // Names get other addresses, this host gets others, too, and who was allowed for a time is so no more.
    private async Task LookAgainAsync(BanEngine engine, BanEngineLog events, CancellationToken stop)
    {
        while (true)
        {
            var wait = _allowed.NextEnd is { } end && end - time.GetUtcNow() is var left && left < s_lookAgain ? left : s_lookAgain;
            await Task.Delay(wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1), time, stop);
            if (_allowed.TakeEnded() is { Count: > 0 } ended)
            {
                await engine.AllowAsync(ended, stop);
            }

            await LookAsync(engine, events, stop);
        }
    }

    private static async Task HangupsAsync(SemaphoreSlim hangup, Func<CancellationToken, Task> reload, CancellationToken stop)
    {
        while (true)
        {
            await hangup.WaitAsync(stop);
            await reload(stop);
        }
    }
}
