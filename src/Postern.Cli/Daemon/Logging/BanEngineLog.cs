using Microsoft.Extensions.Logging;
using Postern.Cli.Daemon.Metrics;
using Postern.Decisions.Brake;
using Postern.Engine;
using Postern.Engine.Supervision;
using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Cli.Daemon.Logging;

/// <summary>Writes what a run tells of itself.</summary>
/// <param name="log">Where to.</param>
/// <param name="time">The clock.</param>
/// <param name="meter">Counts it.</param>
/// <param name="isDryRun">True where nobody is kept out: every word says 'would'.</param>
internal sealed class BanEngineLog(ILogger log, TimeProvider time, PosternMeter meter, bool isDryRun = false) : IBanEngineEvents
{
    // Of those that others decide no more lines a second.
    private const int MostForeign = 100;
    private (long Second, int Told) _foreign;
    private readonly Dictionary<string, string> _troubles = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private IReadOnlyList<string> _unresolved = [];

    /// <summary>Hands all of it to whoever else is to be told.</summary>
    public HappeningFeed Feed { get; } = new(time, isDryRun);

    /// <summary>What is wrong now, a line each.</summary>
    public IReadOnlyList<string> Troubles
    {
        get
        {
            lock (_lock)
            {
                return [.. _troubles.Values];
            }
        }
    }

    /// <summary>What is wrong with a source; null where nothing is.</summary>
    public string? TroubleOf(string source)
    {
        lock (_lock)
        {
            return _troubles.GetValueOrDefault(source);
        }
    }

    /// <inheritdoc/>
    public void Suspicious(ClientAddress client, SessionMark mark) => Feed.Suspicious(client, mark);

    /// <inheritdoc/>
    public void Banned(Ban ban)
    {
        // What another host decided it has told already.
        (ban.Host is null ? Feed : null)?.Banned(ban);
        (ban.Host is null ? meter : null)?.Banned(ban);
        var second = time.GetUtcNow().Ticks / TimeSpan.TicksPerSecond;
        _foreign = ban.Host is null ? _foreign : second == _foreign.Second ? (second, _foreign.Told + 1) : (second, 1);
        if (ban.Host is null || _foreign.Told <= MostForeign)
        {
            var reason = ban.Host is { } host ? $"{ban.Reason}; decided by {host}" : ban.Reason;
            (isDryRun ? (Action<ILogger, ClientNetwork, DateTimeOffset, string, string>)EngineLog.WouldBan : EngineLog.Banned)(log, ban.Network, ban.Until.ToLocalTime(), ban.Jail, reason);
        }
    }

    /// <inheritdoc/>
    public void Ended(Ban ban, bool isLifted) => (ban.Host is null ? Feed : null)?.Ended(ban, isLifted);

    /// <inheritdoc/>
    public void Spared(SuppressedBan suppressed)
    {
        Feed.Spared(suppressed);
        meter.Spared(suppressed.Reason);
        if (isDryRun)
        {
            EngineLog.WouldSpare(log, suppressed.Client, suppressed.Jail, suppressed.Detail);
        }
        else
        {
            EngineLog.Spared(log, suppressed.Client, suppressed.Jail, suppressed.Detail);
        }
    }

    /// <inheritdoc/>
    public void Braked(BrakeChange change, int bans)
    {
        Feed.Braked(change, bans);
        var (reason, why) = (change.Hold.Reason, change.Hold.Why);
        if (!change.IsReleased)
        {
            meter.BrakePulled(reason);
            Note($"brake {reason}", $"the safety brake withholds bans for {reason} since {change.Hold.Since.ToLocalTime():yyyy-MM-dd HH:mm:ss zzz}: {why}; if it is an attack: postern brake release {reason}");
            EngineLog.BrakePulled(log, reason, why, bans);
            return;
        }

        Note($"brake {reason}", null);
        EngineLog.BrakeReleased(log, reason, change.InFull ? "the withheld bans are decided again" : "the problem is over, and what happened meanwhile does not count", bans);
    }

    /// <inheritdoc/>
    public void TakenOver(AccountTakeover takeover)
    {
        Feed.TakenOver(takeover);
        EngineLog.TakenOver(
            log, SafeText.Escape(takeover.User), takeover.Clients.Count, takeover.Networks.Count, takeover.From.ToDateTimeOffset(), takeover.Networks[^1].ToString());
    }

    /// <inheritdoc/>
    public void Troubled(Trouble trouble)
    {
        Feed.Troubled(trouble);
        EngineLog.Troubled(log, trouble.Kind.Id(), trouble.Lines, SafeText.Short(trouble.Text, 200));
    }

    /// <inheritdoc/>
    public void Relayed(ClientAddress client, IReadOnlyList<string> domains)
    {
        Feed.Relayed(client, domains);
        EngineLog.Relayed(log, client, SafeText.Short(string.Join(", ", domains.Take(3)), 200));
    }

    /// <summary>Says of a DNS list that it is switched off, or in use again.</summary>
    public void DnsList(string list, string? problem)
    {
        Feed.DnsList(list, problem);
        if (problem is not null)
        {
            EngineLog.ListOff(log, list, problem);
        }
        else
        {
            EngineLog.ListOn(log, list);
        }
    }

    /// <summary>Says why somebody cannot be told of what happens, or that it works again.</summary>
    /// <param name="what">By which way.</param>
    /// <param name="why">Why not; null where it works again.</param>
    public void Telling(string what, string? why)
    {
        var words = why is null ? null : SafeText.Escape(why);
        Note($"notify {what}", words is null ? null : $"notifications, {what}: {words}");
        if (words is null)
        {
            EngineLog.TellingIsWell(log, what);
        }
        else
        {
            EngineLog.TellingFails(log, what, words);
        }
    }

    /// <inheritdoc/>
    public void NotBannable(string jail, string id) => EngineLog.NotBannable(log, jail, SafeText.Escape(id));

    /// <inheritdoc/>
    public void Refused(string jail, string named, ClientAddress sender, string line) =>
        EngineLog.Refused(log, jail, SafeText.Escape(named), sender.IsKnown ? sender.ToString() : "no certain client", SafeText.Short(line, 300));

    /// <summary>Says of a jail that its filter can be turned against others.</summary>
    public void Injectable(string jail, string expression) => EngineLog.Injectable(log, jail, SafeText.Short(expression, 300));

    /// <summary>Says which of fail2ban's jails do not run, and why.</summary>
    public void Fail2Ban(IReadOnlyList<string> complaints)
    {
        foreach (var complaint in complaints)
        {
            EngineLog.Fail2Ban(log, complaint);
        }

        Note("fail2ban", complaints.Count == 0 ? null : $"fail2ban: {string.Join("; ", complaints)}");
    }

    /// <inheritdoc/>
    public void Failed(PartFault fault)
    {
        Feed.Failed(fault);
        if (fault.IsFinal)
        {
            EngineLog.PartGivenUp(log, fault.Exception, fault.Part);
        }
        else
        {
            EngineLog.PartFailed(log, fault.Exception, fault.Part);
        }
    }

    /// <inheritdoc/>
    public void LedgerTrouble(string? message)
    {
        Feed.Database(message);
        Note("ledger", message);
        if (message is null)
        {
            EngineLog.LedgerIsWell(log);
        }
        else
        {
            EngineLog.LedgerTrouble(log, message);
        }
    }

    /// <inheritdoc/>
    public void LedgerSetAside(string path)
    {
        Feed.DatabaseDamaged(path);
        EngineLog.LedgerSetAside(log, path);
    }

    /// <summary>Says what a source has to say.</summary>
    public void Source(SourceTrouble trouble)
    {
        var hadTrouble = TroubleOf(trouble.Source) is not null;
        if (hadTrouble == trouble.Message is null)
        {
            Feed.Source(trouble.Source, trouble.Message);
        }

        Note(trouble.Source, trouble.Message is null ? null : $"{trouble.Source}: {trouble.Message}");
        if (trouble.Message is { } words)
        {
            EngineLog.SourceTrouble(log, trouble.Source, words);
        }
        else if (hadTrouble)
        {
            EngineLog.SourceIsWell(log, trouble.Source);
        }
    }

    /// <summary>Forgets the trouble of a source that is followed no more.</summary>
    public void Forget(string source) => Note(source, null);

    /// <summary>Says which names of the allow list have no address, each once until it has one.</summary>
    public void Unresolved(IReadOnlyList<string> names)
    {
        foreach (var gone in _unresolved.Except(names, StringComparer.Ordinal).ToList())
        {
            Note($"allow {gone}", null);
        }

        foreach (var name in names.Except(_unresolved, StringComparer.Ordinal))
        {
            Note($"allow {name}", $"the allow list: {name} does not resolve to an address, and protects nobody until it does");
            EngineLog.Unresolved(log, name);
        }

        _unresolved = names;
    }

    /// <summary>Says what a firewall has to say.</summary>
    public void Firewall(string words)
    {
        Feed.Firewall(words);
        EngineLog.Firewall(log, words);
    }

    private void Note(string what, string? trouble)
    {
        lock (_lock)
        {
            if (trouble is null)
            {
                _troubles.Remove(what);
            }
            else
            {
                _troubles[what] = trouble;
            }
        }
    }
}
