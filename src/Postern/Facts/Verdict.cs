namespace Postern.Facts;

/// <summary>What to do with a client.</summary>
public enum Verdict : byte
{
    /// <summary>Harmless: a monitor, a lone port check.</summary>
    Ignore,
    /// <summary>Delivers mail and shows no hostile behaviour: never ban on this evidence.</summary>
    Protect,
    /// <summary>Not enough for a ban; keep an eye on it.</summary>
    Watch,
    /// <summary>The default jail would ban it.</summary>
    Ban,
}
