namespace Postern.Cli.Words;

/// <summary>What <c>status</c>, <c>bans</c>, <c>top</c> and <c>explain ADDRESS</c> say. Columns that begin with <c>&gt;</c> are of numbers.</summary>
internal interface IDaemonWords
{
    /// <summary>That nobody is banned, whatever follows.</summary>
    string DryRun { get; }

    /// <summary>The state of a ban that is over.</summary>
    string Over { get; }

    /// <summary>That a client is this host.</summary>
    string OwnHost { get; }

    /// <summary>That nothing is known of a client.</summary>
    string NoFailures { get; }

    /// <summary>Jail, failures, bans.</summary>
    string[] JailColumns(bool isDryRun);

    /// <summary>Log, lines, delay, problem.</summary>
    string[] SourceColumns { get; }

    /// <summary>Firewall, state, problem.</summary>
    string[] FirewallColumns { get; }

    /// <summary>List, state, networks, protected, packets, problem.</summary>
    string[] BlockListColumns { get; }

    /// <summary>The state of a list of networks in words.</summary>
    string BlockListState(string id);

    /// <summary>Server, address, mode.</summary>
    string[] ListenerColumns { get; }

    /// <summary>Entry, source, until, addresses.</summary>
    string[] AllowedColumns { get; }

    /// <summary>Where an entry of the allow list comes from, in words.</summary>
    string AllowedBy(string source);

    /// <summary>A name without an address.</summary>
    string Unresolved { get; }

    /// <summary>The allow list is empty.</summary>
    string NobodyAllowed { get; }

    /// <summary>The mode of the checks at SMTP time in words.</summary>
    string SmtpMode(string id);

    /// <summary>Address, time left, how many bans, reason.</summary>
    string[] BanColumns(bool isDryRun);

    /// <summary>Network, address, jail, from, until, time left, how many bans, failures, reason.</summary>
    string[] WideBanColumns(bool isDryRun);

    /// <summary>Address, score, limit, sessions, state, last, behaviours.</summary>
    string[] TopColumns { get; }

    /// <summary>Jail, score, limit.</summary>
    string[] ScoreColumns { get; }

    /// <summary>From, until, jail, reason.</summary>
    string[] HistoryColumns(bool isDryRun);

    /// <summary>When, jail, why, detail.</summary>
    string[] WithheldColumns(bool isDryRun);

    /// <summary>The mode in words.</summary>
    string Mode(string id);

    /// <summary>The state of a firewall in words.</summary>
    string FirewallState(string id);

    /// <summary>The state of a client in words.</summary>
    string ClientState(string id);

    /// <summary>The version, the mode and since when.</summary>
    string Head(string version, string mode, string since);

    /// <summary>How many clients are remembered, and how many bans protection prevented.</summary>
    string Tracked(long clients, long withheld);

    /// <summary>That the safety brake holds bans.</summary>
    string Brake(string reasons, string since, long held);

    /// <summary>How sharing with other hosts goes.</summary>
    /// <param name="state">The state's id.</param>
    /// <param name="host">This host's name.</param>
    /// <param name="others">The other hosts.</param>
    /// <param name="waiting">Changes that wait.</param>
    string Sharing(string state, string host, long others, long waiting);

    /// <summary>Another host shares by this host's name.</summary>
    string SharingNamesake(string host);

    /// <summary>Nothing is shared.</summary>
    string NotShared { get; }

    /// <summary>Host, last sign of life, bans, delay, version.</summary>
    string[] HostColumns { get; }

    /// <summary>A ban's reason, with the other host that decided it.</summary>
    string DecidedBy(string reason, string host);

    /// <summary>Why a ban was made or withheld, as the database keeps it; what a person wrote stays as it is.</summary>
    string Decision(string told);

    /// <summary>An account that others use.</summary>
    string Takeover(string user, long logins, long networks, string from, string to, string names, bool isMore);

    /// <summary>Something that is wrong.</summary>
    string Problem(string text);

    /// <summary>How many bans there are.</summary>
    string Bans(long count, bool isDryRun);

    /// <summary>The rates of <c>top</c>.</summary>
    string Rates(string linesPerSecond, long failures, long banned, long clients, bool isDryRun);

    /// <summary>Whether a client is banned, and why.</summary>
    string Standing(string address, bool isBanned, bool isDryRun, string? until, string? reason);

    /// <summary>How many failures are shown.</summary>
    string Failures(long shown, long all);

    /// <summary>One failure.</summary>
    string Failure(string time, string address, string what, string score, string source);

    /// <summary>Protection, whether it holds, because.</summary>
    string[] StandingColumns { get; }

    /// <summary>Day, delivered mail, hostile, logged in.</summary>
    string[] DayColumns { get; }

    /// <summary>When, by whom, action, sender, recipient, because.</summary>
    string[] MailColumns { get; }

    /// <summary>DNS test, result, points, detail.</summary>
    string[] CheckColumns { get; }

    /// <summary>The word for yes, in a table.</summary>
    string Yes { get; }

    /// <summary>The word for no, in a table.</summary>
    string No { get; }

    /// <summary>That the DNS gave no answer on the client.</summary>
    string NoChecks { get; }
}
