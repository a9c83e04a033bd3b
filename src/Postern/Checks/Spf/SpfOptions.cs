namespace Postern.Checks.Spf;

/// <summary>The limits of an SPF check. The defaults are those of RFC 7208, section 4.6.4.</summary>
public sealed record SpfOptions
{
    /// <summary>How many terms that ask the DNS a check may evaluate, included policies counted.</summary>
    public int LookupLimit { get; init; } = 10;

    /// <summary>How many lookups may find nothing. The names of the client's own PTR records are not counted: the client,
    /// not the domain's owner, chooses them, and could turn a fail into an error by them.</summary>
    public int VoidLookupLimit { get; init; } = 2;

    /// <summary>How many exchangers an <c>mx</c> may have (more is an error), and how many PTR names are looked at (the rest is
    /// passed over).</summary>
    public int NameLimit { get; init; } = 10;

    /// <summary>The explanation of a fail whose domain gives none.</summary>
    public string? DefaultExplanation { get; init; }

    /// <summary>The longest explanation that is shown, in characters; a longer one counts as none.</summary>
    public int ExplanationLimit { get; init; } = 4096;

    /// <summary>Our own name, for the macro <c>%{r}</c>.</summary>
    public string ReceiverName { get; init; } = "unknown";

    /// <summary>How much of parsed policies is kept, in characters of their records. A longer record than 4,096 characters is
    /// parsed each time.</summary>
    public int CachedCharacters { get; init; } = 512 * 1024;
}
