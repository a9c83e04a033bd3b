using Postern.Facts;

namespace Postern.Enforcement.Command;

/// <summary>
/// The operator's own programs. In each argument <c>{address}</c>, <c>{network}</c>, <c>{prefix}</c>, <c>{family}</c> (4 or 6) and
/// <c>{seconds}</c> are replaced; no shell ever sees them.
/// </summary>
public sealed record CommandOptions
{
    /// <summary>Run for every ban, and again when it is made longer or shorter: the program and its arguments; empty for none.</summary>
    public IReadOnlyList<string> Ban { get; init; } = [];

    /// <summary>
    /// What <see cref="Ban"/> finds in its environment besides, by the network; asked on the firewall's own task. Null for nothing. Here, and
    /// not in the arguments, so that a client's text is never part of a command.
    /// </summary>
    public Func<ClientNetwork, IReadOnlyDictionary<string, string>>? Variables { get; init; }

    /// <summary>Run for every ban that ends.</summary>
    public IReadOnlyList<string> Unban { get; init; } = [];

    /// <summary>Run at the start and at the end, to remove all bans at once; empty for none. It gets no replacements.</summary>
    public IReadOnlyList<string> Flush { get; init; } = [];

    /// <summary>How long one run may take; default 10 s.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long all runs at the end may take together where there is no <see cref="Flush"/>; default 1 minute.</summary>
    public TimeSpan ClosingDeadline { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Runs at once, at most; default 4.</summary>
    public int AtOnce { get; init; } = 4;
}
