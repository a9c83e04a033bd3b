using System.Buffers;
using System.Security.Cryptography;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace Postern.Checks.Dkim;

/// <summary>
/// Computes signatures from the octets that were received. MimeKit's own verifier counts a signature among the fields that it
/// signs, and takes a bare CR for the end of a line.
/// </summary>
internal static class SignatureComputation
{
    /// <summary>True where a DKIM signature fits the fields that it lists.</summary>
    public static bool HeadersFit(MimeMessage message, DkimSignature signature, byte[] value, bool isSha1, DkimKey key) =>
        Fits(Signed(message, signature.Header, signature.Headers, signature.HeaderForm), value, isSha1, key);

    /// <summary>The same for the header as it was before a mailing list put its name in brackets before the subject.</summary>
    public static bool HeadersFitWithoutTag(MimeMessage message, DkimSignature signature, byte[] value, bool isSha1, DkimKey key) =>
        SubjectTag.IsIn(message) && Fits(Signed(message, signature.Header, signature.Headers, signature.HeaderForm, withoutTag: true), value, isSha1, key);

    /// <summary>The octets that a signature over these fields signs.</summary>
    public static ReadOnlySpan<byte> Signed(MimeMessage message, Header own, IEnumerable<string> names, DkimCanonicalizationAlgorithm form, bool withoutTag = false)
    {
        // Of fields with the same name the last is signed first (RFC 6376, 5.4.2); one that is not there counts as nothing, and the
        // signature's own is not there (3.7).
        var fields = AllFields(message).Where(f => f != own)
            .GroupBy(f => f.Field.TrimEnd(), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => new Stack<Header>(g), StringComparer.OrdinalIgnoreCase);
        var data = new ArrayBufferWriter<byte>();
        foreach (var name in names)
        {
            if (fields.TryGetValue(name, out var same) && same.TryPop(out var field))
            {
                HeaderForm.Append(data, field, withoutTag && field.Id == HeaderId.Subject ? SubjectTag.Remove(field.RawValue) : field.RawValue, form);
            }
        }

        HeaderForm.AppendUnsigned(data, own, form);
        return data.WrittenSpan;
    }

    /// <summary>True where the signature over these octets is of this key.</summary>
    public static bool Fits(ReadOnlySpan<byte> data, byte[] signature, bool isSha1, DkimKey key)
    {
        try
        {
            if (key.IsEd25519)
            {
                // RFC 8463, 3: the hash is what is signed.
                return signature.Length == Ed25519PublicKeyParameters.KeySize * 2
                    && Verifies(new Ed25519Signer(), key, SHA256.HashData(data), signature);
            }

            return Verifies(new RsaDigestSigner(isSha1 ? new Sha1Digest() : new Sha256Digest()), key, data, signature);
        }
        catch (Exception e) when (e is CryptoException or ArgumentException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    private static bool Verifies(ISigner verifier, DkimKey key, ReadOnlySpan<byte> data, byte[] signature)
    {
        verifier.Init(forSigning: false, key.Key);
        verifier.BlockUpdate(data);
        return verifier.VerifySignature(signature);
    }

    /// <summary>MimeKit keeps the fields about the content apart; where they stood their offsets tell.</summary>
    private static IEnumerable<Header> AllFields(MimeMessage message) =>
        message.Body is { } body ? message.Headers.Concat(body.Headers).OrderBy(h => h.Offset ?? long.MaxValue) : message.Headers;
}
