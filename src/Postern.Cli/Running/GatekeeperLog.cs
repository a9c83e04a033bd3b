using Microsoft.Extensions.Logging;
using Postern.Facts;
using Postern.Reports;

namespace Postern.Cli.Running;

/// <summary>What a run logs.</summary>
internal static partial class Log
{
    /// <summary>It works.</summary>
    [LoggerMessage(1, LogLevel.Information, "ready: {Mode}, {Bans} bans stand, following {Sources}")]
    public static partial void Ready(ILogger log, string mode, int bans, string sources);

    /// <summary>It ends.</summary>
    [LoggerMessage(2, LogLevel.Information, "stopped")]
    public static partial void Stopped(ILogger log);

    /// <summary>A ban.</summary>
    [LoggerMessage(10, LogLevel.Information, "ban {Network} until {Until:yyyy-MM-dd HH:mm:ss zzz} (jail {Jail}, {Reason})")]
    public static partial void Banned(ILogger log, ClientNetwork network, DateTimeOffset until, string jail, string reason);

    /// <summary>A ban that was not made.</summary>
    [LoggerMessage(11, LogLevel.Information, "spare {Client} (jail {Jail}): {Detail}")]
    public static partial void Spared(ILogger log, ClientAddress client, string jail, string detail);

    /// <summary>An account that others use.</summary>
    [LoggerMessage(14, LogLevel.Warning, "account takeover: '{User}' logged in from {Clients} addresses in {Networks} networks that are new to it since {From:yyyy-MM-dd HH:mm:ss zzz}, the latest {Latest}; change its password and end its sessions; logins from there protect nobody from a ban")]
    public static partial void TakenOver(ILogger log, string user, int clients, int networks, DateTimeOffset from, string latest);

    /// <summary>A jail of fail2ban's does not run.</summary>
    [LoggerMessage(12, LogLevel.Warning, "fail2ban: {Complaint}")]
    public static partial void Fail2Ban(ILogger log, string complaint);

    /// <summary>A jail counts by something that is no address.</summary>
    [LoggerMessage(13, LogLevel.Warning, "the jail {Jail} of fail2ban's would ban '{Id}', which is no address: nobody can be kept out for it")]
    public static partial void NotBannable(ILogger log, string jail, string id);

    /// <summary>A source cannot be read.</summary>
    [LoggerMessage(20, LogLevel.Warning, "{Source}: {Trouble}")]
    public static partial void SourceTrouble(ILogger log, string source, string trouble);

    /// <summary>A source is read again.</summary>
    [LoggerMessage(21, LogLevel.Information, "{Source}: is read again")]
    public static partial void SourceIsWell(ILogger log, string source);

    /// <summary>The ledger cannot be written.</summary>
    [LoggerMessage(30, LogLevel.Error, "{Trouble}; bans go on, and are kept in memory until it can be written again")]
    public static partial void LedgerTrouble(ILogger log, string trouble);

    /// <summary>The ledger can be written again.</summary>
    [LoggerMessage(31, LogLevel.Information, "the ledger can be written again")]
    public static partial void LedgerIsWell(ILogger log);

    /// <summary>The ledger was broken.</summary>
    [LoggerMessage(32, LogLevel.Error, "the ledger was broken and is kept as {Path}; a new one was made from the bans that stand in the firewall; what was allowed by command must be allowed again")]
    public static partial void LedgerSetAside(ILogger log, string path);

    /// <summary>What a wall has to say.</summary>
    [LoggerMessage(40, LogLevel.Warning, "{Words}")]
    public static partial void Wall(ILogger log, string words);

    /// <summary>A reload worked.</summary>
    [LoggerMessage(50, LogLevel.Information, "the configuration was read again")]
    public static partial void Reloaded(ILogger log);

    /// <summary>A reload did not.</summary>
    [LoggerMessage(51, LogLevel.Error, "the configuration has mistakes, and the old one stays: {Mistake}")]
    public static partial void NotReloaded(ILogger log, string mistake);
}

/// <summary>Writes what a run tells of itself.</summary>
/// <param name="log">Where to.</param>
internal sealed class GatekeeperLog(ILogger log) : IGatekeeperEvents
{
    private readonly Dictionary<string, string> _troubles = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>What is wrong now, a line each.</summary>
    public IReadOnlyList<string> Troubles
    {
        get
        {
            lock (_lock)
                return [.. _troubles.Values];
        }
    }

    /// <summary>What is wrong with a source; null where nothing is.</summary>
    public string? TroubleOf(string source)
    {
        lock (_lock)
            return _troubles.GetValueOrDefault(source);
    }

    /// <inheritdoc/>
    public void Banned(Ban ban) => Log.Banned(log, ban.Network, ban.Until.ToLocalTime(), ban.Jail, ban.Reason);

    /// <inheritdoc/>
    public void Spared(SuppressedBan suppressed) => Log.Spared(log, suppressed.Client, suppressed.Jail, suppressed.Detail);

    /// <inheritdoc/>
    public void TakenOver(AccountTakeover takeover) => Log.TakenOver(
        log, SafeText.Escape(takeover.User), takeover.Clients.Count, takeover.Networks.Count, takeover.From.ToDateTimeOffset(), takeover.Networks[^1].ToString());

    /// <inheritdoc/>
    public void NotBannable(string jail, string id) => Log.NotBannable(log, jail, SafeText.Escape(id));

    /// <summary>Says which of fail2ban's jails do not run, and why.</summary>
    public void Fail2Ban(IReadOnlyList<string> complaints)
    {
        foreach (var complaint in complaints)
            Log.Fail2Ban(log, complaint);
        Note("fail2ban", complaints.Count == 0 ? null : $"fail2ban: {string.Join("; ", complaints)}");
    }

    /// <inheritdoc/>
    public void LedgerTrouble(string? message)
    {
        Note("ledger", message);
        if (message is null)
            Log.LedgerIsWell(log);
        else
            Log.LedgerTrouble(log, message);
    }

    /// <inheritdoc/>
    public void LedgerSetAside(string path) => Log.LedgerSetAside(log, path);

    /// <summary>Says what a source has to say.</summary>
    public void Source(SourceTrouble trouble)
    {
        Note(trouble.Source, trouble.Message is null ? null : $"{trouble.Source}: {trouble.Message}");
        if (trouble.Message is { } words)
            Log.SourceTrouble(log, trouble.Source, words);
        else
            Log.SourceIsWell(log, trouble.Source);
    }

    /// <summary>Says what a wall has to say.</summary>
    public void Wall(string words) => Log.Wall(log, words);

    private void Note(string what, string? trouble)
    {
        lock (_lock)
        {
            if (trouble is null)
                _troubles.Remove(what);
            else
                _troubles[what] = trouble;
        }
    }
}
