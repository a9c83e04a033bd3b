using System.Globalization;
using MimeKit;
using MimeKit.Cryptography;
using Postern.Checks.Dkim;

namespace Postern.Checks.Arc;

/// <summary>An ARC-Message-Signature field, read (RFC 8617, 4.1.2).</summary>
internal sealed record ArcSignature
{
    private const int MaxHeaders = 200;

    /// <summary>The field itself.</summary>
    public required Header Header { get; init; }

    /// <summary>Tag i, 1 to 50.</summary>
    public required int Instance { get; init; }

    /// <summary>Whose key made it.</summary>
    public required ArcSigner Signer { get; init; }

    /// <summary>Tag h: the names of the signed fields, without empty ones.</summary>
    public required string[] Headers { get; init; }

    /// <summary>Tag bh, without white space.</summary>
    public required string BodyHash { get; init; }

    /// <summary>The first half of tag c.</summary>
    public required DkimCanonicalizationAlgorithm HeaderForm { get; init; }

    /// <summary>The second half of tag c.</summary>
    public required DkimCanonicalizationAlgorithm BodyForm { get; init; }

    /// <summary>Tag l in octets; -1 for the whole body.</summary>
    public required int Length { get; init; }

    /// <summary>Reads a field; null, and what is wrong with it.</summary>
    public static ArcSignature? Read(Header header, out string problem)
    {
        problem = "the tags of a message signature cannot be read";
        if (TagList.Parse(header.RawValue) is not { } tags)
        {
            return null;
        }

        problem = "a message signature has no instance from 1 to 50 (i=)";
        if (ArcInstance.Read(tags) is not { } instance)
        {
            return null;
        }

        if (ArcSigner.Read(tags, out problem) is not { } signer)
        {
            return null;
        }

        problem = "a message signature has no hash of the body (bh=)";
        if (!tags.TryGetValue("bh", out var bodyHash) || TagList.DecodeBase64(bodyHash) is null)
        {
            return null;
        }

        problem = "a message signature does not say what it signs (h=)";
        if (!tags.TryGetValue("h", out var list))
        {
            return null;
        }

        var headers = list.Split(':', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        // RFC 8617, 4.1.2: seals are made after message signatures.
        problem = headers.Length > MaxHeaders ? "a message signature lists more than 200 fields"
            : headers.Contains("arc-seal", StringComparer.OrdinalIgnoreCase) ? "a message signature signs seals"
            : tags.TryGetValue("t", out var time) && !ArcInstance.IsTime(time) ? "the time of a message signature is none (t=)"
            : "";
        var length = -1;
        if (problem.Length == 0 && tags.TryGetValue("l", out var l) && !int.TryParse(l, NumberStyles.None, CultureInfo.InvariantCulture, out length))
        {
            problem = "the length in a message signature is none (l=)";
        }

        var forms = tags.GetValueOrDefault("c", "simple/simple").ToLowerInvariant().Split('/');
        if (problem.Length == 0 && (forms.Length > 2 || forms.Any(f => f is not ("simple" or "relaxed"))))
        {
            problem = "a message signature has an unknown canonical form (c=)";
        }

        if (problem.Length > 0)
        {
            return null;
        }

        return new()
        {
            Header = header,
            Instance = instance,
            Signer = signer,
            Headers = headers,
            BodyHash = TagList.WithoutSpace(bodyHash),
            HeaderForm = ToForm(forms[0]),
            BodyForm = ToForm(forms.Length > 1 ? forms[1] : "simple"),
            Length = length,
        };
    }

    private static DkimCanonicalizationAlgorithm ToForm(string form) =>
        form is "relaxed" ? DkimCanonicalizationAlgorithm.Relaxed : DkimCanonicalizationAlgorithm.Simple;
}
