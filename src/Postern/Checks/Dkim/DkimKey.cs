using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace Postern.Checks.Dkim;

/// <summary>A public key record (RFC 6376, 3.6.1; RFC 8463).</summary>
internal sealed record DkimKey
{
    /// <summary>The key.</summary>
    public required AsymmetricKeyParameter Key { get; init; }

    /// <summary>True for Ed25519, false for RSA.</summary>
    public bool IsEd25519 { get; init; }

    /// <summary>Tag h holds sha256, or does not exist.</summary>
    public bool AllowsSha256 { get; init; }

    /// <summary>Tag h holds sha1, or does not exist.</summary>
    public bool AllowsSha1 { get; init; }

    /// <summary>Tag s holds email or *, or does not exist.</summary>
    public bool IsForEmail { get; init; }

    /// <summary>Flag t=s: the domain of i= must be that of d= itself.</summary>
    public bool IsStrict { get; init; }

    /// <summary>Flag t=y: the domain only tries DKIM.</summary>
    public bool IsTest { get; init; }

    /// <summary>The size of an RSA key in bits; 256 for Ed25519.</summary>
    public int Bits => Key is RsaKeyParameters rsa ? rsa.Modulus.BitLength : 256;

    /// <summary>Reads a record; null, and what is wrong with it.</summary>
    public static DkimKey? Read(string record, out string problem)
    {
        problem = "the key record cannot be read";
        if (TagList.Parse(record) is not { } tags || !tags.TryGetValue("p", out var p) || (tags.TryGetValue("v", out var v) && v is not "DKIM1"))
        {
            return null;
        }

        if (p.Length == 0)
        {
            problem = "the key is revoked";
            return null;
        }

        var kind = tags.GetValueOrDefault("k", "rsa").ToLowerInvariant();
        if (ReadKey(kind, TagList.WithoutSpace(p)) is not { } key)
        {
            problem = kind is "rsa" or "ed25519" ? "the key cannot be read" : "the key is of an unknown kind";
            return null;
        }

        var flags = List(tags, "t");
        return new()
        {
            Key = key,
            IsEd25519 = kind is "ed25519",
            AllowsSha256 = !tags.ContainsKey("h") || List(tags, "h").Contains("sha256", StringComparer.OrdinalIgnoreCase),
            AllowsSha1 = !tags.ContainsKey("h") || List(tags, "h").Contains("sha1", StringComparer.OrdinalIgnoreCase),
            IsForEmail = !tags.ContainsKey("s") || List(tags, "s").Any(s => s is "*" || s.Equals("email", StringComparison.OrdinalIgnoreCase)),
            IsStrict = flags.Contains("s", StringComparer.OrdinalIgnoreCase),
            IsTest = flags.Contains("y", StringComparer.OrdinalIgnoreCase),
        };
    }

    private static string[] List(IReadOnlyDictionary<string, string> tags, string name) =>
        tags.GetValueOrDefault(name, "").Split(':', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static AsymmetricKeyParameter? ReadKey(string kind, string base64)
    {
        try
        {
            var data = Convert.FromBase64String(base64);
            if (kind is "ed25519")
            {
                return data.Length == 32 ? new Ed25519PublicKeyParameters(data, 0) : null;
            }

            return kind is "rsa" ? ReadRsa(data) : null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or IOException or SecurityUtilityException or InvalidCastException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The RFC's text asks for a bare RSAPublicKey, its examples and the world use SubjectPublicKeyInfo (erratum 3017).</summary>
    private static RsaKeyParameters? ReadRsa(byte[] data)
    {
        try
        {
            return PublicKeyFactory.CreateKey(data) as RsaKeyParameters;
        }
        catch (Exception e) when (e is ArgumentException or IOException or SecurityUtilityException or InvalidCastException)
        {
            var bare = RsaPublicKeyStructure.GetInstance(Asn1Object.FromByteArray(data));
            return new RsaKeyParameters(isPrivate: false, bare.Modulus, bare.PublicExponent);
        }
    }
}
