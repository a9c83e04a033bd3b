namespace Postern.Facts;

/// <summary>What the gate does with a transaction, from mild to hard.</summary>
public enum GateAction : byte
{
    /// <summary>Let it through, at most with a header.</summary>
    Pass,
    /// <summary>Take it and hold it in the queue for the operator.</summary>
    Quarantine,
    /// <summary>Ask the client to come back later (4xx).</summary>
    Defer,
    /// <summary>Refuse it (5xx).</summary>
    Reject,
}

/// <summary>One decision of the gate that was not simply to let pass, or would not have been.</summary>
public sealed record GateRecord
{
    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary><c>policy</c> or <c>milter</c>.</summary>
    public required string Service { get; init; }

    /// <summary>The client.</summary>
    public required ClientAddress Client { get; init; }

    /// <summary>Its HELO name; null where it gave none.</summary>
    public string? Helo { get; init; }

    /// <summary>The envelope sender; empty for a bounce, null where there was none yet.</summary>
    public string? Sender { get; init; }

    /// <summary>The first recipient; null where there was none yet.</summary>
    public string? Recipient { get; init; }

    /// <summary>What was decided.</summary>
    public required GateAction Action { get; init; }

    /// <summary>True where it was done; false where the gate only watches, and let the mail through.</summary>
    public required bool IsEnforced { get; init; }

    /// <summary>True where a standing ban decided.</summary>
    public bool IsBan { get; init; }

    /// <summary>The conclusion on the sender; null where a ban decided.</summary>
    public SenderVerdict? Verdict { get; init; }
}
