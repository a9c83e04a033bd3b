using Postern.Facts;

namespace Postern.Decisions;

/// <summary>
/// Comes to a conclusion from the findings. Three things outrank the sum of the points: an owner who denies the client (SPF
/// and DMARC), a proof that ties the sender to it, and DNS trouble, which never leads to a refusal.
/// </summary>
public sealed class LegitimacyJudge(LegitimacyPoints points)
{
    private const double GenuineFrom = 3;
    private const double SuspectBelow = -1;
    private const double RejectAt = -5;
    private const double HeavyListing = -4;

    /// <summary>The conclusion.</summary>
    public SenderVerdict Judge(SenderFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var tests = facts.Findings.Select(f => new Evidence(f.Test, f.Result, points.Of(f), f.Detail, f.Lookups)).ToArray();
        var view = new View(facts);
        var sum = tests.Sum(t => t.Points);
        var denials = Denials(view);
        var (legitimacy, advice) = Conclude(view, sum, tests.Where(t => t.Name is "dnsbl").Sum(t => t.Points), denials);
        var troubled = tests.Where(t => t.Result == TestResult.TempError).Select(t => t.Name).ToArray();
        // What could not be asked could have cleared the sender: it may come back when the DNS answers.
        if (advice == Advice.Reject && (IsMostlyTroubled(tests) || view.IsPlainTrouble("dkim") || view.IsPlainTrouble("dmarc")))
            (legitimacy, advice) = (Legitimacy.Suspect, Advice.Defer);
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
        var hasName = view.Is("fcrdns", TestResult.Pass) && (view.Is("helo-ptr", TestResult.Pass) || view.Is("helo-rdns", TestResult.Pass));
        if (denials.Length > 0)
        {
            if (isProven)
                return (Legitimacy.Suspect, sum >= GenuineFrom && !isListed && !view.IsAuthorDoubted && !view.IsAuthorOpen ? Advice.Accept : Advice.Defer);
            // An honest forwarder looks just so: a server of good standing with somebody else's sender. Its message decides.
            if (denials is ["spf-mailfrom"] && hasName && !isListed && !isAccessLine && (!view.Is("dmarc", TestResult.Fail) || view.HasReason("dmarc", "unsure")))
                return (Legitimacy.Suspect, Advice.Defer);
            // So does a mailing list that changed the message and sealed it. Anybody can seal a tale of his own, so that a seal
            // which the operator does not trust gains time and no more.
            if (denials is ["dmarc"] && view.IsPlainPass("arc") && view.TiesSender("spf-mailfrom") && hasName && !isListed && !isAccessLine)
                return (Legitimacy.Suspect, Advice.Defer);
            return (Legitimacy.Forged, Advice.Reject);
        }

        if (isListed)
            return (Legitimacy.Suspect, !isProven && (listing <= HeavyListing || sum <= RejectAt) ? Advice.Reject : Advice.Defer);
        var isDoubted = !isProven && (view.Is("spf-mailfrom", TestResult.SoftFail) || isAccessLine);
        if (isDoubted || view.IsAuthorDoubted || sum < SuspectBelow)
            return (Legitimacy.Suspect, sum <= RejectAt && !isProven ? Advice.Reject : Advice.Defer);
        // Who sent it may be shown beyond doubt: the person reads the author's name.
        if (view.IsAuthorOpen)
            return (Legitimacy.Unproven, Advice.Defer);
        if (sum >= GenuineFrom && (isProven || hasName || view.IsPlainPass("spf-helo")))
            return (Legitimacy.Genuine, Advice.Accept);
        return (Legitimacy.Unproven, view.HasTrouble || sum < 0 ? Advice.Defer : Advice.Accept);
    }

    /// <summary>The tests by which somebody says that the client is not who it claims to be.</summary>
    private static string[] Denials(View view)
    {
        var denials = new List<string>();
        var isForwarded = view.IsPlainPass("dmarc") || view.IsSignedByAuthor || view.HasReason("arc", "trusted");
        if (view.Is("spf-mailfrom", TestResult.Fail) && !isForwarded)
            denials.Add("spf-mailfrom");
        if (view.HasReason("dmarc", "reject") && !view.HasReason("arc", "trusted"))
            denials.Add("dmarc");
        // A host that resolves to the client is its owner's, even where the owner's policy forgot it.
        if (view.Is("spf-helo", TestResult.Fail) && !view.Is("helo-rdns", TestResult.Pass) && !view.Is("helo-rdns", TestResult.TempError))
            denials.Add("spf-helo");
        if (view.Is("helo-syntax", TestResult.Fail) && (view.HasReason("helo-syntax", "own-name") || view.HasReason("helo-syntax", "foreign-address") || view.HasReason("helo-syntax", "localhost")))
            denials.Add("helo-syntax");
        return [.. denials];
    }

    /// <summary>
    /// SPF ties the envelope sender to the client. A signature of the sender's own domain does so only where that domain has
    /// not said that the client is foreign: a signed message can be sent again by anybody.
    /// </summary>
    private static bool MayBounce(View view, SenderFacts facts)
    {
        if (string.IsNullOrEmpty(facts.Sender))
            return false;
        return view.TiesSender("spf-mailfrom")
            || (view.TiesSender("dkim") && (view.Is("spf-mailfrom", TestResult.None) || view.Is("spf-mailfrom", TestResult.Neutral)));
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

        public bool IsSenderProven => TiesSender("spf-mailfrom") && !HasReason("dmarc", "reject") || IsPlainPass("dmarc") || IsSignedByAuthor || HasReason("arc", "trusted");

        /// <summary>The owner of the author's domain may ask for strict alignment; then DMARC decides what a signature shows.</summary>
        public bool IsSignedByAuthor => IsAligned("dkim") && !Is("dmarc", TestResult.Fail);

        /// <summary>The message claims an author whom nothing shows, against the wish of the domain's owner or against RFC 5322.</summary>
        public bool IsAuthorDoubted => !HasReason("arc", "trusted")
            && (HasReason("dmarc", "quarantine") || HasReason("dmarc", "list") || HasReason("dmarc", "unsure") || HasReason("dmarc", "several-authors") || HasReason("dmarc", "no-author"));

        /// <summary>Whether the author is who it seems could not be asked, or its owner only watches (p=none).</summary>
        public bool IsAuthorOpen => !HasReason("arc", "trusted") && ((Is("dmarc", TestResult.TempError) && !IsAligned("dmarc")) || HasReason("dmarc", "none"));

        public bool IsPlainTrouble(string test) => Find(test) is { Result: TestResult.TempError, Reason: null };

        public bool Is(string test, TestResult result) => Find(test)?.Result == result;

        public bool IsPlainPass(string test) => Find(test) is { Result: TestResult.Pass, Reason: null };

        public bool HasReason(string test, string reason) => string.Equals(Find(test)?.Reason, reason, StringComparison.Ordinal);

        public bool TiesSender(string test) => Find(test)?.TiesSender ?? false;

        public bool IsAligned(string test) => Find(test) is { Result: TestResult.Pass, IsAligned: true };

        private SenderFinding? Find(string test) => facts.Findings.FirstOrDefault(f => string.Equals(f.Test, test, StringComparison.Ordinal));
    }
}
