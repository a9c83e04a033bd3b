namespace Postern.Cli.Daemon.Control;

/// <summary>What a client asks, as one line of JSON. Fields that a command does not use are null.</summary>
/// <param name="Command">A name of <see cref="ControlCommands"/>.</param>
internal sealed record ControlRequest(string Command)
{
    /// <summary>The address, network or name that <c>ban</c>, <c>unban</c>, <c>allow</c> and <c>explain</c> are about.</summary>
    public string? Subject { get; init; }

    /// <summary>All that a <c>ban</c>, <c>unban</c>, <c>allow</c> or <c>disallow</c> is about, where it is more than one; null else.</summary>
    public IReadOnlyList<string>? Subjects { get; init; }

    /// <summary><c>unban</c>: true for every ban there is.</summary>
    public bool? All { get; init; }

    /// <summary>How long a ban or an allowance is to last, in seconds; null for the built-in jail's bantime, or for good.</summary>
    public double? ForSeconds { get; init; }

    /// <summary>Who asks for a change, where another program asks for somebody: that name is logged, and stands in the reason of a ban.</summary>
    public string? By { get; init; }

    /// <summary>What <c>bans</c> and <c>clients</c> search for.</summary>
    public string? Search { get; init; }

    /// <summary><c>bans</c>: so many are left out at the beginning.</summary>
    public int? Offset { get; init; }

    /// <summary><c>bans</c>: true for the latest first.</summary>
    public bool? Newest { get; init; }

    /// <summary><c>events</c>: those after this number; null for those from now on.</summary>
    public long? After { get; init; }

    /// <summary><c>decisions</c>: so many days back.</summary>
    public int? Days { get; init; }

    /// <summary><c>history</c>: <c>hour</c>, <c>day</c>, <c>week</c>, <c>month</c> or <c>year</c>.</summary>
    public string? Range { get; init; }

    /// <summary><c>metrics</c>: <c>text</c> for Prometheus' text.</summary>
    public string? Format { get; init; }

    /// <summary>The operator's reason for a ban.</summary>
    public string? Reason { get; init; }

    /// <summary>A notice as it was received, in base64.</summary>
    public byte[]? Message { get; init; }

    /// <summary>The language of the answer; English for one that is not known.</summary>
    public string? Lang { get; init; }

    /// <summary>Bans of another program, for <c>import</c>.</summary>
    public IReadOnlyList<ImportRow>? Bans { get; init; }

    /// <summary>How many rows <c>top</c>, <c>bans</c> and <c>clients</c> are to give at most.</summary>
    public int? Most { get; init; }
}

/// <summary>A ban of another program.</summary>
/// <param name="Network">Whom it bans.</param>
/// <param name="Jail">The jail here.</param>
/// <param name="From">Since when.</param>
/// <param name="Until">Until when; in the past for a ban that counts only as an earlier one.</param>
/// <param name="Reason">Why.</param>
/// <param name="Repetition">The how-manieth ban it is.</param>
internal sealed record ImportRow(string Network, string Jail, DateTimeOffset From, DateTimeOffset Until, string Reason, int Repetition);

/// <summary>The names of the requests, which are those of the commands.</summary>
internal static class ControlCommands
{
    /// <summary>How it goes.</summary>
    public const string Status = "status";

    /// <summary>The bans that stand.</summary>
    public const string Bans = "bans";

    /// <summary>Ban somebody.</summary>
    public const string Ban = "ban";

    /// <summary>Lift a ban.</summary>
    public const string Unban = "unban";

    /// <summary>Never ban somebody.</summary>
    public const string Allow = "allow";

    /// <summary>Take over bans of another program.</summary>
    public const string Import = "import";

    /// <summary>Who is never banned.</summary>
    public const string Allowed = "allowed";

    /// <summary>Allow somebody no more.</summary>
    public const string Disallow = "disallow";

    /// <summary>Read the configuration again.</summary>
    public const string Reload = "reload";

    /// <summary>Let go of what the brake holds.</summary>
    public const string ReleaseBrake = "release-brake";

    /// <summary>What is known of a client.</summary>
    public const string Explain = "explain";

    /// <summary>A notice to read.</summary>
    public const string Notice = "notice";

    /// <summary>A test of the notifications.</summary>
    public const string NotifyTest = "notify-test";

    /// <summary>What is measured.</summary>
    public const string Metrics = "metrics";

    /// <summary>The hosts that share with this one.</summary>
    public const string Hosts = "hosts";

    /// <summary>The most active clients.</summary>
    public const string Top = "top";

    /// <summary>What happens, as it happens: the reply waits for it.</summary>
    public const string Events = "events";

    /// <summary>The clients that a text fits.</summary>
    public const string Clients = "clients";

    /// <summary>What the checks at SMTP time decided.</summary>
    public const string Decisions = "decisions";

    /// <summary>Numbers over time.</summary>
    public const string History = "history";
}
