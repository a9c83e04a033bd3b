using Postern.Cli.GateReports;
using Postern.Decisions.Protection;

namespace Postern.Cli.Daemon.Control;

/// <summary>What the daemon knows of a client: the reply of <c>explain ADDRESS</c>.</summary>
internal sealed record LiveExplanation
{
    /// <summary>The schema.</summary>
    public string Schema { get; } = "postern.explain-live/1";

    /// <summary>The client.</summary>
    public required string Address { get; init; }

    /// <summary>What a ban of it covers.</summary>
    public required string Network { get; init; }

    /// <summary>True where the client is this host itself, which is never banned.</summary>
    public bool OwnHost { get; init; }

    /// <summary>True where a ban of it stands.</summary>
    public bool Banned { get; init; }

    /// <summary>True for a dry run: nobody is kept out.</summary>
    public bool DryRun { get; init; }

    /// <summary>Sums of weights at this time, by jail.</summary>
    public IReadOnlyList<JailScore> Scores { get; init; } = [];

    /// <summary>Bans of its network, ended ones too, the latest first.</summary>
    public IReadOnlyList<BanRow> Bans { get; init; } = [];

    /// <summary>Bans that were not made, the latest first.</summary>
    public IReadOnlyList<ProtectionRow> Protections { get; init; } = [];

    /// <summary>Each protection at this moment, in the order in which they are asked.</summary>
    public IReadOnlyList<ProtectionState> Standing { get; init; } = [];

    /// <summary>Its days of the last two weeks on which it delivered, was hostile or logged in, the latest first.</summary>
    public IReadOnlyList<DayRow> Days { get; init; } = [];

    /// <summary>What policy server and milter decided but to let pass, the latest first.</summary>
    public IReadOnlyList<GateEntry> Mail { get; init; } = [];

    /// <summary>What the DNS says of it; null where it gave no answer in time.</summary>
    public ChecksReply? Checks { get; init; }

    /// <summary>What it did, the latest first.</summary>
    public IReadOnlyList<FailureRow> Failures { get; init; } = [];
}

/// <summary>Where a client stands in a jail.</summary>
/// <param name="Jail">The jail.</param>
/// <param name="Weight">The sum of the weights within findtime.</param>
/// <param name="Maxretry">The sum that is a ban.</param>
internal sealed record JailScore(string Jail, double Weight, double Maxretry);

/// <summary>A ban that was not made.</summary>
/// <param name="Jail">The jail that would have banned.</param>
/// <param name="At">When.</param>
/// <param name="Until">Until when the protection holds without being asked again.</param>
/// <param name="Reason">An id: <c>allowed</c>, <c>own-address</c>, <c>mynetworks</c>, <c>logged-in</c>, <c>proven-sender</c>, <c>genuine-by-checks</c>.</param>
/// <param name="Detail">The particulars.</param>
internal sealed record ProtectionRow(string Jail, DateTimeOffset At, DateTimeOffset Until, string Reason, string Detail);

/// <summary>One thing that a client did.</summary>
internal sealed record FailureRow
{
    /// <summary>The client, which may be another of the same network.</summary>
    public required string Address { get; init; }

    /// <summary>When, by the log.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>What, as behaviour ids.</summary>
    public IReadOnlyList<string> Behaviours { get; init; } = [];

    /// <summary>The fail2ban jail whose filter matched; null for a session.</summary>
    public string? Jail { get; init; }

    /// <summary>What it weighs in the built-in jail.</summary>
    public double Weight { get; init; }

    /// <summary>Where it was read.</summary>
    public required string Source { get; init; }

    /// <summary>The original lines, every odd character of which is escaped.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];
}

/// <summary>A day of a client, UTC.</summary>
/// <param name="Day">The day.</param>
/// <param name="Delivered">True where mail of it was accepted.</param>
/// <param name="Hostile">True where it did what a jail counts, enough for a hostile day.</param>
/// <param name="LoggedIn">True where it logged in.</param>
internal sealed record DayRow(DateOnly Day, bool Delivered, bool Hostile, bool LoggedIn);

/// <summary>What the DNS says of a client.</summary>
internal sealed record ChecksReply
{
    /// <summary><c>genuine</c>, <c>unproven</c>, <c>suspect</c> or <c>forged</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>The sum of the points; more is better.</summary>
    public double Points { get; init; }

    /// <summary>The conclusion in a sentence or two.</summary>
    public required string Explanation { get; init; }

    /// <summary>The tests that were made.</summary>
    public IReadOnlyList<CheckRow> Tests { get; init; } = [];
}

/// <summary>One test of a client.</summary>
/// <param name="Name">As in <c>postern.check/1</c>.</param>
/// <param name="Result">As there.</param>
/// <param name="Points">What it is worth.</param>
/// <param name="Detail">The particulars.</param>
internal sealed record CheckRow(string Name, string Result, double Points, string Detail);
