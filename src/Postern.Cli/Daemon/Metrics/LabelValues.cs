namespace Postern.Cli.Daemon.Metrics;

/// <summary>The values of a metric's labels, in the order of its definition; a key that costs no memory.</summary>
internal readonly record struct LabelValues(string? First, string? Second, string? Third, string? Fourth)
{
    /// <summary>The most labels that a metric has.</summary>
    public const int Most = 4;

    // A value comes from the configuration or from a list in the program; a path may be long.
    private const int Longest = 200;

    /// <summary>What stands for every value beyond the bound.</summary>
    public const string Other = "other";

    /// <summary>Those of a measurement.</summary>
    /// <param name="names">The labels' names.</param>
    /// <param name="tags">The measurement's tags, in any order; what is no label is left out.</param>
    public static LabelValues Of(IReadOnlyList<string> names, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        new(Find(names, 0, tags), Find(names, 1, tags), Find(names, 2, tags), Find(names, 3, tags));

    /// <summary>Those of everything beyond the bound.</summary>
    public static LabelValues Others(int labels) =>
        new(labels > 0 ? Other : null, labels > 1 ? Other : null, labels > 2 ? Other : null, labels > 3 ? Other : null);

    /// <summary>The values by name.</summary>
    public SortedDictionary<string, string> ByName(IReadOnlyList<string> names)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
        {
            values[names[i]] = i switch { 0 => First, 1 => Second, 2 => Third, _ => Fourth } ?? "";
        }

        return values;
    }

    private static string? Find(IReadOnlyList<string> names, int index, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (index >= names.Count)
        {
            return null;
        }

        foreach (var (name, value) in tags)
        {
            if (string.Equals(name, names[index], StringComparison.Ordinal))
            {
                return value is string { Length: > Longest } text ? text[..Longest] : value as string;
            }
        }

        return null;
    }
}
