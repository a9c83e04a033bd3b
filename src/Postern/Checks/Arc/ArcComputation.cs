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
/// Computes the signatures of a chain. MimeKit's own verifier of chains does not tell a broken structure from a broken signature
/// and reads some fields otherwise than RFC 8617, so only its form of the body is used.
/// </summary>
internal sealed class ArcComputation : DkimVerifierBase
{
    private static readonly FormatOptions s_format = CreateFormat();

    /// <summary>Never called: the base class lends its form of the body to classes below it only.</summary>
    private ArcComputation()
        : base(null!)
    {
    }

    /// <summary>True where a message signature fits the body.</summary>
    public static bool BodyFits(MimeMessage message, ArcSignature signature)
    {
        var algorithm = signature.Signer.IsSha1 ? DkimSignatureAlgorithm.RsaSha1 : DkimSignatureAlgorithm.RsaSha256;
        try
        {
            return VerifyBodyHash(s_format, message, algorithm, signature.BodyForm, signature.Length, signature.BodyHash);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException or IOException)
        {
            return false;
        }
    }

    /// <summary>True where a message signature fits the fields that it lists.</summary>
    public static bool HeadersFit(MimeMessage message, ArcSignature signature, DkimKey key)
    {
        // Of fields with the same name the last is signed first (RFC 6376, 5.4.2); one that is not there counts as nothing.
        var fields = AllFields(message).Where(f => f != signature.Header)
            .GroupBy(f => f.Field.TrimEnd(), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => new Stack<Header>(g), StringComparer.OrdinalIgnoreCase);
        var data = new ArrayBufferWriter<byte>();
        foreach (var name in signature.Headers)
        {
            if (fields.TryGetValue(name, out var same) && same.TryPop(out var field))
                HeaderForm.Append(data, field, signature.HeaderForm);
        }

        HeaderForm.AppendUnsigned(data, signature.Header, signature.HeaderForm);
        return Fits(data.WrittenSpan, signature.Signer, key);
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

        return Fits(data.WrittenSpan, last.Seal.Signer, key);
    }

    /// <summary>MimeKit keeps the fields about the content apart; where they stood their offsets tell.</summary>
    private static IEnumerable<Header> AllFields(MimeMessage message) =>
        message.Body is { } body ? message.Headers.Concat(body.Headers).OrderBy(h => h.Offset ?? long.MaxValue) : message.Headers;

    private static bool Fits(ReadOnlySpan<byte> data, ArcSigner signer, DkimKey key)
    {
        try
        {
            if (key.IsEd25519)
            {
                // RFC 8463, 3: the hash is what is signed.
                return signer.Signature.Length == Ed25519PublicKeyParameters.KeySize * 2
                    && Verifies(new Ed25519Signer(), key, SHA256.HashData(data), signer.Signature);
            }

            return Verifies(new RsaDigestSigner(signer.IsSha1 ? new Sha1Digest() : new Sha256Digest()), key, data, signer.Signature);
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

    private static FormatOptions CreateFormat()
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        return format;
    }
}
