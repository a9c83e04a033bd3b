namespace Postern.Checks.Spf;

/// <summary>What an SPF check found.</summary>
public sealed record SpfOutcome
{
    /// <summary>The result.</summary>
    public required SpfResult Result { get; init; }

    /// <summary>
    /// For <see cref="SpfResult.Fail"/>: the domain's own words (printable ASCII, without line breaks) or the default of the
    /// options; null for all else. The text is the domain owner's, not ours: RFC 7208, 6.2 wants it shown as such.
    /// </summary>
    public string? Explanation { get; init; }

    /// <summary>The term of the first policy that decided, as it was written, such as <c>-all</c>; null where none matched.</summary>
    public string? Mechanism { get; init; }

    /// <summary>True for a pass that everybody, or a large part of the Internet, would get: it shows nothing of the client.</summary>
    public bool IsOpen { get; init; }

    /// <summary>The questions that the check asked, in order, such as <c>TXT example.org</c>.</summary>
    public IReadOnlyList<string> Lookups { get; init; } = [];

    /// <summary>Why there is no better result, for the operator (printable ASCII); null where nothing went wrong.</summary>
    public string? Problem { get; init; }
}
