namespace Postern.Cli.Running;

/// <summary>What the gate did, or would have done, over some days.</summary>
internal sealed record GateReport
{
    /// <summary>The form of this document.</summary>
    public string Schema { get; init; } = "postern.report/1";

    /// <summary>From when.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Until when.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Decisions in all.</summary>
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

/// <summary>A client with one sender's domain.</summary>
internal sealed record GateReportRow
{
    /// <summary>The hardest action.</summary>
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
