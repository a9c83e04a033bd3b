using MimeKit;
using Postern.Checks.Dkim;
using Postern.Checks.Dns;
using Postern.Facts;

namespace Postern.Checks.Arc;

/// <summary>What became of a message's chain.</summary>
/// <param name="Result">Pass, fail, none or temperror.</param>
/// <param name="Sealer">The domain of the last seal; null without a chain.</param>
/// <param name="IsTrusted">True where the options trust that domain.</param>
/// <param name="Remark">Why, where there is something to say.</param>
/// <param name="IsWeak">True for a pass whose last signature leaves the author or a part of the body open. Such a chain is never trusted.</param>
internal sealed record ArcOutcome(TestResult Result, string? Sealer, bool IsTrusted, string? Remark, bool IsWeak = false)
{
    /// <summary>True where only the DNS keeps a chain from being a trusted sealer's.</summary>
    public bool MayBeTrusted { get; init; }

    /// <summary>The results that the last sealers wrote, as far back as each of them is trusted; the last first.</summary>
    public IReadOnlyList<byte[]> TrustedResults { get; init; } = [];
}

/// <summary>
/// Validates the chain of ARC seals (RFC 8617, 5.2): its structure first, then the last message signature, then every seal.
/// A fault that is certain breaks the chain, even where the DNS left another key open.
/// </summary>
internal sealed class ArcCheck(ArcOptions options, DkimOptions dkim)
{
    public async Task<ArcOutcome> RunAsync(MimeMessage message, DkimBody body, IResolver dns, CancellationToken cancellationToken)
    {
        var chain = ArcChain.Read(message);
        if (chain.Problem is not null)
        {
            return new(TestResult.Fail, chain.Sealer, false, chain.Problem);
        }

        if (chain.Sets.Count == 0)
        {
            return new(TestResult.None, null, false, "the message has no ARC chain");
        }

        if (chain.Sets.Any(s => s.Seal.Signer.IsSha1 || s.Signature.Signer.IsSha1))
        {
            return new(TestResult.Fail, chain.Sealer, false, "the chain rests on SHA-1, which must not count (RFC 8301)");
        }

        var last = chain.Sets[^1];
        var keys = await ArcKeys.AskAsync(chain.Sets.Select(s => s.Seal.Signer).Append(last.Signature.Signer), dns, dkim, cancellationToken);
        ArcKey? open = null;
        var problem = Judge(keys[last.Signature.Signer], key => Message(message, body, last.Signature, key), ref open);
        for (var i = chain.Sets.Count - 1; i >= 0 && problem is null; i--)
        {
            var set = chain.Sets[i];
            var count = i + 1;
            problem = Judge(keys[set.Seal.Signer], key => ArcComputation.SealFits(chain.Sets.Take(count), set, key) ? null : $"seal {count} does not fit", ref open);
        }

        if (problem is not null)
        {
            return new(TestResult.Fail, chain.Sealer, false, problem);
        }

        if (open is not null)
        {
            return new(TestResult.TempError, chain.Sealer, false, open.Problem) { MayBeTrusted = IsTrusted(chain.Sealer!) };
        }

        var weakness = Weakness(message, chain);
        var isTrusted = weakness is null && IsTrusted(chain.Sealer!);
        var told = isTrusted ? chain.Sets.Reverse().TakeWhile(s => IsTrusted(s.Seal.Signer.Domain)).Select(s => s.Results.RawValue).ToArray() : [];
        return new(TestResult.Pass, chain.Sealer, isTrusted, weakness, weakness is not null) { TrustedResults = told };
    }

    private bool IsTrusted(string sealer) => options.TrustedSealers.Any(t => DnsName.IsWithin(sealer, t));

    private static string? Judge(ArcKey found, Func<DkimKey, string?> compute, ref ArcKey? open)
    {
        if (found.Key is not null)
        {
            return compute(found.Key);
        }

        if (!found.IsTrouble)
        {
            return found.Problem;
        }

        open ??= found;
        return null;
    }

    private static string? Message(MimeMessage message, DkimBody body, ArcSignature signature, DkimKey key)
    {
        if (!ArcComputation.BodyFits(body, signature))
        {
            return "the body was changed after its last seal";
        }

        return ArcComputation.HeadersFit(message, signature, key) ? null : "the message was changed after its last seal";
    }

    private static string? Weakness(MimeMessage message, ArcChain chain)
    {
        var signature = chain.Sets[^1].Signature;
        // A field above those that are signed may be anybody's, and some programs show just that one.
        var signed = signature.Headers.Count(h => h.Equals("from", StringComparison.OrdinalIgnoreCase));
        return message.Headers.Count(h => h.Id == HeaderId.From) > signed || signed == 0 ? "the chain is whole but does not sign every From header"
            : signature.Length >= 0 ? $"the chain is whole but signs only the first {signature.Length} octets of the body"
            : null;
    }
}
