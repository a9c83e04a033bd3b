namespace Postern.Enforcement.BlockLists;

/// <summary>Where a list of networks comes from. Postern fetches nothing by itself: a timer or another program brings the file.</summary>
public sealed record BlockListOptions
{
    /// <summary>The most networks of one list; one that names more is not used.</summary>
    public const int MostNetworks = 500_000;

    /// <summary>What the operator calls it: letters, digits and underscores, 1 to 32.</summary>
    public string Name { get; init; } = "";

    /// <summary>The file; null where a program prints the list.</summary>
    public string? Path { get; init; }

    /// <summary>The program that prints the list, and its arguments; empty where it is a file.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>How often the program is run; default 1 hour. A file is read again when it has changed.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long the program may take; default 1 minute.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);
}
