using Microsoft.Extensions.Logging;
using Postern.Facts;

namespace Postern.Cli.Daemon.Logging;

/// <summary>What a run logs.</summary>
internal static partial class EngineLog
{
    /// <summary>It works.</summary>
    [LoggerMessage(1, LogLevel.Information, "ready: {Mode}, {Bans}, following {Sources}")]
    public static partial void Ready(ILogger log, string mode, string bans, string sources);

    /// <summary>It ends.</summary>
    [LoggerMessage(2, LogLevel.Information, "stopped")]
    public static partial void Stopped(ILogger log);

    /// <summary>A ban.</summary>
    [LoggerMessage(10, LogLevel.Information, "ban {Network} until {Until:yyyy-MM-dd HH:mm:ss zzz} (jail {Jail}, {Reason})")]
    public static partial void Banned(ILogger log, ClientNetwork network, DateTimeOffset until, string jail, string reason);

    /// <summary>A ban that was not made.</summary>
    [LoggerMessage(11, LogLevel.Information, "ban withheld: {Client} (jail {Jail}): {Detail}")]
    public static partial void Spared(ILogger log, ClientAddress client, string jail, string detail);

    /// <summary>A ban of a dry run.</summary>
    [LoggerMessage(24, LogLevel.Information, "would ban {Network} until {Until:yyyy-MM-dd HH:mm:ss zzz} (jail {Jail}, {Reason})")]
    public static partial void WouldBan(ILogger log, ClientNetwork network, DateTimeOffset until, string jail, string reason);

    /// <summary>A ban of a dry run that was not made.</summary>
    [LoggerMessage(25, LogLevel.Information, "would withhold the ban: {Client} (jail {Jail}): {Detail}")]
    public static partial void WouldSpare(ILogger log, ClientAddress client, string jail, string detail);

    /// <summary>The brake was pulled.</summary>
    [LoggerMessage(16, LogLevel.Critical, "the safety brake withholds all bans for {Reason}: {Why}. This looks like a fault of the server or of Postern, not like an attack; {Bans} bans of the last minutes were lifted. Check the server; if it is an attack: postern brake release {Reason}")]
    public static partial void BrakePulled(ILogger log, string reason, string why, int bans);

    /// <summary>The brake let go.</summary>
    [LoggerMessage(17, LogLevel.Warning, "the safety brake was released for {Reason}: {How}; {Bans} bans were withheld")]
    public static partial void BrakeReleased(ILogger log, string reason, string how, int bans);

    /// <summary>An account that others use.</summary>
    [LoggerMessage(34, LogLevel.Warning, "account takeover: '{User}' logged in from {Clients} addresses in {Networks} networks that are new to it since {From:yyyy-MM-dd HH:mm:ss zzz}, the latest {Latest}; change its password and end its sessions; logins from there protect nobody from a ban")]
    public static partial void TakenOver(ILogger log, string user, int clients, int networks, DateTimeOffset from, string latest);

    /// <summary>A jail of fail2ban's does not run.</summary>
    [LoggerMessage(12, LogLevel.Warning, "fail2ban: {Complaint}")]
    public static partial void Fail2Ban(ILogger log, string complaint);

    /// <summary>A jail counts by something that is no address.</summary>
    [LoggerMessage(13, LogLevel.Warning, "the jail {Jail} of fail2ban's would ban '{Id}', which is not an address: nobody is banned for it")]
    public static partial void NotBannable(ILogger log, string jail, string id);

    /// <summary>A filter of fail2ban's named the wrong one.</summary>
    [LoggerMessage(14, LogLevel.Warning, "the filter of the jail {Jail} names {Named} in a line of {Sender}: such matches are not counted, and this is logged once a jail (postern filter lint shows the fault): {Line}")]
    public static partial void Refused(ILogger log, string jail, string named, string sender, string line);

    /// <summary>A filter of fail2ban's can be turned against others.</summary>
    [LoggerMessage(15, LogLevel.Warning, "the filter of the jail {Jail} can be turned against others, and 'postern filter lint' shows how: {Expression}")]
    public static partial void Injectable(ILogger log, string jail, string expression);

    /// <summary>A source cannot be read.</summary>
    [LoggerMessage(20, LogLevel.Warning, "{Source}: {Trouble}")]
    public static partial void SourceTrouble(ILogger log, string source, string trouble);

    /// <summary>A source is read again.</summary>
    [LoggerMessage(21, LogLevel.Information, "{Source}: readable again")]
    public static partial void SourceIsWell(ILogger log, string source);

    /// <summary>A part of the program failed.</summary>
    [LoggerMessage(18, LogLevel.Error, "internal error: {Part} failed and restarts; the same error is logged once, and 'postern status' counts it")]
    public static partial void PartFailed(ILogger log, Exception exception, string part);

    /// <summary>A part of the program failed for good.</summary>
    [LoggerMessage(19, LogLevel.Critical, "internal error: {Part} fails again and again, and the program ends")]
    public static partial void PartGivenUp(ILogger log, Exception exception, string part);

    /// <summary>The ledger cannot be written.</summary>
    [LoggerMessage(30, LogLevel.Error, "{Trouble}; bans go on, and are kept in memory until it can be written again")]
    public static partial void LedgerTrouble(ILogger log, string trouble);

    /// <summary>The ledger can be written again.</summary>
    [LoggerMessage(31, LogLevel.Information, "the database can be written again")]
    public static partial void LedgerIsWell(ILogger log);

    /// <summary>The ledger was broken.</summary>
    [LoggerMessage(32, LogLevel.Error, "the database was damaged and is kept as {Path}; a new one was made from the bans in the firewall; what was allowed by command must be allowed again, and regular senders are learned anew")]
    public static partial void LedgerSetAside(ILogger log, string path);

    /// <summary>What a firewall has to say.</summary>
    [LoggerMessage(40, LogLevel.Warning, "{Words}")]
    public static partial void Firewall(ILogger log, string words);

    /// <summary>A DNS list does not pass its test.</summary>
    [LoggerMessage(54, LogLevel.Warning, "the DNS list {List} is switched off: {Problem}; it is tested again every hour")]
    public static partial void ListOff(ILogger log, string list, string problem);

    /// <summary>A DNS list passes its test again.</summary>
    [LoggerMessage(55, LogLevel.Information, "the DNS list {List} is in use again")]
    public static partial void ListOn(ILogger log, string list);

    /// <summary>The server itself has trouble.</summary>
    [LoggerMessage(60, LogLevel.Warning, "trouble of the server itself ({Trouble}): {Lines} lines, the first: {Text}")]
    public static partial void Troubled(ILogger log, string trouble, long lines, string text);

    /// <summary>A stranger sends through the server.</summary>
    [LoggerMessage(61, LogLevel.Critical, "open relay: {Client} sent to {Domains} through this server without a login; compare with postconf mynetworks relay_domains smtpd_relay_restrictions")]
    public static partial void Relayed(ILogger log, ClientAddress client, string domains);

    /// <summary>Somebody cannot be told.</summary>
    [LoggerMessage(62, LogLevel.Warning, "notifications, {What}: {Why}; this is logged once")]
    public static partial void TellingFails(ILogger log, string what, string why);

    /// <summary>Somebody can be told again.</summary>
    [LoggerMessage(63, LogLevel.Information, "notifications, {What}: works again")]
    public static partial void TellingIsWell(ILogger log, string what);

    /// <summary>A reload worked.</summary>
    [LoggerMessage(50, LogLevel.Information, "configuration reloaded; {Changes}")]
    public static partial void Reloaded(ILogger log, string changes);

    /// <summary>What a reload cannot change.</summary>
    [LoggerMessage(52, LogLevel.Warning, "the change of {Keys} needs a restart of postern")]
    public static partial void NeedsRestart(ILogger log, string keys);

    /// <summary>A name of the allow list has no address.</summary>
    [LoggerMessage(53, LogLevel.Warning, "the allow list: {Name} does not resolve to an address, and protects nobody until it does")]
    public static partial void Unresolved(ILogger log, string name);

    /// <summary>A reload did not.</summary>
    [LoggerMessage(51, LogLevel.Error, "the configuration has errors; the old one stays in use: {Mistake}")]
    public static partial void NotReloaded(ILogger log, string mistake);
}
