namespace Postern.Cli.GateReports;

/// <summary>What the gate did, or would have done, over some days.</summary>
internal sealed record GateReport
{
    /// <summary>The form of this document.</summary>
    public string Schema { get; init; } = "postern.report/1";

    /// <summary>From when.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Until when.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>
    /// Decisions on senders from outside in all, those that let pass included; null where they were not all counted, as before the
    /// count began. The policy server decides on a message when its recipients come, the milter at its end: with both, each message
    /// counts at both.
    /// </summary>
    public required long? Seen { get; init; }

    /// <summary>Decisions on this host and mynetworks, which are never judged.</summary>
    public required long Own { get; init; }

    /// <summary>Of how many what would have been done, or was: by service and verdict.</summary>
    public required IReadOnlyList<GateReportCount> Counts { get; init; }

    /// <summary>Decisions that were not to let pass, or would not have been.</summary>
    public required int Decisions { get; init; }

    /// <summary>What enforcing would have done, by action.</summary>
    public required IReadOnlyDictionary<string, int> Would { get; init; }

    /// <summary>What was done, by action.</summary>
    public required IReadOnlyDictionary<string, int> Did { get; init; }

    /// <summary>The senders, those first that look most genuine: these an operator should look at before enforcing.</summary>
    public required IReadOnlyList<GateReportRow> Senders { get; init; }

    /// <summary>Senders beyond those listed.</summary>
    public required int More { get; init; }
}

/// <summary>What became of the senders of one verdict at one service.</summary>
internal sealed record GateReportCount
{
    /// <summary><c>policy</c> or <c>milter</c>.</summary>
    public required string Service { get; init; }

    /// <summary><c>genuine</c>, <c>unproven</c>, <c>suspect</c>, <c>forged</c>, <c>banned</c>, <c>allowed</c> or <c>untested</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>How many in all.</summary>
    public required long Seen { get; init; }

    /// <summary>What enforcing would have done to how many of them, by action.</summary>
    public required IReadOnlyDictionary<string, long> Would { get; init; }

    /// <summary>What was done to how many of them, by action.</summary>
    public required IReadOnlyDictionary<string, long> Did { get; init; }
}

/// <summary>What was done to a client with one sender's domain, or would have been: a row for each action.</summary>
internal sealed record GateReportRow
{
    /// <summary>The action.</summary>
    public required string Action { get; init; }

    /// <summary>True where it was done.</summary>
    public required bool Enforced { get; init; }

    /// <summary>The client.</summary>
    public required string Address { get; init; }

    /// <summary>Its HELO name, the last one.</summary>
    public string? Helo { get; init; }

    /// <summary>The sender's domain; empty for bounces.</summary>
    public required string Domain { get; init; }

    /// <summary>How often.</summary>
    public required int Count { get; init; }

    /// <summary>First time.</summary>
    public required DateTimeOffset First { get; init; }

    /// <summary>Last time.</summary>
    public required DateTimeOffset Last { get; init; }

    /// <summary>The verdict, of the last time.</summary>
    public required string Verdict { get; init; }

    /// <summary>The best sum of points.</summary>
    public double? Points { get; init; }

    /// <summary>The tests that decided, of the last time.</summary>
    public required IReadOnlyList<string> Deciding { get; init; }

    /// <summary>A sender.</summary>
    public string? Sender { get; init; }

    /// <summary>Somebody it wrote to.</summary>
    public string? Recipient { get; init; }
}
