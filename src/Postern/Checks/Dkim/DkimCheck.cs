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
/// <param name="IsWeak">True for a pass that leaves a part of the body or a header open, or of a domain that only tries DKIM.</param>
/// <param name="Fits">True where the domain's key did make it, whatever else keeps it from counting.</param>
internal sealed record DkimOutcome(DkimResult Result, string Domain, string Selector, string? Remark, bool IsWeak = false, bool Fits = false)
{
    /// <summary>Tag t; null where it does not say when it was made.</summary>
    public DateTimeOffset? Made { get; init; }

    /// <summary>True where it covers the Date header, which then tells when the message was written.</summary>
    public bool SignsDate { get; init; }

    /// <summary>True for a pass that shows who sent the message.</summary>
    public bool IsProof => Result == DkimResult.Pass && !IsWeak;
}

/// <summary>
/// Verifies the signatures of a message. The canonical forms and the mathematics are MimeKit's; what a signature and a key
/// must be (expiry, flags, hash, size) is decided here, so that the results stay apart.
/// </summary>
internal sealed class DkimCheck(DkimOptions options, TimeProvider time)
{
    private const int MostKeys = 4;
    // Below this any desktop finds the private key.
    private const int FewestBits = 512;
    private static readonly string[] s_shown = ["From", "Sender", "Reply-To", "To", "Subject", "Date", "Content-Type"];

    /// <summary>The outcome of every signature that is verified.</summary>
    /// <param name="message">The message.</param>
    /// <param name="body">Its body.</param>
    /// <param name="preferred">The domains whose signatures come first where there are too many, the most telling first.</param>
    /// <param name="dns">Whom to ask.</param>
    /// <param name="cancellationToken">The caller's own end.</param>
    public async Task<IReadOnlyList<DkimOutcome>> RunAsync(MimeMessage message, DkimBody body, IReadOnlyList<string> preferred, LookupRecorder dns, CancellationToken cancellationToken)
    {
        var all = message.Headers.Where(h => h.Id == HeaderId.DkimSignature)
            .Select(h => (Signature: DkimSignature.Read(h, out var problem, out var domain), Problem: problem, Domain: domain))
            .OrderBy(s => Rank(s.Domain, preferred)).ThenBy(s => s.Signature is null || Objection(s.Signature) is not null)
            .ThenBy(s => s.Signature is { } signature && IsOfOtherBody(signature, body));
        // Who has a good signature under dead ones gets it tried; what is left over may be anybody's filling, and speaks for nobody.
        var signatures = all.Take(options.MaxSignatures).ToArray();
        // Keys are asked for together; the message is then read by one verification after the other.
        var keys = await Task.WhenAll(signatures.Select(s => s.Signature is null ? Task.FromResult<DnsAnswer?>(null) : AskAsync(s.Signature, dns, cancellationToken)));
        var outcomes = new List<DkimOutcome>();
        for (var i = 0; i < signatures.Length; i++)
        {
            outcomes.Add(signatures[i].Signature is { } signature
                ? Verify(message, body, signature, keys[i]!)
                : new(DkimResult.Neutral, signatures[i].Domain, "", signatures[i].Problem));
        }

        return outcomes;
    }

    // Costs nothing but the hash of the body, which all signatures of a form share.
    private static bool IsOfOtherBody(DkimSignature signature, DkimBody body) =>
        signature.Length < 0 && !BodyFits(body, signature, signature.Algorithm is "rsa-sha1", -1);

    private static async Task<DnsAnswer?> AskAsync(DkimSignature signature, LookupRecorder dns, CancellationToken cancellationToken) =>
        await dns.QueryAsync(new($"{signature.Selector}._domainkey.{signature.Domain}", DnsType.Txt), cancellationToken);

    /// <summary>The preferred domains themselves come first, then those above or below them, then all others.</summary>
    private static int Rank(string domain, IReadOnlyList<string> preferred)
    {
        if (domain.Length == 0)
        {
            return int.MaxValue;
        }

        for (var i = 0; i < preferred.Count; i++)
        {
            if (DnsName.AreEqual(domain, preferred[i]))
            {
                return i;
            }
        }

        return preferred.Any(p => DnsName.IsWithin(p, domain) || DnsName.IsWithin(domain, p)) ? preferred.Count : preferred.Count + 1;
    }

    /// <summary>Why a signature cannot count, whatever its key; null where nothing is wrong.</summary>
    private string? Objection(DkimSignature signature)
    {
        var now = time.GetUtcNow();
        return signature.Algorithm is "rsa-sha1" ? "it uses SHA-1, which must not count (RFC 8301)"
            : signature.Expires < now - options.ClockLeeway ? "it has expired"
            : signature.Made > now + options.FutureLeeway ? "it was made in the future"
            : null;
    }

    private DkimOutcome Verify(MimeMessage message, DkimBody body, DkimSignature signature, DnsAnswer answer)
    {
        DkimOutcome Outcome(DkimResult result, string remark) => new(result, signature.Domain, signature.Selector, remark);

        if (signature.Algorithm is not ("rsa-sha1" or "rsa-sha256" or "ed25519-sha256"))
        {
            return Outcome(DkimResult.Neutral, "its algorithm is unknown");
        }

        var objection = Objection(signature);
        if (answer.IsTrouble)
        {
            return objection is null ? Outcome(DkimResult.TempError, $"the key could not be looked up: {answer.Problem}") : Outcome(DkimResult.Policy, objection);
        }

        if (answer.Texts.Count == 0)
        {
            return objection is null ? Outcome(DkimResult.PermError, "there is no key") : Outcome(DkimResult.Policy, objection);
        }

        // One key a selector is the rule; where an owner left the old one beside the new, the one that fits is meant.
        DkimOutcome? first = null;
        var problem = "";
        foreach (var text in answer.Texts.Take(MostKeys))
        {
            if (DkimKey.Read(text, out var why) is not { } key)
            {
                problem = why;
                continue;
            }

            var outcome = Verify(message, body, signature, key, objection);
            if (outcome.Fits)
            {
                return outcome;
            }

            first ??= outcome;
        }

        return first ?? (objection is null ? Outcome(DkimResult.PermError, problem) : Outcome(DkimResult.Policy, objection));
    }

    private DkimOutcome Verify(MimeMessage message, DkimBody body, DkimSignature signature, DkimKey key, string? objection)
    {
        DkimOutcome Outcome(DkimResult result, string? remark, bool isWeak = false, bool fits = false) => new(result, signature.Domain, signature.Selector, remark, isWeak, fits);

        if (!key.IsForEmail)
        {
            return Outcome(DkimResult.PermError, "the key is not for mail (s=)");
        }

        var isSha1 = signature.Algorithm is "rsa-sha1";
        if (isSha1 ? !key.AllowsSha1 : !key.AllowsSha256)
        {
            return Outcome(DkimResult.PermError, "the key does not allow this hash (h=)");
        }

        if (key.IsEd25519 != (signature.Algorithm is "ed25519-sha256"))
        {
            return Outcome(DkimResult.PermError, "the key is of another kind than the signature");
        }

        if (key.IsStrict && !DnsName.AreEqual(signature.AgentDomain, signature.Domain))
        {
            return Outcome(DkimResult.PermError, "the key does not allow a subdomain in i= (t=s)");
        }

        if (!key.IsEd25519 && key.Bits > options.MaxRsaBits)
        {
            return Outcome(DkimResult.Policy, $"the key has {key.Bits} bits, too many to compute with");
        }

        if (!key.IsEd25519 && key.Bits < options.MinRsaBits)
        {
            objection ??= $"the key has {key.Bits} bits only";
        }

        var misfit = Misfit(message, body, signature, key, isSha1);
        // It does not count; but that the owner's key made it keeps an honest forwarder from being refused for an old signer.
        if (objection is not null)
        {
            return Outcome(DkimResult.Policy, objection, fits: misfit is null && key.Bits >= FewestBits);
        }

        if (misfit is not null)
        {
            // Mailing lists add a footer, and their name to the subject. That the owner's key signed the rest of the header nobody can feign.
            var isFollowed = HasFollowedHeader(message, signature, key, isSha1);
            misfit = isFollowed ? $"{misfit}, but the domain signed the header as it was before a list changed the message" : misfit;
            return Outcome(key.IsTest ? DkimResult.Neutral : DkimResult.Fail, key.IsTest ? $"{misfit}, and the domain only tries DKIM (t=y)" : misfit, fits: isFollowed);
        }

        var isWhole = signature.Length < 0 || BodyFits(body, signature, isSha1, -1);
        var remarks = string.Join(", ", Restrictions(message, signature, key, isWhole));
        return Outcome(DkimResult.Pass, remarks.Length > 0 ? remarks : null, remarks.Length > 0, fits: true) with
        {
            Made = signature.Made,
            SignsDate = signature.Headers.Contains("date", StringComparer.OrdinalIgnoreCase),
        };
    }

    /// <summary>What does not verify; null for a good signature.</summary>
    private static string? Misfit(MimeMessage message, DkimBody body, DkimSignature signature, DkimKey key, bool isSha1)
    {
        if (!BodyFits(body, signature, isSha1, signature.Length))
        {
            return "the body was changed";
        }

        return TagList.DecodeBase64(signature.Signature) is { } value && SignatureComputation.HeadersFit(message, signature, value, isSha1, key) ? null : "the signature does not fit";
    }

    /// <summary>
    /// True where the domain signed this header within the last days, but for the mark of a list before its subject: somebody changed
    /// the message on its way. An older one was rather kept to be used again.
    /// </summary>
    private bool HasFollowedHeader(MimeMessage message, DkimSignature signature, DkimKey key, bool isSha1)
    {
        var signsDate = signature.Headers.Contains("date", StringComparer.OrdinalIgnoreCase) && message.Headers.Contains(HeaderId.Date);
        return (signature.Made ?? (signsDate ? message.Date : null)) is { } made && (time.GetUtcNow() - made).Duration() <= options.ListDelay
            && TagList.DecodeBase64(signature.Signature) is { } value
            && (SignatureComputation.HeadersFit(message, signature, value, isSha1, key) || SignatureComputation.HeadersFitWithoutTag(message, signature, value, isSha1, key));
    }

    private static bool BodyFits(DkimBody body, DkimSignature signature, bool isSha1, int length) =>
        string.Equals(body.Hash(isSha1, signature.BodyForm == DkimCanonicalizationAlgorithm.Relaxed, length), signature.BodyHash, StringComparison.Ordinal);

    /// <summary>What a good signature leaves open: anybody could send it again with something of his own there.</summary>
    private static IEnumerable<string> Restrictions(MimeMessage message, DkimSignature signature, DkimKey key, bool isWhole)
    {
        // A length that reaches to the end of the body leaves nothing open.
        if (!isWhole)
        {
            yield return $"signs only the first {signature.Length} octets of the body";
        }

        if (key.IsTest)
        {
            yield return "the domain only tries DKIM (t=y)";
        }

        foreach (var name in s_shown)
        {
            // Signatures count fields from below, readers show the uppermost (RFC 6376, 5.4.2 and 8.15).
            var signed = signature.Headers.Count(h => h.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (signed > 0 && message.Headers.Count(h => h.Field.Equals(name, StringComparison.OrdinalIgnoreCase)) > signed)
            {
                yield return $"leaves a second {name} field open";
            }
        }
    }
}
