using Postern.Facts;

namespace Postern.Gate;

/// <summary>Whether the gate acts.</summary>
public enum GateMode : byte
{
    /// <summary>It adds a header and records what it would have done.</summary>
    Observe,
    /// <summary>It does it.</summary>
    Enforce,
}

/// <summary>How one service of the gate is set: the policy server, or the milter.</summary>
public sealed record GateOptions
{
    /// <summary>Whether it acts; default: it only watches.</summary>
    public GateMode Mode { get; init; } = GateMode.Observe;

    /// <summary>What becomes of a sender whose mail should be refused; default: it is.</summary>
    public GateAction OnReject { get; init; } = GateAction.Reject;

    /// <summary>What becomes of a sender who should come back later; default: it is asked to.</summary>
    public GateAction OnDefer { get; init; } = GateAction.Defer;

    /// <summary>Mail that should be refused is so only with this sum of points or less, else deferred; default: whatever the sum.</summary>
    public double RejectBelow { get; init; } = double.PositiveInfinity;

    /// <summary>How long a verdict is waited for before the mail is let through; under the 8 s that Postfix's own patience should be. Default 7 s.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(7);

    /// <summary>How long a verdict on the same client, HELO name and sender holds; default 1 minute.</summary>
    public TimeSpan VerdictLife { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether the policy server adds the header with its result; default true. The milter always does.</summary>
    public bool AddsHeader { get; init; } = true;

    /// <summary>
    /// Whether the milter decides behind this service: then what only the message can prove is left to it, which is whatever would be
    /// deferred, and an SPF that fails. Default false.
    /// </summary>
    public bool LeavesToMessage { get; init; }

    /// <summary>Whose mail is never refused, and who can always be reached; default: nobody.</summary>
    public GateExemptions Exempt { get; init; } = GateExemptions.None;
}
