using System.Text.Json.Serialization;
using Postern.Cli.Daemon.BlockLists;
using Postern.Cli.Words;

namespace Postern.Cli.Daemon.Control;

/// <summary>How a request ended.</summary>
internal enum ControlOutcome : byte
{
    /// <summary>Done.</summary>
    Done,
    /// <summary>The answer is 'no': nothing to do, or refused.</summary>
    No,
    /// <summary>It could not be done.</summary>
    Failed,
}

/// <summary>The answer to a request that changes something.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Message">One line for the operator.</param>
internal sealed record ControlAnswer(ControlOutcome Outcome, string Message)
{
    /// <summary>The schema.</summary>
    public string Schema { get; } = "postern.answer/1";

    /// <summary>More lines, such as every mistake of a configuration.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>What became of each address, network or name that a command was about, in the order given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SubjectResult>? Results { get; init; }

    /// <summary>Done.</summary>
    public static ControlAnswer Done(string message) => new(ControlOutcome.Done, message);

    /// <summary>The answer is 'no'.</summary>
    public static ControlAnswer No(string message) => new(ControlOutcome.No, message);

    /// <summary>The answer to a command about several: done where all was, failed where nothing could be, else 'no'.</summary>
    public static ControlAnswer Of(IReadOnlyList<SubjectResult> results, IAnswerWords words)
    {
        var done = results.Count(static result => result.Outcome == ControlOutcome.Done);
        var outcome = done == results.Count ? ControlOutcome.Done : results.All(static result => result.Outcome == ControlOutcome.Failed) ? ControlOutcome.Failed : ControlOutcome.No;
        return new ControlAnswer(outcome, results is [var only] ? only.Message : words.Several(done, results.Count)) { Results = results };
    }

    /// <summary>It could not be done.</summary>
    public static ControlAnswer Failed(string message, IReadOnlyList<string>? details = null) => new(ControlOutcome.Failed, message) { Details = details ?? [] };
}

/// <summary>What became of one of several that a command was about.</summary>
/// <param name="Subject">The address, network or name, as it was given.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Message">One line for the operator.</param>
internal sealed record SubjectResult(string Subject, ControlOutcome Outcome, string Message);

/// <summary>The reply of <c>status</c>.</summary>
internal sealed record StatusReply
{
    /// <summary>The schema.</summary>
    public string Schema { get; } = "postern.status/1";

    /// <summary>The daemon's version.</summary>
    public required string Version { get; init; }

    /// <summary>Since when it runs.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>
    /// <c>enforcing</c>; <c>dry-run</c>; <c>firewall-failed</c>, where no firewall works; or <c>no-firewall</c>, where none is configured.
    /// </summary>
    public required string Mode { get; init; }

    /// <summary>Its process id.</summary>
    public int Pid { get; init; }

    /// <summary>The configuration that it runs by.</summary>
    public string? Config { get; init; }

    /// <summary>The jails.</summary>
    public required IReadOnlyList<JailStatus> Jails { get; init; }

    /// <summary>The sources.</summary>
    public required IReadOnlyList<SourceStatus> Logs { get; init; }

    /// <summary>The firewalls.</summary>
    public required IReadOnlyList<FirewallStatus> Firewalls { get; init; }

    /// <summary>The operator's lists of networks.</summary>
    public IReadOnlyList<BlockListStatus> BlockLists { get; init; } = [];

    /// <summary>The policy server and the milter, where they listen.</summary>
    public IReadOnlyList<ListenerStatus> Listeners { get; init; } = [];

    /// <summary>The brake.</summary>
    public required BrakeStatus Brake { get; init; }

    /// <summary>Whether bans are shared with other hosts.</summary>
    public SharingStatus Sharing { get; init; } = SharingStatus.Off;

    /// <summary>Accounts that others than their owners used within the last day, the most used first.</summary>
    public IReadOnlyList<TakeoverStatus> AccountTakeovers { get; init; } = [];

    /// <summary>Clients of which something is remembered.</summary>
    public long Clients { get; init; }

    /// <summary>Bans that were not made because somebody is protected, since the start.</summary>
    public long Suppressed { get; init; }

    /// <summary>What the operator should know of, one line each: a log that vanished, a firewall that does not stand.</summary>
    public IReadOnlyList<string> Troubles { get; init; } = [];
}

/// <summary>A server for checks at SMTP time in <c>status</c>.</summary>
/// <param name="Name"><c>policy</c> or <c>milter</c>.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="Mode"><c>observe</c> or <c>enforce</c>.</param>
internal sealed record ListenerStatus(string Name, string Address, string Mode);

/// <summary>Sharing in <c>status</c>.</summary>
/// <param name="State"><c>off</c>, <c>connected</c> or <c>disconnected</c>.</param>
/// <param name="Host">This host's name.</param>
/// <param name="Hosts">The other hosts that gave a sign of life of late.</param>
internal sealed record SharingStatus(string State, string Host, IReadOnlyList<string> Hosts)
{
    /// <summary>Changes that wait to be told to the others.</summary>
    public int Waiting { get; init; }

    /// <summary>What is wrong; null where nothing is.</summary>
    public string? Trouble { get; init; }

    /// <summary>True where another host shares by this host's name.</summary>
    public bool DuplicateName { get; init; }

    /// <summary>Nothing is shared.</summary>
    public static SharingStatus Off { get; } = new("off", Environment.MachineName, []);
}

/// <summary>The brake in <c>status</c>.</summary>
/// <param name="State"><c>released</c>, or <c>holding</c>.</param>
/// <param name="Reason">The reasons whose bans are held, by commas; null where none is.</param>
/// <param name="Since">Since when the first of them is held; null where none is.</param>
internal sealed record BrakeStatus(string State, string? Reason, DateTimeOffset? Since)
{
    /// <summary>Bans that are held, as many as are remembered.</summary>
    public int Held { get; init; }

    /// <summary>What looked wrong, a sentence a reason.</summary>
    public IReadOnlyList<string> Why { get; init; } = [];
}

/// <summary>An account that others than its owner use, in <c>status</c>.</summary>
/// <param name="User">The user name.</param>
/// <param name="From">The first login from a network that was new to the user.</param>
/// <param name="To">The last one so far.</param>
/// <param name="Logins">How many logins came from such networks.</param>
/// <param name="Networks">These networks, the latest at the end; bounded.</param>
/// <param name="Clients">How many clients logged in from there, as many as are remembered.</param>
internal sealed record TakeoverStatus(string User, DateTimeOffset From, DateTimeOffset To, int Logins, IReadOnlyList<string> Networks, int Clients);

/// <summary>A jail in <c>status</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Failures">Failures that count at this time.</param>
/// <param name="Banned">Its bans that stand.</param>
internal sealed record JailStatus(string Name, long Failures, long Banned)
{
    /// <summary>Matches of a fail2ban filter that were not counted since the start: they name another address than the line's own client.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Refused { get; init; }
}

/// <summary>A source in <c>status</c>.</summary>
/// <param name="Path">The path, <c>journal</c>, or <c>notice</c> for messages handed over by <c>postern notice</c>.</param>
/// <param name="Lines">Lines (or notices) read since the start.</param>
/// <param name="LagMs">Milliseconds from the last line's being written to its being done; null where none was read.</param>
internal sealed record SourceStatus(string Path, long Lines, double? LagMs)
{
    /// <summary>What is wrong with it; null where nothing is.</summary>
    public string? Trouble { get; init; }
}

/// <summary>A firewall in <c>status</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State"><c>standing</c>, <c>closed</c>, <c>failed</c> or <c>dry-run</c>.</param>
internal sealed record FirewallStatus(string Name, string State)
{
    /// <summary>Why it does not stand; null where it does.</summary>
    public string? Trouble { get; init; }
}

/// <summary>The reply of <c>bans</c>.</summary>
internal sealed record BansReply
{
    /// <summary>The schema.</summary>
    public string Schema { get; } = "postern.bans/1";

    /// <summary>True for a dry run: these would be banned, and nobody is kept out.</summary>
    public bool DryRun { get; init; }

    /// <summary>How many there are in all, where only some were asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Total { get; init; }

    /// <summary>This host's name: bans of other hosts have another.</summary>
    public string Host { get; init; } = Environment.MachineName;

    /// <summary>The bans that stand, the one that ends first first.</summary>
    public required IReadOnlyList<BanRow> Bans { get; init; }
}

/// <summary>The reply of <c>hosts</c>.</summary>
internal sealed record HostsReply
{
    /// <summary>The schema.</summary>
    public string Schema { get; } = "postern.hosts/1";

    /// <summary>Sharing as in <c>status</c>.</summary>
    public required string State { get; init; }

    /// <summary>This host's name.</summary>
    public required string Host { get; init; }

    /// <summary>All hosts of the site that gave a sign of life within a week, this one among them.</summary>
    public required IReadOnlyList<HostRow> Hosts { get; init; }
}

/// <summary>A host in <c>hosts</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Seen">Its last sign of life.</param>
/// <param name="Bans">Its active bans.</param>
/// <param name="LagMs">How old the last change of another host was when it took it, in milliseconds.</param>
/// <param name="Version">Its version.</param>
internal sealed record HostRow(string Name, DateTimeOffset Seen, int Bans, long LagMs, string Version);

/// <summary>The reply of <c>import</c>.</summary>
/// <param name="Active">Bans that were taken over.</param>
/// <param name="Past">Bans that are over and were noted.</param>
/// <param name="Known">Bans that are here already.</param>
/// <param name="Protected">Networks that are never banned here.</param>
internal sealed record ImportReply(int Active, int Past, int Known, IReadOnlyList<string> Protected)
{
    /// <summary>The schema.</summary>
    public string Schema { get; } = "postern.import-reply/1";

    /// <summary>True for a dry run: these bans are recorded, and nobody is kept out.</summary>
    public bool DryRun { get; init; }
}

/// <summary>A ban, or one that was not made.</summary>
internal sealed record BanRow
{
    /// <summary>The client.</summary>
    public required string Address { get; init; }

    /// <summary>What the ban covers, with its prefix length.</summary>
    public required string Network { get; init; }

    /// <summary>The jail, or <c>operator</c>.</summary>
    public required string Jail { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Until when.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>The failures that led to it.</summary>
    public int Failures { get; init; }

    /// <summary>Until when the client is protected, where it is; else null.</summary>
    public DateTimeOffset? ProtectedUntil { get; init; }

    /// <summary>The how-manieth ban of the network, from 1.</summary>
    public int Repetition { get; init; } = 1;

    /// <summary>The host that made it.</summary>
    public string Host { get; init; } = Environment.MachineName;

    /// <summary>True where a dry run decided it: nobody is kept out.</summary>
    public bool DryRun { get; init; }
}
