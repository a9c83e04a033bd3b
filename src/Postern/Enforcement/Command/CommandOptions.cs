namespace Postern.Enforcement.Command;

/// <summary>
/// The operator's own programs. In each argument <c>{address}</c>, <c>{network}</c>, <c>{prefix}</c>, <c>{family}</c> (4 or 6) and
/// <c>{seconds}</c> are replaced; no shell ever sees them.
/// </summary>
public sealed record CommandOptions
{
    /// <summary>Run for every ban: the program and its arguments; empty for none.</summary>
    public IReadOnlyList<string> Ban { get; init; } = [];

    /// <summary>Run for every ban that ends.</summary>
    public IReadOnlyList<string> Unban { get; init; } = [];

    /// <summary>How long one run may take; default 10 s.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Runs at once, at most; default 4.</summary>
    public int AtOnce { get; init; } = 4;
}
