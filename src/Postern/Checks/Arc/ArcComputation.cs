using System.Buffers;
using System.Security.Cryptography;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Postern.Checks.Dkim;

namespace Postern.Checks.Arc;

/// <summary>
/// Computes the signatures of DKIM and of chains from the octets that were received. MimeKit's own verifiers do not tell a broken
/// structure from a broken signature, count a signature among the fields that it signs, and take a bare CR for the end of a line.
/// </summary>
internal static class ArcComputation
{
    /// <summary>True where a message signature fits the body.</summary>
    public static bool BodyFits(DkimBody body, ArcSignature signature) =>
        string.Equals(body.Hash(isSha1: false, signature.BodyForm == DkimCanonicalizationAlgorithm.Relaxed, signature.Length), signature.BodyHash, StringComparison.Ordinal);

    /// <summary>True where a message signature fits the fields that it lists.</summary>
    public static bool HeadersFit(MimeMessage message, ArcSignature signature, DkimKey key) =>
        Fits(Signed(message, signature.Header, signature.Headers, signature.HeaderForm), signature.Signer.Signature, isSha1: false, key);

    /// <summary>True where a DKIM signature fits the fields that it lists.</summary>
    public static bool HeadersFit(MimeMessage message, DkimSignature signature, byte[] value, bool isSha1, DkimKey key) =>
        Fits(Signed(message, signature.Header, signature.Headers, signature.HeaderForm), value, isSha1, key);

    /// <summary>The same for the header as it was before a mailing list put its name in brackets before the subject.</summary>
    public static bool HeadersFitWithoutTag(MimeMessage message, DkimSignature signature, byte[] value, bool isSha1, DkimKey key) =>
        SubjectTag.IsIn(message) && Fits(Signed(message, signature.Header, signature.Headers, signature.HeaderForm, withoutTag: true), value, isSha1, key);

    private static ReadOnlySpan<byte> Signed(MimeMessage message, Header own, IEnumerable<string> names, DkimCanonicalizationAlgorithm form, bool withoutTag = false)
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
                HeaderForm.Append(data, field, withoutTag && field.Id == HeaderId.Subject ? SubjectTag.Remove(field.RawValue) : field.RawValue, form);
        }

        HeaderForm.AppendUnsigned(data, own, form);
        return data.WrittenSpan;
    }

    /// <summary>True where the seal of the last set fits these sets (RFC 8617, 5.1.1).</summary>
    public static bool SealFits(IEnumerable<ArcSet> sets, ArcSet last, DkimKey key)
    {
        var data = new ArrayBufferWriter<byte>();
        foreach (var set in sets)
        {
            HeaderForm.Append(data, set.Results, DkimCanonicalizationAlgorithm.Relaxed);
            HeaderForm.Append(data, set.Signature.Header, DkimCanonicalizationAlgorithm.Relaxed);
            if (set == last)
                HeaderForm.AppendUnsigned(data, set.Seal.Header, DkimCanonicalizationAlgorithm.Relaxed);
            else
                HeaderForm.Append(data, set.Seal.Header, DkimCanonicalizationAlgorithm.Relaxed);
        }

        return Fits(data.WrittenSpan, last.Seal.Signer.Signature, isSha1: false, key);
    }

    /// <summary>MimeKit keeps the fields about the content apart; where they stood their offsets tell.</summary>
    private static IEnumerable<Header> AllFields(MimeMessage message) =>
        message.Body is { } body ? message.Headers.Concat(body.Headers).OrderBy(h => h.Offset ?? long.MaxValue) : message.Headers;

    private static bool Fits(ReadOnlySpan<byte> data, byte[] signature, bool isSha1, DkimKey key)
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
}
