namespace Postern.Fail2Ban.Testing;

/// <summary>Totals of a test.</summary>
internal sealed class TestCounts
{
    /// <summary>Lines that are neither empty nor comments (<c>#</c>).</summary>
    public long Total { get; set; }

    /// <summary>Lines that are failures.</summary>
    public long Matched { get; set; }

    /// <summary>Lines that are ignored.</summary>
    public long Ignored { get; set; }

    /// <summary>All others.</summary>
    public long Missed => Total - Matched - Ignored;

    /// <summary>Lines that would have cost more than a line may, and were left undecided.</summary>
    public long GaveUp { get; set; }

    /// <summary>Lines that would match, had the host name in them been looked up.</summary>
    public long NamesOnly { get; set; }

    /// <summary>Hits of each failure expression.</summary>
    public long[] Hits { get; init; } = [];

    /// <summary>Hits of the forms of dates.</summary>
    public Dictionary<string, long> Dates { get; } = new(StringComparer.Ordinal);
}
