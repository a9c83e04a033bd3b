using System.Buffers;
using MimeKit;
using MimeKit.Cryptography;
using Postern.Checks.Dkim;

namespace Postern.Checks.Arc;

/// <summary>
/// Computes the signatures of chains from the octets that were received. MimeKit's own verifier does not tell a broken structure
/// from a broken signature.
/// </summary>
internal static class ArcComputation
{
    /// <summary>True where a message signature fits the body.</summary>
    public static bool BodyFits(DkimBody body, ArcSignature signature) =>
        string.Equals(body.Hash(isSha1: false, signature.BodyForm == DkimCanonicalizationAlgorithm.Relaxed, signature.Length), signature.BodyHash, StringComparison.Ordinal);

    /// <summary>True where a message signature fits the fields that it lists.</summary>
    public static bool HeadersFit(MimeMessage message, ArcSignature signature, DkimKey key) =>
        SignatureComputation.Fits(SignatureComputation.Signed(message, signature.Header, signature.Headers, signature.HeaderForm), signature.Signer.Signature, isSha1: false, key);

    /// <summary>True where the seal of the last set fits these sets (RFC 8617, 5.1.1).</summary>
    public static bool SealFits(IEnumerable<ArcSet> sets, ArcSet last, DkimKey key)
    {
        var data = new ArrayBufferWriter<byte>();
        foreach (var set in sets)
        {
            HeaderForm.Append(data, set.Results, DkimCanonicalizationAlgorithm.Relaxed);
            HeaderForm.Append(data, set.Signature.Header, DkimCanonicalizationAlgorithm.Relaxed);
            if (set == last)
            {
                HeaderForm.AppendUnsigned(data, set.Seal.Header, DkimCanonicalizationAlgorithm.Relaxed);
            }
            else
            {
                HeaderForm.Append(data, set.Seal.Header, DkimCanonicalizationAlgorithm.Relaxed);
            }
        }

        return SignatureComputation.Fits(data.WrittenSpan, last.Seal.Signer.Signature, isSha1: false, key);
    }
}
