namespace Postern.Checks.ReverseDns;

/// <summary>Bounds of the reverse look-up.</summary>
public sealed record ReverseDnsOptions
{
    /// <summary>PTR names that are looked up again, at most; RFC 7208, 4.6.4 has the same bound for SPF. 1 to 50.</summary>
    public int MaxNames { get; init; } = 10;

    /// <summary>
    /// What providers call their customers, over the table of the program: <c>access dyn.isp.example</c>, <c>rented vps.example</c>,
    /// <c>mail news.example</c>.
    /// </summary>
    public IReadOnlyList<string> ProviderNames { get; init; } = [];
}
