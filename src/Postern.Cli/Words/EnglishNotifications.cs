using Postern.Cli.Configuration;

namespace Postern.Cli.Words;

/// <summary>What alerts, summaries and webhooks say, in English.</summary>
internal sealed class EnglishNotifications : INotificationWords
{
    /// <inheritdoc/>
    public string Title(string host, string topics, long count, bool isDryRun) => $"Postern on {host}: {topics}{(count > 1 ? $" ({Counts.Of(count, "message")})" : "")}{DryRun(isDryRun)}";

    /// <inheritdoc/>
    public string Topic(NotificationTopic topic) => topic switch
    {
        NotificationTopic.BanWave => "ban wave",
        NotificationTopic.Brake => "safety brake",
        NotificationTopic.Source => "log source",
        NotificationTopic.DnsList => "DNS list",
        NotificationTopic.AccountTakeover => "account takeover",
        NotificationTopic.OpenRelay => "open relay",
        NotificationTopic.ServerTrouble => "server trouble",
        NotificationTopic.PosternTrouble => "trouble of Postern",
        NotificationTopic.Ban => "ban",
        NotificationTopic.Unban => "end of a ban",
        NotificationTopic.Spared => "ban withheld",
        NotificationTopic.Digest => "daily summary",
        _ => throw new ArgumentOutOfRangeException(nameof(topic), topic, "No name for this topic."),
    };

    /// <inheritdoc/>
    public string TestTitle => "test";

    /// <inheritdoc/>
    public string Comma => ", ";

    /// <inheritdoc/>
    public string More(long count) => $"{Counts.Of(count, "further message")} left out; the log has them all.";

    /// <inheritdoc/>
    public string Footer => "See 'postern status' and 'postern explain ADDR'. What is mailed is set in [notify] of postern.toml.";

    /// <inheritdoc/>
    public string Ban(string network, string until, string jail, string reason, bool isDryRun) => $"{(isDryRun ? "would be banned" : "banned")}: {network} until {until} (jail {jail}, {reason})";

    /// <inheritdoc/>
    public string Lifted(string network, string jail, bool isDryRun) => $"ban {(isDryRun ? "would be lifted" : "lifted")}: {network} (jail {jail})";

    /// <inheritdoc/>
    public string Ended(string network, string jail, bool isDryRun) => $"ban {(isDryRun ? "would end" : "ended")}: {network} (jail {jail})";

    /// <inheritdoc/>
    public string Spared(string client, string jail, string detail) => $"ban withheld: {client} (jail {jail}): {detail}";

    /// <inheritdoc/>
    public string Wave(long bans, bool isDryRun) => $"Ban wave: {Counts.Of(bans, "ban")} {(isDryRun ? "would have been made" : bans == 1 ? "was made" : "were made")} within 10 minutes. If it is not an attack, check the server.";

    /// <inheritdoc/>
    public string BrakePulled(string reason, string why, long bans) =>
        $"The safety brake withholds all bans for {reason}: {why}. This looks like a fault of the server, not like an attack; {Counts.Of(bans, "ban")} of the last minutes lifted. If it is an attack: postern brake release {reason}";

    /// <inheritdoc/>
    public string BrakeReleased(string reason, bool inFull, long bans) =>
        $"The safety brake was released for {reason}: {(inFull ? "the withheld bans are decided again" : "the problem is over, and what happened meanwhile does not count")} ({Counts.Of(bans, "ban")} withheld).";

    /// <inheritdoc/>
    public string Takeover(string user, long addresses, long networks, string from) =>
        $"Account takeover: '{user}' logged in from {Counts.Of(addresses, "address", "addresses")} in {Counts.Of(networks, "network")} new to it since {from}. Change its password and end its sessions.";

    /// <inheritdoc/>
    public string Unreadable(string source, string why) => $"{source} cannot be read: {why}. Bans by it have stopped.";

    /// <inheritdoc/>
    public string Silent(string source, string since) => $"{source} has given no line since {since}. Does Postfix still log there?";

    /// <inheritdoc/>
    public string Readable(string source) => $"{source} gives lines again.";

    /// <inheritdoc/>
    public string ListBroken(string list, string why) => $"The DNS list {list} is switched off: {why}. It is tested again every hour. Postfix may still use it: see its reject_rbl_client.";

    /// <inheritdoc/>
    public string ListRecovered(string list) => $"The DNS list {list} is in use again.";

    /// <inheritdoc/>
    public string Relay(string client, string domains, string advice) => $"Open relay: {client} sent to {domains} through this server without a login. {advice}";

    /// <inheritdoc/>
    public string Trouble(string name, long lines, string detail, string advice) => $"{name} ({Counts.Of(lines, "line")}; the first: {detail}). {advice}";

    /// <inheritdoc/>
    public string DatabaseTrouble(string why) => $"{why}. Bans go on from memory until the database can be written again.";

    /// <inheritdoc/>
    public string DatabaseRecovered => "The database can be written again.";

    /// <inheritdoc/>
    public string DatabaseDamaged(string path) => $"The database was damaged and is kept as {path}; a new one was made from the bans in the firewall.";

    /// <inheritdoc/>
    public string Fault(string part, string why) => $"Internal error: {part} failed ({why}). Please report it.";

    /// <inheritdoc/>
    public string EventsLost(long count) => $"{Counts.Of(count, "event")} could not be written.";

    /// <inheritdoc/>
    public string Started => "Postern started.";

    /// <inheritdoc/>
    public string Stopped => "Postern stopped.";

    /// <inheritdoc/>
    public string Test => "This is a test of 'postern notify test'. Nothing happened.";

    /// <inheritdoc/>
    public string DigestTitle(string host, string day, bool isDryRun) => $"Postern on {host}: summary of {day}{DryRun(isDryRun)}";

    /// <inheritdoc/>
    public string DigestPeriod(string from, string to) => $"From {from} to {to}";

    /// <inheritdoc/>
    public string DigestBans(long bans, long active, bool isDryRun) => isDryRun
        ? $"Bans that would have been made: {Counts.Number(bans)} (active now: {Counts.Number(active)})"
        : $"Bans made: {Counts.Number(bans)} (active now: {Counts.Number(active)})";

    /// <inheritdoc/>
    public string DigestEnded(long count) => $"Bans ended or lifted: {Counts.Number(count)}";

    /// <inheritdoc/>
    public string DigestSpared(long count) => $"Bans withheld from protected clients: {Counts.Number(count)}";

    /// <inheritdoc/>
    public string DigestReasons => "Bans by their main reason:";

    /// <inheritdoc/>
    public string DigestAlerts => "Alerts:";

    /// <inheritdoc/>
    public string DigestProblems => "Problems now:";

    /// <inheritdoc/>
    public string WayWorks(string way) => $"{way}: works";

    /// <inheritdoc/>
    public string WayFails(string way, string why) => $"{way}: FAILED: {why}";

    /// <inheritdoc/>
    public string NoWay(string file) => $"nobody is told of anything: set [events], [notify] or [[webhook]] in {file}";

    private static string DryRun(bool isDryRun) => isDryRun ? " (dry run)" : "";
}
