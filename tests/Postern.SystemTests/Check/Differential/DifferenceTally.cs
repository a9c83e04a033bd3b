namespace Postern.SystemTests.Check.Differential;

/// <summary>Counts where we and the references agree, and by which class we differ.</summary>
internal sealed class DifferenceTally
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Differences that no class explains.</summary>
    public List<string> Unknown { get; } = [];

    /// <summary>One more case with the same result.</summary>
    public void Agreed(string reference) => Count($"{reference}: agree");

    /// <summary>One more case with another result.</summary>
    /// <param name="reference">The other implementation.</param>
    /// <param name="title">The class with its section; null where there is none.</param>
    /// <param name="description">The case.</param>
    public void Differed(string reference, string? title, string description)
    {
        Count(title is null ? $"{reference}: differ, unexplained" : $"{reference}: differ, {title}");
        if (title is null)
        {
            Unknown.Add(description);
        }
    }

    /// <summary>Prints the counts.</summary>
    public void Write(ITestOutputHelper output)
    {
        foreach (var (what, count) in _counts)
        {
            output.WriteLine($"{count,6} {what}");
        }
    }

    private void Count(string what) => _counts[what] = _counts.GetValueOrDefault(what) + 1;
}
