namespace Postern.Checks.Arc;

/// <summary>Whose ARC chains are believed.</summary>
public sealed record ArcOptions
{
    /// <summary>
    /// Domains of forwarders and lists whose word on what they received is taken. None by default: anybody can seal a chain,
    /// so a valid one shows who forwarded a message, not that it was genuine before.
    /// </summary>
    public IReadOnlyList<string> TrustedSealers { get; init; } = [];
}
