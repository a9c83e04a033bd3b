using System.Globalization;
using MimeKit;
using MimeKit.Cryptography;
using Postern.Checks.Dns;

namespace Postern.Checks.Dkim;

/// <summary>A DKIM-Signature header, read (RFC 6376, 3.5).</summary>
internal sealed record DkimSignature
{
    /// <summary>The header itself.</summary>
    public required Header Header { get; init; }

    /// <summary>Tag d.</summary>
    public required string Domain { get; init; }

    /// <summary>Tag s.</summary>
    public required string Selector { get; init; }

    /// <summary>The domain of tag i; that of d by default.</summary>
    public required string AgentDomain { get; init; }

    /// <summary>Tag a, in lower case.</summary>
    public required string Algorithm { get; init; }

    /// <summary>Tag h.</summary>
    public required string[] Headers { get; init; }

    /// <summary>Tag bh, without white space.</summary>
    public required string BodyHash { get; init; }

    /// <summary>Tag b, without white space.</summary>
    public required string Signature { get; init; }

    /// <summary>The first half of tag c.</summary>
    public required DkimCanonicalizationAlgorithm HeaderForm { get; init; }

    /// <summary>The second half of tag c.</summary>
    public required DkimCanonicalizationAlgorithm BodyForm { get; init; }

    /// <summary>Tag l in octets; -1 for the whole body.</summary>
    public required int Length { get; init; }

    /// <summary>Tag t; null where it does not say when it was made.</summary>
    public DateTimeOffset? Made { get; init; }

    /// <summary>Tag x; null where the signature does not expire.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Reads a header.</summary>
    /// <returns>The signature, or null and what is wrong with it. The domain is given where it could be read at all.</returns>
    public static DkimSignature? Read(Header header, out string? problem, out string domain)
    {
        domain = "";
        var tags = TagList.Parse(header.RawValue);
        problem = tags is null ? "its tags cannot be read" : null;
        if (tags is null)
        {
            return null;
        }

        domain = DnsName.ToAscii(tags.GetValueOrDefault("d", ""));
        foreach (var name in (string[])["v", "a", "b", "bh", "d", "h", "s"])
        {
            if (!tags.TryGetValue(name, out var value) || value.Length == 0)
            {
                problem ??= $"it has no {name}=";
            }
        }

        if (problem is not null)
        {
            return null;
        }

        var headers = tags["h"].Split(':', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var agent = tags.TryGetValue("i", out var i) ? DnsName.ToAscii(i[(i.LastIndexOf('@') + 1)..]) : domain;
        long? signed = null, expires = null;
        problem = tags["v"] is not "1" ? "its version is not 1"
            : headers.Length > 200 ? "it lists more than 200 headers"
            : !headers.Contains("from", StringComparer.OrdinalIgnoreCase) ? "it does not sign the From header"
            : !DnsName.IsWithin(agent, domain) ? "its i= is not within its d="
            : tags.TryGetValue("q", out var q) && !q.Split(':', StringSplitOptions.TrimEntries).Contains("dns/txt", StringComparer.OrdinalIgnoreCase) ? "its q= is unknown"
            : !TryNumber(tags, "t", out signed) ? "its t= is no time"
            : !TryNumber(tags, "x", out expires) ? "its x= is no time"
            : expires <= signed ? "it expires before it was made"
            : null;
        var forms = tags.GetValueOrDefault("c", "simple/simple").ToLowerInvariant().Split('/');
        if (problem is null && (forms.Length > 2 || forms.Any(f => f.Trim() is not ("simple" or "relaxed"))))
        {
            problem = "its c= is unknown";
        }

        var length = -1;
        if (problem is null && tags.TryGetValue("l", out var l) && !int.TryParse(l, NumberStyles.None, CultureInfo.InvariantCulture, out length))
        {
            problem = "its l= is no length";
        }

        if (problem is not null)
        {
            return null;
        }

        return new()
        {
            Header = header,
            Domain = domain,
            Selector = DnsName.ToAscii(tags["s"]),
            AgentDomain = agent,
            Algorithm = tags["a"].ToLowerInvariant(),
            Headers = headers,
            BodyHash = TagList.WithoutSpace(tags["bh"]),
            Signature = TagList.WithoutSpace(tags["b"]),
            HeaderForm = ToForm(forms[0]),
            BodyForm = forms.Length > 1 ? ToForm(forms[1]) : DkimCanonicalizationAlgorithm.Simple,
            Length = length,
            Made = ToTime(signed),
            Expires = ToTime(expires),
        };
    }

    private static bool TryNumber(IReadOnlyDictionary<string, string> tags, string name, out long? number)
    {
        number = null;
        if (!tags.TryGetValue(name, out var text))
        {
            return true;
        }
        // RFC 6376, 3.5: implementations must cope with times far beyond 32 bits, up to 12 digits.
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        number = value;
        return true;
    }

    private static DateTimeOffset? ToTime(long? seconds) =>
        seconds is { } s ? DateTimeOffset.FromUnixTimeSeconds(Math.Min(s, 253_402_300_799)) : null;

    private static DkimCanonicalizationAlgorithm ToForm(string form) =>
        form.Trim() is "relaxed" ? DkimCanonicalizationAlgorithm.Relaxed : DkimCanonicalizationAlgorithm.Simple;
}
