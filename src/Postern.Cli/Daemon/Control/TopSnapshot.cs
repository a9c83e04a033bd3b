namespace Postern.Cli.Daemon.Control;

/// <summary>The reply of <c>top</c>: who is busiest at this moment.</summary>
internal sealed record TopSnapshot
{
    /// <summary>The schema.</summary>
    public string Schema { get; } = "postern.top/1";

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary><c>enforcing</c> or <c>dry-run</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>Lines read each second, lately.</summary>
    public double LinesPerSecond { get; init; }

    /// <summary>Lines read since the start.</summary>
    public long Lines { get; init; }

    /// <summary>Failures within the last minute.</summary>
    public long FailuresLastMinute { get; init; }

    /// <summary>Bans that stand.</summary>
    public long Banned { get; init; }

    /// <summary>Bans that were not made, since the start.</summary>
    public long Suppressed { get; init; }

    /// <summary>Clients of which something is remembered.</summary>
    public long Clients { get; init; }

    /// <summary>The busiest, heaviest first.</summary>
    public IReadOnlyList<TopRow> Rows { get; init; } = [];
}

/// <summary>A client in <c>top</c>.</summary>
/// <param name="Address">Who.</param>
/// <param name="Weight">The sum of weights within findtime, in the jail where it is nearest to a ban.</param>
/// <param name="Maxretry">The sum that is a ban there.</param>
/// <param name="Failures">Its failures within findtime.</param>
/// <param name="Behaviours">What it shows.</param>
/// <param name="Last">When it was last seen, by the log.</param>
/// <param name="State"><c>banned</c> (in a dry run <c>would be banned</c>), <c>protected</c> or <c>watched</c>.</param>
internal sealed record TopRow(string Address, double Weight, double Maxretry, long Failures, IReadOnlyList<string> Behaviours, DateTimeOffset? Last, string State);
