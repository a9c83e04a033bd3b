using MimeKit;
using MimeKit.Cryptography;
using Postern.Checks.Dns;

namespace Postern.Checks.Dkim;

/// <summary>The results of one signature, in the words of RFC 8601, 2.7.1.</summary>
internal enum DkimResult : byte
{
    /// <summary>It verifies.</summary>
    Pass,
    /// <summary>It does not.</summary>
    Fail,
    /// <summary>It verifies, perhaps, but rests on what is not acceptable: a weak key or hash, or it expired.</summary>
    Policy,
    /// <summary>It cannot be read.</summary>
    Neutral,
    /// <summary>The DNS gave no answer.</summary>
    TempError,
    /// <summary>There is no usable key, or a needed part is missing.</summary>
    PermError,
}

/// <summary>What became of one signature.</summary>
/// <param name="Result">The result.</param>
/// <param name="Domain">Tag d.</param>
/// <param name="Selector">Tag s; empty where it could not be read.</param>
/// <param name="Remark">Why, or a restriction of the pass; null where there is nothing to say.</param>
/// <param name="IsWeak">True for a pass that covers a part of the body only, or of a domain that only tries DKIM.</param>
internal sealed record DkimOutcome(DkimResult Result, string Domain, string Selector, string? Remark, bool IsWeak = false);

/// <summary>What became of all signatures.</summary>
/// <param name="Tried">Those that were verified, in the order of preference.</param>
/// <param name="PassedOver">The domains of those beyond the limit, each once.</param>
internal sealed record DkimOutcomes(IReadOnlyList<DkimOutcome> Tried, IReadOnlyList<string> PassedOver);

/// <summary>
/// Verifies the signatures of a message. The canonical forms and the mathematics are MimeKit's; what a signature and a key
/// must be (expiry, flags, hash, size) is decided here, so that the results stay apart.
/// </summary>
internal sealed class DkimCheck(DkimOptions options, TimeProvider time) : DkimVerifierBase(new NoKeys())
{
    // Beyond this only the work of reading grows.
    private const int MostRead = 1000;
    private static readonly FormatOptions s_format = CreateFormat();

    /// <summary>The outcome of every signature that is verified; those of the preferred domains first.</summary>
    public async Task<DkimOutcomes> RunAsync(MimeMessage message, IReadOnlyList<string> preferred, LookupLog dns, CancellationToken cancellationToken)
    {
        var all = message.Headers.Where(h => h.Id == HeaderId.DkimSignature).Take(MostRead)
            .Select(h => (Signature: DkimSignature.Read(h, out var problem, out var domain), Problem: problem, Domain: domain))
            .OrderByDescending(s => preferred.Any(p => s.Domain.Length > 0 && (DnsName.IsWithin(p, s.Domain) || DnsName.IsWithin(s.Domain, p))))
            .ToArray();
        var signatures = all[..Math.Min(all.Length, options.MaxSignatures)];
        // Keys are asked for together; the message is then read by one verification after the other.
        var keys = await Task.WhenAll(signatures.Select(s => s.Signature is null ? Task.FromResult<DnsAnswer?>(null) : AskAsync(s.Signature, dns, cancellationToken)));
        var outcomes = new List<DkimOutcome>();
        for (var i = 0; i < signatures.Length; i++)
        {
            outcomes.Add(signatures[i].Signature is { } signature
                ? Verify(message, signature, keys[i]!)
                : new(DkimResult.Neutral, signatures[i].Domain, "", signatures[i].Problem));
        }

        string[] passedOver = [.. all[signatures.Length..].Select(s => s.Domain).Where(d => d.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
        return new(outcomes, passedOver);
    }

    private static async Task<DnsAnswer?> AskAsync(DkimSignature signature, LookupLog dns, CancellationToken cancellationToken) =>
        await dns.QueryAsync(new($"{signature.Selector}._domainkey.{signature.Domain}", DnsType.Txt), cancellationToken);

    private DkimOutcome Verify(MimeMessage message, DkimSignature signature, DnsAnswer answer)
    {
        DkimOutcome Outcome(DkimResult result, string? remark, bool isWeak = false) => new(result, signature.Domain, signature.Selector, remark, isWeak);

        if (signature.Algorithm is "rsa-sha1")
            return Outcome(DkimResult.Policy, "it uses SHA-1, which must not count (RFC 8301)");
        if (signature.Algorithm is not ("rsa-sha256" or "ed25519-sha256"))
            return Outcome(DkimResult.Neutral, "its algorithm is unknown");
        if (signature.Expires is { } expires && expires + options.ClockLeeway < time.GetUtcNow())
            return Outcome(DkimResult.Policy, "it has expired");
        if (answer.IsTrouble)
            return Outcome(DkimResult.TempError, $"the key could not be looked up: {answer.Problem}");
        if (answer.Texts.Count == 0)
            return Outcome(DkimResult.PermError, "there is no key");

        DkimKey? key = null;
        var problem = "";
        foreach (var text in answer.Texts.Take(4))
        {
            key = DkimKey.Read(text, out problem);
            if (key is not null)
                break;
        }

        if (key is null)
            return Outcome(DkimResult.PermError, problem);
        if (!key.IsForEmail)
            return Outcome(DkimResult.PermError, "the key is not for mail (s=)");
        if (!key.AllowsSha256)
            return Outcome(DkimResult.PermError, "the key does not allow this hash (h=)");
        if (key.IsEd25519 != (signature.Algorithm is "ed25519-sha256"))
            return Outcome(DkimResult.PermError, "the key is of another kind than the signature");
        if (key.IsStrict && !DnsName.AreEqual(signature.AgentDomain, signature.Domain))
            return Outcome(DkimResult.PermError, "the key does not allow a subdomain in i= (t=s)");
        if (!key.IsEd25519 && key.Bits < options.MinRsaBits)
            return Outcome(DkimResult.Policy, $"the key has {key.Bits} bits only");
        if (!key.IsEd25519 && key.Bits > options.MaxRsaBits)
            return Outcome(DkimResult.Policy, $"the key has {key.Bits} bits, too many to compute with");

        var remarks = string.Join(", ", new[]
        {
            signature.Length >= 0 ? $"signs only the first {signature.Length} octets of the body" : null,
            key.IsTest ? "the domain only tries DKIM (t=y)" : null,
        }.OfType<string>());
        var why = Compute(message, signature, key);
        return why is null
            ? Outcome(DkimResult.Pass, remarks.Length > 0 ? remarks : null, remarks.Length > 0)
            : Outcome(key.IsTest ? DkimResult.Neutral : DkimResult.Fail, key.IsTest ? $"{why}, and {remarks}" : why);
    }

    /// <summary>What does not verify; null for a good signature.</summary>
    private string? Compute(MimeMessage message, DkimSignature signature, DkimKey key)
    {
        var algorithm = key.IsEd25519 ? DkimSignatureAlgorithm.Ed25519Sha256 : DkimSignatureAlgorithm.RsaSha256;
        try
        {
            if (!VerifyBodyHash(s_format, message, algorithm, signature.BodyForm, signature.Length, signature.BodyHash))
                return "the body was changed";
            return VerifySignature(s_format, message, signature.Header, algorithm, key.Key, signature.Headers, signature.HeaderForm, signature.Signature)
                ? null
                : "the signature does not fit";
        }
        catch (Exception e) when (e is FormatException or ArgumentException or Org.BouncyCastle.Crypto.CryptoException or InvalidOperationException)
        {
            return "the signature cannot be computed";
        }
    }

    private static FormatOptions CreateFormat()
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        return format;
    }

    /// <summary>MimeKit wants a source of keys; this check brings its own.</summary>
    private sealed class NoKeys : IDkimPublicKeyLocator
    {
        public Org.BouncyCastle.Crypto.AsymmetricKeyParameter LocatePublicKey(string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task<Org.BouncyCastle.Crypto.AsymmetricKeyParameter> LocatePublicKeyAsync(string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}
