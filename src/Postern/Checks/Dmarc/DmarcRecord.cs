using System.Globalization;

namespace Postern.Checks.Dmarc;

/// <summary>What a domain wants done with a message that fails.</summary>
internal enum DmarcPolicy : byte
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>Suspicion.</summary>
    Quarantine,
    /// <summary>Refusal.</summary>
    Reject,
}

/// <summary>A DMARC record, read with forgiveness as DMARCbis asks (4.7 and 4.10.1).</summary>
internal sealed record DmarcRecord
{
    /// <summary>Tag p.</summary>
    public DmarcPolicy Policy { get; init; }

    /// <summary>Tag sp; that of p by default.</summary>
    public DmarcPolicy SubdomainPolicy { get; init; }

    /// <summary>Tag np; that of sp by default.</summary>
    public DmarcPolicy MissingPolicy { get; init; }

    /// <summary>Tag psd: true for y, false for n, null for u or nothing.</summary>
    public bool? IsPublicSuffix { get; init; }

    /// <summary>Tag t=y, or pct=0 of the older standard: the policy is one step milder.</summary>
    public bool IsTest { get; init; }

    /// <summary>Tag adkim=s.</summary>
    public bool IsDkimStrict { get; init; }

    /// <summary>Tag aspf=s.</summary>
    public bool IsSpfStrict { get; init; }

    /// <summary>True where the text says that it is a DMARC record; its version tag must come first, and is case-sensitive.</summary>
    public static bool IsRecord(string text)
    {
        var span = text.AsSpan().TrimStart(" \t");
        if (!span.StartsWith("v"))
        {
            return false;
        }

        span = span[1..].TrimStart(" \t");
        if (!span.StartsWith("="))
        {
            return false;
        }

        span = span[1..].TrimStart(" \t");
        return span.StartsWith("DMARC1") && (span.Length == 6 || span[6..].TrimStart(" \t").StartsWith(";"));
    }

    /// <summary>Reads a record; null where it has no policy and no address for reports, so that nothing can be meant by it.</summary>
    public static DmarcRecord? Read(string text)
    {
        var tags = Tags(text);
        var p = ReadPolicy(tags, "p");
        if (p is null && !(tags.GetValueOrDefault("rua", "").Contains("mailto:", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        var policy = p ?? DmarcPolicy.None;
        var sub = ReadPolicy(tags, "sp") ?? policy;
        return new()
        {
            Policy = policy,
            SubdomainPolicy = sub,
            MissingPolicy = ReadPolicy(tags, "np") ?? sub,
            IsPublicSuffix = Is(tags, "psd", "y") ? true : Is(tags, "psd", "n") ? false : null,
            IsTest = Is(tags, "t", "y") || (int.TryParse(tags.GetValueOrDefault("pct"), NumberStyles.None, CultureInfo.InvariantCulture, out var share) && share == 0),
            IsDkimStrict = Is(tags, "adkim", "s"),
            IsSpfStrict = Is(tags, "aspf", "s"),
        };
    }

    /// <summary>True for a record, usable or not, by which its owner means more than to watch: a tag p that is not none.</summary>
    public static bool AsksForMore(string text) =>
        Tags(text).TryGetValue("p", out var policy) && !policy.Equals("none", StringComparison.OrdinalIgnoreCase);

    // Not the strict list of DKIM: one tag that cannot be read must not cost the domain its protection.
    private static Dictionary<string, string> Tags(string text)
    {
        var tags = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';').Take(64))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                tags.TryAdd(part[..equals].Trim(), part[(equals + 1)..].Trim());
            }
        }

        return tags;
    }

    private static bool Is(Dictionary<string, string> tags, string name, string value) => tags.GetValueOrDefault(name, "").Equals(value, StringComparison.OrdinalIgnoreCase);

    private static DmarcPolicy? ReadPolicy(Dictionary<string, string> tags, string name) => tags.GetValueOrDefault(name, "").ToLowerInvariant() switch
    {
        "none" => DmarcPolicy.None,
        "quarantine" => DmarcPolicy.Quarantine,
        "reject" => DmarcPolicy.Reject,
        _ => null,
    };
}
