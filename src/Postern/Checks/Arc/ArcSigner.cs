using Postern.Checks.Dkim;
using Postern.Checks.Dns;

namespace Postern.Checks.Arc;

/// <summary>The tags that seals and message signatures share: who signed, how, and the signature.</summary>
/// <param name="Domain">Tag d.</param>
/// <param name="Selector">Tag s.</param>
/// <param name="Algorithm">Tag a, in lower case, one that can be verified.</param>
/// <param name="Signature">Tag b, decoded.</param>
internal sealed record ArcSigner(string Domain, string Selector, string Algorithm, byte[] Signature)
{
    /// <summary>The name of the key.</summary>
    public string KeyName => $"{Selector}._domainkey.{Domain}";

    /// <summary>True for a hash that no longer shows anything (RFC 8301, 3.1).</summary>
    public bool IsSha1 => Algorithm is "rsa-sha1";

    /// <summary>Reads the shared tags; null, and what is wrong with them.</summary>
    public static ArcSigner? Read(IReadOnlyDictionary<string, string> tags, out string problem)
    {
        problem = "";
        foreach (var name in (string[])["a", "b", "d", "s"])
        {
            if (!tags.TryGetValue(name, out var value) || value.Length == 0)
            {
                problem = $"a signature of the chain has no {name}=";
                return null;
            }
        }

        var algorithm = tags["a"].ToLowerInvariant();
        if (algorithm is not ("rsa-sha256" or "ed25519-sha256" or "rsa-sha1"))
        {
            problem = "a signature of the chain uses an unknown algorithm (a=)";
            return null;
        }

        if (TagList.DecodeBase64(tags["b"]) is { } signature)
        {
            return new(DnsName.ToAscii(tags["d"]), DnsName.ToAscii(tags["s"]), algorithm, signature);
        }

        problem = "a signature of the chain is not base64 (b=)";
        return null;
    }
}
