namespace Postern.Facts;

/// <summary>What one test of a sender found, before it is weighed.</summary>
public sealed record SenderFinding
{
    /// <summary>The test, such as <c>fcrdns</c>.</summary>
    public required string Test { get; init; }

    /// <summary>The result.</summary>
    public required TestResult Result { get; init; }

    /// <summary>Which kind of this result, such as <c>own-name</c>; null where the result says it all. Docs/checks.md lists them.</summary>
    public string? Reason { get; init; }

    /// <summary>Why, in a sentence for the operator.</summary>
    public required string Detail { get; init; }

    /// <summary>The DNS questions asked.</summary>
    public IReadOnlyList<string> Lookups { get; init; } = [];

    /// <summary>The points that the test's own options give (DNS lists); null where the table of points decides.</summary>
    public double? Points { get; init; }

    /// <summary>True where a pass ties the envelope sender to the client: nobody else could have sent it.</summary>
    public bool TiesSender { get; init; }

    /// <summary>True where a fresh signature covers the very envelope sender, so that its owner wrote the message just now.</summary>
    public bool SignsSender { get; init; }

    /// <summary>True where nobody could answer the envelope sender: its domain does not exist or takes no mail.</summary>
    public bool CannotReceive { get; init; }

    /// <summary>True where the DNS does not say whether anybody could answer the envelope sender.</summary>
    public bool IsReceiverOpen { get; init; }

    /// <summary>True where a pass speaks for the owner of the sender's own domain, not only for that of some other domain.</summary>
    public bool IsAligned { get; init; }
}

/// <summary>Everything that the tests found of one sender.</summary>
public sealed record SenderFacts
{
    /// <summary>The client.</summary>
    public required ClientAddress Address { get; init; }

    /// <summary>Its HELO name; null where it is not known.</summary>
    public string? Helo { get; init; }

    /// <summary>The envelope sender without angle brackets; empty for a bounce, null where it is not known.</summary>
    public string? Sender { get; init; }

    /// <summary>A finding a test, in the order of docs/checks.md.</summary>
    public required IReadOnlyList<SenderFinding> Findings { get; init; }

    /// <summary>The results in the form of RFC 8601, without the name of the host that makes them; one a line.</summary>
    public IReadOnlyList<string> AuthenticationResults { get; init; } = [];
}
