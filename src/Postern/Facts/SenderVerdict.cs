namespace Postern.Facts;

/// <summary>What a careful operator concludes of a sender.</summary>
public enum Legitimacy : byte
{
    /// <summary>Shown to be who it says it is.</summary>
    Genuine,
    /// <summary>Nothing shows it, nothing speaks against it.</summary>
    Unproven,
    /// <summary>More speaks against it than for it.</summary>
    Suspect,
    /// <summary>It claims to be somebody who says that it is not.</summary>
    Forged,
}

/// <summary>What to do with its mail.</summary>
public enum Advice : byte
{
    /// <summary>Take it.</summary>
    Accept,
    /// <summary>Ask it to come back later: a genuine sender does.</summary>
    Defer,
    /// <summary>Refuse it while the connection is open.</summary>
    Reject,
}

/// <summary>The conclusion from all tests of a sender.</summary>
public sealed record SenderVerdict
{
    /// <summary>The tests with their points, in the order of docs/checks.md.</summary>
    public required IReadOnlyList<Evidence> Tests { get; init; }

    /// <summary>The sum of the points; more is better.</summary>
    public required double Points { get; init; }

    /// <summary>The conclusion.</summary>
    public required Legitimacy Legitimacy { get; init; }

    /// <summary>What to do.</summary>
    public required Advice Advice { get; init; }

    /// <summary>True only where a pass ties the envelope sender to the client, so that a bounce reaches who sent it.</summary>
    public required bool MayBounce { get; init; }

    /// <summary>The names of the tests that decided, the weightiest first.</summary>
    public required IReadOnlyList<string> Deciding { get; init; }

    /// <summary>The names of the tests that the DNS gave no answer for.</summary>
    public required IReadOnlyList<string> Troubled { get; init; }
}
