using Postern.Facts;

namespace Postern.Decisions;

/// <summary>
/// Comes to a conclusion from the findings. Three things outrank the sum of the points: an owner who denies the client (SPF
/// and DMARC), a proof that ties the sender to it, and DNS trouble, which never leads to a refusal.
/// </summary>
public sealed class LegitimacyScorer(LegitimacyPoints points)
{
    private const double GenuineFrom = 3;
    private const double SuspectBelow = -1;
    private const double RejectAt = -5;
    private const double HeavyListing = -4;

    /// <summary>The conclusion.</summary>
    public SenderVerdict Judge(SenderFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var view = new View(facts);
        var tests = facts.Findings.Select(f => new Evidence(f.Test, f.Result, view.IsCleared(f) ? Math.Max(points.Of(f), 0) : points.Of(f), f.Detail, f.Lookups)).ToArray();
        var sum = tests.Sum(t => t.Points);
        var denials = Denials(view);
        var (legitimacy, advice) = Conclude(view, sum, tests.Where(t => t.Name is "dnsbl").Sum(t => t.Points), denials);
        var troubled = tests.Where(t => t.Result == TestResult.TempError).Select(t => t.Name).ToArray();
        // What could not be asked could have cleared the sender: it may come back when the DNS answers.
        // Where the author's owner answered and asks for refusal, name servers of the client's own that are dead change nothing.
        if (advice == Advice.Reject && ((IsMostlyTroubled(tests) && !denials.Contains("dmarc", StringComparer.Ordinal)) || view.IsPlainTrouble("dkim") || view.IsPlainTrouble("dmarc") || view.IsPlainTrouble("arc")))
        {
            (legitimacy, advice) = (Legitimacy.Suspect, Advice.Defer);
        }

        return new()
        {
            Tests = tests,
            Points = Math.Round(sum, 2),
            Legitimacy = legitimacy,
            Advice = advice,
            MayBounce = MayBounce(view, facts),
            Deciding = Deciding(tests, legitimacy, denials),
            Troubled = troubled,
        };
    }

    private static (Legitimacy, Advice) Conclude(View view, double sum, double listing, string[] denials)
    {
        var isListed = view.Is("dnsbl", TestResult.Fail);
        var isAccessLine = view.Is("generic-ptr", TestResult.Fail);
        var isProven = view.IsSenderProven;
        var isAuthorUnshown = view.HasMessage && !view.IsAuthorShown;
        var hasName = view.Is("fcrdns", TestResult.Pass) && (view.Is("helo-ptr", TestResult.Pass) || view.Is("helo-rdns", TestResult.Pass));
        // What the DNS does not say of the client's names may be in its favour.
        var mayHaveName = view.IsOrMayBe("fcrdns", TestResult.Pass) && (view.IsOrMayBe("helo-ptr", TestResult.Pass) || view.IsOrMayBe("helo-rdns", TestResult.Pass));
        if (denials.Length > 0)
        {
            // A person's own letter may come under an envelope of somebody else's: forwarded news do, and so do forged bounces.
            var isOfEnvelope = denials.Contains("spf-mailfrom", StringComparer.Ordinal);
            if (isProven && !denials.Contains("dmarc", StringComparer.Ordinal))
            {
                return (Legitimacy.Suspect, sum >= GenuineFrom && !isListed && !isOfEnvelope && !isAuthorUnshown ? Advice.Accept : Advice.Defer);
            }
            // An honest forwarder looks just so: a server of good standing with somebody else's sender. Its message decides.
            if (denials is ["spf-mailfrom"] && mayHaveName && !isListed && !isAccessLine)
            {
                return (Legitimacy.Suspect, Advice.Defer);
            }

            return (Legitimacy.Forged, Advice.Reject);
        }

        if (isListed)
        {
            return (Legitimacy.Suspect, !isProven && (listing <= HeavyListing || sum <= RejectAt) ? Advice.Reject : Advice.Defer);
        }

        var isDoubted = (isAccessLine && (!isProven || isAuthorUnshown)) || (view.Is("spf-mailfrom", TestResult.SoftFail) && !view.IsForwarded);
        // A sender that nobody could answer is not who it says, unless the author or the envelope's owner is shown.
        if (isDoubted || (view.CannotReceive && !isProven) || view.IsAuthorDoubted || sum < SuspectBelow)
        {
            return (Legitimacy.Suspect, sum <= RejectAt && !isProven ? Advice.Reject : Advice.Defer);
        }
        // Who sent it may be shown beyond doubt: the person reads the author's name.
        if (view.IsAuthorOpen)
        {
            return (Legitimacy.Unproven, Advice.Defer);
        }
        // The envelope's owner might have denied the client: its other tests do not make up for that.
        if (!isProven && (view.Is("spf-mailfrom", TestResult.TempError) || view.IsReceiverOpen))
        {
            return (Legitimacy.Unproven, sum >= GenuineFrom && view.HasMessage && isAuthorUnshown ? Advice.Accept : Advice.Defer);
        }

        if (sum >= GenuineFrom && !isAuthorUnshown && (isProven || hasName || view.IsPlainPass("spf-helo")))
        {
            return (Legitimacy.Genuine, Advice.Accept);
        }

        return (Legitimacy.Unproven, (view.HasTrouble && !(isAuthorUnshown && sum >= GenuineFrom)) || sum < 0 ? Advice.Defer : Advice.Accept);
    }

    /// <summary>The tests by which somebody says that the client is not who it claims to be.</summary>
    private static string[] Denials(View view)
    {
        var denials = new List<string>();
        if (view.Is("spf-mailfrom", TestResult.Fail) && !view.IsForwarded)
        {
            denials.Add("spf-mailfrom");
        }

        if (view.HasReason("dmarc", "reject") && !view.IsSealTrusted)
        {
            denials.Add("dmarc");
        }
        // Whoever pads a message beyond all honest size wants it untested, whatever seals it.
        if (view.HasReason("dmarc", "oversized"))
        {
            denials.Add("dmarc");
        }
        // A host that resolves to the client is its owner's, even where the owner's policy forgot it.
        if (view.Is("spf-helo", TestResult.Fail) && !view.Is("helo-rdns", TestResult.Pass) && !view.Is("helo-rdns", TestResult.TempError))
        {
            denials.Add("spf-helo");
        }

        if (view.Is("helo-syntax", TestResult.Fail) && (view.HasReason("helo-syntax", "own-name") || view.HasReason("helo-syntax", "foreign-address") || view.HasReason("helo-syntax", "localhost")))
        {
            denials.Add("helo-syntax");
        }

        return [.. denials];
    }

    /// <summary>
    /// A bounce goes to whom the envelope names, so only what ties that address to this session counts. SPF does: the owner lets this
    /// client send. A signature does where its owner makes no statement on the client, signs that very address, did so just now, and
    /// the client is a machine with a name of its own that no list knows: anybody can send a signed message again, from anywhere.
    /// </summary>
    private static bool MayBounce(View view, SenderFacts facts)
    {
        if (string.IsNullOrEmpty(facts.Sender) || view.CannotReceive || view.IsReceiverOpen)
        {
            return false;
        }

        return view.TiesSender("spf-mailfrom")
            || (view.SignsSender && (view.Is("spf-mailfrom", TestResult.None) || view.Is("spf-mailfrom", TestResult.Neutral))
                && view.Is("fcrdns", TestResult.Pass) && (view.Is("generic-ptr", TestResult.Pass) || view.Is("generic-ptr", TestResult.Neutral))
                && (view.Is("dnsbl", TestResult.Pass) || view.Is("dnsbl", TestResult.Skipped)));
    }

    private static bool IsMostlyTroubled(Evidence[] tests) =>
        tests.Count(t => t.Result == TestResult.TempError) * 2 >= tests.Count(t => t.Result != TestResult.Skipped && t.Name is not "helo-syntax");

    private static string[] Deciding(Evidence[] tests, Legitimacy legitimacy, string[] denials)
    {
        var sign = legitimacy is Legitimacy.Suspect or Legitimacy.Forged ? -1 : 1;
        var weighty = tests.Where(t => t.Points * sign > 0).OrderByDescending(t => Math.Abs(t.Points)).Select(t => t.Name);
        return [.. (sign < 0 ? denials.Concat(weighty) : weighty).Distinct(StringComparer.Ordinal).Take(4)];
    }

    private sealed class View(SenderFacts facts)
    {
        public bool HasTrouble => facts.Findings.Any(f => f.Result == TestResult.TempError);

        public bool HasMessage => Find("dmarc") is { Result: not TestResult.Skipped };

        /// <summary>Somebody stands for the sender: the envelope's owner where there is no message yet, else the author's.</summary>
        public bool IsSenderProven => HasMessage ? IsAuthorShown || (TiesSender("spf-mailfrom") && !Is("dmarc", TestResult.Fail)) : TiesSender("spf-mailfrom");

        /// <summary>The author's domain is shown, by DMARC's rules where it has a policy.</summary>
        public bool IsAuthorShown => Find("dmarc") is { IsAligned: true } || IsSealTrusted;

        /// <summary>
        /// A trusted forwarder's word on what it received holds while the message comes by a machine that could be its own: a home
        /// line or a listed machine only sends again what was sealed once.
        /// </summary>
        public bool IsSealTrusted => HasReason("arc", "trusted") && !Is("generic-ptr", TestResult.Fail) && !Is("dnsbl", TestResult.Fail);

        /// <summary>What a trusted seal clears: the ways in which every forwarder breaks what proves a sender.</summary>
        public bool IsCleared(SenderFinding finding) => IsSealTrusted && (finding.Test is "spf-mailfrom" or "dkim" or "dmarc");

        /// <summary>A fresh signature covers the very envelope sender.</summary>
        public bool SignsSender => Find("dkim") is { SignsSender: true };

        /// <summary>Nobody could answer the envelope sender.</summary>
        public bool CannotReceive => Find("spf-mailfrom") is { CannotReceive: true };

        /// <summary>The envelope's owner signed the message, wherever it came by; an author's signature says nothing of the envelope.</summary>
        public bool IsForwarded => TiesSender("dkim") || IsSealTrusted;

        /// <summary>The message claims an author whom nothing shows, against the wish of the domain's owner or against RFC 5322.</summary>
        public bool IsAuthorDoubted => !IsSealTrusted && Find("dmarc")?.Reason
            is "quarantine" or "unsure" or "several-authors" or "no-author" or "unreadable" or "unusable" or "missing" or "display-name";

        /// <summary>Whether the author is who it seems could not be asked, or its owner only watches (p=none).</summary>
        public bool IsAuthorOpen => !IsSealTrusted && ((Is("dmarc", TestResult.TempError) && !IsAuthorShown) || HasReason("dmarc", "none"));

        /// <summary>Whether anybody could answer the envelope sender could not be asked.</summary>
        public bool IsReceiverOpen => Find("spf-mailfrom") is { IsReceiverOpen: true };

        public bool IsOrMayBe(string test, TestResult result) => Find(test) is { } finding && (finding.Result == result || finding.Result == TestResult.TempError);

        public bool IsPlainTrouble(string test) => Find(test) is { Result: TestResult.TempError, Reason: null };

        public bool Is(string test, TestResult result) => Find(test)?.Result == result;

        public bool IsPlainPass(string test) => Find(test) is { Result: TestResult.Pass, Reason: null };

        public bool HasReason(string test, string reason) => string.Equals(Find(test)?.Reason, reason, StringComparison.Ordinal);

        public bool TiesSender(string test) => Find(test)?.TiesSender ?? false;

        private SenderFinding? Find(string test) => facts.Findings.FirstOrDefault(f => string.Equals(f.Test, test, StringComparison.Ordinal));
    }
}
