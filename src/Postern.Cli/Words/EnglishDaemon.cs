namespace Postern.Cli.Words;

/// <summary>The daemon's state in English.</summary>
internal sealed class EnglishDaemon : IDaemonWords
{
    /// <inheritdoc/>
    public string DryRun => "DRY RUN - nobody is banned";

    /// <inheritdoc/>
    public string Over => "over";

    /// <inheritdoc/>
    public string OwnHost => "It is this host itself, which is never banned: look for the program on it that connects.";

    /// <inheritdoc/>
    public string NoFailures => "No failures of it are recorded.";

    /// <inheritdoc/>
    public string[] SourceColumns => ["log", ">lines", ">delay", "problem"];

    /// <inheritdoc/>
    public string[] FirewallColumns => ["firewall", "state", "problem"];

    /// <inheritdoc/>
    public string[] TopColumns => ["address", ">score", ">limit", ">sessions", "state", "last", "behaviours"];

    /// <inheritdoc/>
    public string[] ScoreColumns => ["jail", ">score", ">limit"];

    /// <inheritdoc/>
    public string[] JailColumns(bool isDryRun) => ["jail", ">failures (within findtime)", isDryRun ? ">would be banned" : ">banned"];

    /// <inheritdoc/>
    public string[] BanColumns(bool isDryRun) => [isDryRun ? "would be banned" : "address", ">left", ">times", "reason"];

    /// <inheritdoc/>
    public string[] WideBanColumns(bool isDryRun) =>
        [isDryRun ? "would be banned" : "network", "address", "jail", "from", "until", ">left", ">times", ">failures", "reason"];

    /// <inheritdoc/>
    public string[] HistoryColumns(bool isDryRun) => [isDryRun ? "would be banned from" : "banned from", "until", "jail", "reason"];

    /// <inheritdoc/>
    public string[] WithheldColumns(bool isDryRun) => [isDryRun ? "would be withheld" : "ban withheld", "jail", "because", "detail"];

    /// <inheritdoc/>
    public string Mode(string id) => id switch
    {
        "dry-run" => "dry run",
        "firewall-failed" => "firewall failed: bans are recorded, not enforced",
        "no-firewall" => "no firewall configured: bans are recorded",
        _ => id,
    };

    /// <inheritdoc/>
    public string SharingNamesake(string host) => $"Another host shares by the name {host}, too. Give each a name of its own: host in [sharing].";

    /// <inheritdoc/>
    public string Sharing(string state, string host, long others, long waiting) =>
        $"Sharing as {host}: {state}, {Counts.Of(others, "other host")}{(waiting > 0 ? $", {Counts.Of(waiting, "change")} waiting" : "")}.";

    /// <inheritdoc/>
    public string NotShared => "Nothing is shared with other hosts: set [sharing] url.";

    /// <inheritdoc/>
    public string[] HostColumns => ["host", "seen", ">bans", ">delay", "version"];

    /// <inheritdoc/>
    public string DecidedBy(string reason, string host) => $"{reason} (by {host})";

    /// <inheritdoc/>
    public string Decision(string told) => told;

    /// <inheritdoc/>
    public string[] ListenerColumns => ["server", "address", "mode"];

    /// <inheritdoc/>
    public string[] AllowedColumns => ["allowed", "by", "until", "addresses"];

    /// <inheritdoc/>
    public string AllowedBy(string source) => source;

    /// <inheritdoc/>
    public string Unresolved => "does not resolve";

    /// <inheritdoc/>
    public string NobodyAllowed => "The allow list is empty.";

    /// <inheritdoc/>
    public string SmtpMode(string id) => id;

    /// <inheritdoc/>
    public string[] BlockListColumns => ["block list", "state", ">networks", ">protected", ">packets dropped", "problem"];

    /// <inheritdoc/>
    public string BlockListState(string id) => id switch
    {
        "active" => "active",
        "dry-run" => "dry run: unchanged",
        "empty" => "not read yet",
        "failed" => "not in the firewall",
        _ => id,
    };

    /// <inheritdoc/>
    public string FirewallState(string id) => id switch
    {
        "standing" => "active",
        "dry-run" => "dry run: unchanged",
        _ => id,
    };

    /// <inheritdoc/>
    public string ClientState(string id) => id;

    /// <inheritdoc/>
    public string Head(string version, string mode, string since) => $"postern {version}, {mode}, since {since}";

    /// <inheritdoc/>
    public string Tracked(long clients, long withheld) => $"{Counts.Of(clients, "client")} tracked, {Counts.Of(withheld, "ban")} withheld (protected senders)";

    /// <inheritdoc/>
    public string Brake(string reasons, string since, long held) =>
        $"The safety brake withholds {Counts.Of(held, "ban")} since {since}: {reasons}. If it is an attack: postern brake release";

    /// <inheritdoc/>
    public string Takeover(string user, long logins, long networks, string from, string to, string names, bool isMore) =>
        $"account takeover: {user}, {Counts.Of(logins, "login")} from {Counts.Of(networks, "new network")}, {from} to {to}: {names}{(isMore ? " and others" : "")}. Change its password and end its sessions.";

    /// <inheritdoc/>
    public string Problem(string text) => $"problem: {text}";

    /// <inheritdoc/>
    public string Bans(long count, bool isDryRun) => (count, isDryRun) switch
    {
        (0, true) => "nobody would be banned",
        (0, false) => "nobody is banned",
        (_, true) => $"{Counts.Of(count, "ban")} would be active",
        _ => Counts.Of(count, "ban"),
    };

    /// <inheritdoc/>
    public string Rates(string linesPerSecond, long failures, long banned, long clients, bool isDryRun) =>
        $"{linesPerSecond} lines/s, {Counts.Of(failures, "failure")} in the last minute, {Counts.Number(banned)} {(isDryRun ? "would be banned" : "banned")}, {Counts.Of(clients, "client")}";

    /// <inheritdoc/>
    public string Standing(string address, bool isBanned, bool isDryRun, string? until, string? reason)
    {
        var is_ = isDryRun ? "would" + (isBanned ? " be banned" : " not be banned") : isBanned ? "is banned" : "is not banned";
        return $"{address} {is_}{(isBanned && until is not null ? $" until {until}" : "")}{(isBanned && reason is not null ? $": {reason}" : "")}";
    }

    /// <inheritdoc/>
    public string Failures(long shown, long all) => shown < all ? $"Last {Counts.Number(shown)} of {Counts.Of(all, "failure")} (--wide shows all):" : $"{Counts.Of(all, "failure")}:";

    /// <inheritdoc/>
    public string Failure(string time, string address, string what, string score, string source) => $"{time}  {address}  {what} (score {score}, {source})";

    /// <inheritdoc/>
    public string[] StandingColumns => ["protection", "holds", "because"];

    /// <inheritdoc/>
    public string[] DayColumns => ["day (UTC)", "delivered mail", "hostile", "logged in"];

    /// <inheritdoc/>
    public string[] MailColumns => ["mail", "by", "action", "sender", "recipient", "because"];

    /// <inheritdoc/>
    public string[] CheckColumns => ["DNS test", "result", ">points", "detail"];

    /// <inheritdoc/>
    public string Yes => "yes";

    /// <inheritdoc/>
    public string No => "no";

    /// <inheritdoc/>
    public string NoChecks => "The DNS gave no answer on it in time.";
}
