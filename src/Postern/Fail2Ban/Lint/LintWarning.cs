namespace Postern.Fail2Ban.Lint;

/// <summary>A fault of a filter.</summary>
internal sealed record LintWarning
{
    /// <summary>A client can make it name another address.</summary>
    public const string Injectable = "injectable";

    /// <summary>The daemon has no such line.</summary>
    public const string NeverMatches = "never-matches";

    /// <summary>A line can cost fail2ban a time that grows without measure.</summary>
    public const string Backtracking = "backtracking";

    /// <summary>It cannot be used.</summary>
    public const string Unsupported = "unsupported";

    /// <summary>One of the codes above.</summary>
    public required string Code { get; init; }

    /// <summary><c>failregex 2</c>, <c>prefregex</c>, <c>datepattern</c>.</summary>
    public required string Part { get; init; }

    /// <summary>The number of the failure expression, from 1; null where another part is meant.</summary>
    public int? Regex { get; init; }

    /// <summary>The expression.</summary>
    public required string Expression { get; init; }

    /// <summary>What is wrong.</summary>
    public required LintReason Reason { get; init; }

    /// <summary>The daemon that logs a client's words, or what cannot be used; empty where that says nothing.</summary>
    public string Detail { get; init; } = "";

    /// <summary>True where the expression may begin anywhere in the line.</summary>
    public bool IsOpen { get; init; }

    /// <summary>The power of the length with which the time grows; null where it doubles with every few characters.</summary>
    public double? Power { get; init; }

    /// <summary>Steps of the engine for lines of some lengths.</summary>
    public IReadOnlyList<(long Steps, int Length)> Costs { get; init; } = [];

    /// <summary>A line that shows it; null for none. Parts of it stand for what a client writes.</summary>
    public string? Example { get; init; }

    /// <summary>Who sent what the line tells of; null where that does not matter.</summary>
    public string? Sender { get; init; }

    /// <summary>Whom the filter names for the line; null where it names nobody.</summary>
    public string? Named { get; init; }
}
