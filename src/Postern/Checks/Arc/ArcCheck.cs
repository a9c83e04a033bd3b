using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Postern.Checks.Dkim;
using Postern.Checks.Dns;
using Postern.Facts;

namespace Postern.Checks.Arc;

/// <summary>What became of a message's chain.</summary>
/// <param name="Result">Pass, fail, none or temperror.</param>
/// <param name="Sealer">The domain of the last seal; null without a chain.</param>
/// <param name="IsTrusted">True where the options trust that domain.</param>
/// <param name="Remark">Why, where there is something to say.</param>
internal sealed record ArcOutcome(TestResult Result, string? Sealer, bool IsTrusted, string? Remark);

/// <summary>Validates the chain of ARC seals (RFC 8617, 5.2).</summary>
internal sealed class ArcCheck(ArcOptions options, DkimOptions dkim)
{
    private const int MaxInstances = 50;

    public async Task<ArcOutcome> RunAsync(MimeMessage message, IResolver dns, CancellationToken cancellationToken)
    {
        message = ArcSets.WithoutCopies(message);
        var seals = message.Headers.Where(h => h.Id == HeaderId.ArcSeal).ToArray();
        var isWithout = seals.Length == 0 && !message.Headers.Any(h => h.Id is HeaderId.ArcMessageSignature or HeaderId.ArcAuthenticationResults);
        if (isWithout)
            return new(TestResult.None, null, false, "the message has no ARC chain");
        if (seals.Length > MaxInstances)
            return new(TestResult.Fail, null, false, "the chain has more than 50 seals");
        var sealer = LastSealer(seals);
        var keys = new Keys(dns, dkim);
        ArcValidationResult result;
        try
        {
            result = await new ArcVerifier(keys) { MinimumRsaKeyLength = dkim.MinRsaBits }.VerifyAsync(message, cancellationToken);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or CryptoException or InvalidOperationException or NotSupportedException or IOException)
        {
            return keys.Trouble is null
                ? new(TestResult.Fail, sealer, false, "the chain cannot be read")
                : new(TestResult.TempError, sealer, false, keys.Trouble);
        }

        if (result.Chain != ArcSignatureValidationResult.Pass && keys.Trouble is not null)
            return new(TestResult.TempError, sealer, false, keys.Trouble);
        return result.Chain switch
        {
            ArcSignatureValidationResult.Pass => new(TestResult.Pass, sealer, sealer is not null && options.TrustedSealers.Any(t => DnsName.IsWithin(sealer, t)), null),
            ArcSignatureValidationResult.None => new(TestResult.None, null, false, "the message has no ARC chain"),
            _ => new(TestResult.Fail, sealer, false, keys.Problem ?? Describe(result.ChainErrors)),
        };
    }

    private static string Describe(ArcValidationErrors errors) =>
        errors.HasFlag(ArcValidationErrors.MessageSignatureValidationFailed) ? "the message was changed after its last seal"
        : errors.HasFlag(ArcValidationErrors.SealValidationFailed) ? "a seal does not fit"
        : "the chain is broken";

    private static string? LastSealer(Header[] seals)
    {
        string? domain = null;
        var highest = 0;
        foreach (var seal in seals)
        {
            if (ArcSets.Tags(seal) is { } tags && ArcSets.Instance(tags) is { } i && i > highest)
                (highest, domain) = (i, tags.GetValueOrDefault("d"));
        }

        return domain;
    }

    /// <summary>Gives MimeKit its keys, and remembers why it could not.</summary>
    private sealed class Keys(IResolver dns, DkimOptions options) : IDkimPublicKeyLocator
    {
        public string? Trouble { get; private set; }

        public string? Problem { get; private set; }

        public AsymmetricKeyParameter LocatePublicKey(string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public async Task<AsymmetricKeyParameter> LocatePublicKeyAsync(string methods, string domain, string selector, CancellationToken cancellationToken = default)
        {
            var answer = await dns.QueryAsync(new($"{selector}._domainkey.{domain}", DnsType.Txt), cancellationToken);
            if (answer.IsTrouble)
            {
                Trouble = $"the key of {Show.Text(domain)} could not be looked up: {answer.Problem}";
                throw new FormatException(Trouble);
            }

            var problem = "there is no key";
            foreach (var text in answer.Texts.Take(4))
            {
                if (DkimKey.Read(text, out problem) is not { } key)
                    continue;
                if (key.IsForEmail && key.AllowsSha256 && (key.IsEd25519 || key.Bits <= options.MaxRsaBits))
                    return key.Key;
                problem = "the key is not for this use";
            }

            Problem = $"{Show.Text(domain)}: {problem}";
            throw new FormatException(Problem);
        }
    }
}
