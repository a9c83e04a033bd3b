namespace Postern.Checks.Dmarc;

/// <summary>The domains that SPF and DKIM show to have sent a message.</summary>
internal sealed record ShownDomains
{
    /// <summary>The domain for which SPF passed; null where it did not.</summary>
    public string? Spf { get; init; }

    /// <summary>The domains whose signatures passed in full.</summary>
    public IReadOnlyList<string> Dkim { get; init; } = [];

    /// <summary>Domains that the DNS gave no answer for, so that a missing pass of theirs means nothing.</summary>
    public IReadOnlyList<string> Troubled { get; init; } = [];

    /// <summary>
    /// Domains with a signature that fits but does not count (l=, t=y, SHA-1, expired, a short key, a body that was changed on its way),
    /// whose SPF lets everybody pass, or whose host, which has the client's address, sends a bounce without any SPF: no proof, but no
    /// proof of the contrary either. Nothing that anybody could add to a message is among them.
    /// </summary>
    public IReadOnlyList<string> Doubtful { get; init; } = [];

    /// <summary>The domains that may speak for another of their organisation, with the way by which each was shown.</summary>
    public IEnumerable<(string Domain, string Way)> Relaxed(DmarcRecord record)
    {
        var domains = record.IsDkimStrict ? [] : Dkim.Select(d => (d, "DKIM"));
        return Spf is null || record.IsSpfStrict ? domains : domains.Append((Spf, "SPF"));
    }
}
