using Postern.Checks.Dns;
using Postern.Checks.ReverseDns;
using Postern.Checks.Spf;
using Postern.Facts;

namespace Postern.Checks.Sender;

/// <summary>
/// The tests <c>spf-helo</c>, <c>spf-ptr</c> and <c>spf-mailfrom</c>. A HELO or PTR name without a policy is judged by that of
/// its parent domains, up to the registered one: few hosts have a policy of their own, and this is what stops a bot that
/// claims a host of a large organisation.
/// </summary>
internal sealed class SpfCheck(SpfEvaluator evaluator, PublicSuffixes suffixes, IResolver resolver)
{
    private const int MaxParents = 5;
    private const int MaxPointerNames = 3;

    /// <summary>Judges the HELO name.</summary>
    public async Task<SenderFinding> HeloAsync(SenderQuestion question, CancellationToken deadline, CancellationToken stopping)
    {
        if (question.Helo is not { } helo || !DnsName.IsFullyQualified(helo))
        {
            return Skipped("spf-helo", question.Helo is null ? "no HELO name was given" : "the HELO name is no domain name");
        }

        return await ClimbAsync("spf-helo", helo, question, deadline, stopping);
    }

    /// <summary>Judges the PTR name: the best of those that resolve back, or of all where none does.</summary>
    public async Task<SenderFinding> PointerAsync(SenderQuestion question, ReverseNames names, CancellationToken deadline, CancellationToken stopping)
    {
        if (names.Pointer.IsTrouble)
        {
            return Skipped("spf-ptr", "the PTR name could not be looked up") with { Result = TestResult.TempError };
        }

        var candidates = names.Names.OrderByDescending(n => n.IsConfirmed).Select(n => n.Name).Where(n => DnsName.IsFullyQualified(n)).Take(MaxPointerNames).ToArray();
        if (candidates.Length == 0)
        {
            return Skipped("spf-ptr", "no PTR name to judge");
        }

        var findings = await Task.WhenAll(candidates.Select(name => ClimbAsync("spf-ptr", name, question, deadline, stopping)));
        return findings.FirstOrDefault(f => f.Result == TestResult.Pass) ?? findings[0];
    }

    /// <summary>Judges the domain of MAIL FROM; for the empty sender, the HELO name (RFC 7208, 2.4).</summary>
    public async Task<SenderFinding> MailFromAsync(SenderQuestion question, LookupRecorder dns, CancellationToken deadline, CancellationToken stopping)
    {
        if (question.Sender is not { } sender)
        {
            return Skipped("spf-mailfrom", "no sender was given");
        }

        var isBounce = sender.Length == 0;
        var domain = isBounce ? question.Helo : DnsName.DomainOf(sender);
        if (domain is null || (isBounce && !DnsName.IsFullyQualified(domain)))
        {
            return Skipped("spf-mailfrom", isBounce ? "the sender is empty and no HELO name stands for it" : "the sender has no domain");
        }

        var outcome = await evaluator.EvaluateAsync(question.Address, domain, isBounce ? "postmaster@" + domain : sender, question.Helo ?? domain, deadline, stopping);
        var finding = ToFinding("spf-mailfrom", outcome, domain, isParent: false);
        finding = finding with { TiesSender = finding is { Result: TestResult.Pass, Reason: null } && !isBounce };
        return isBounce ? finding : await WithReceiverAsync(finding, domain, dns, stopping);
    }

    /// <summary>Adds that nobody can answer a sender: its domain does not exist, is a single label, or takes no mail (RFC 7505, 4.2).</summary>
    private static async Task<SenderFinding> WithReceiverAsync(SenderFinding finding, string domain, LookupRecorder dns, CancellationToken stopping)
    {
        if (domain.StartsWith('[') || finding.Result is TestResult.Fail or TestResult.TempError)
        {
            return finding;
        }

        var (reason, why) = domain.Contains('.', StringComparison.Ordinal)
            ? await dns.QueryAsync(new(domain, DnsType.Mx), stopping) switch
            {
                { Status: DnsStatus.NxDomain } => ("no-such-domain", "does not exist"),
                { Exchangers: [{ Name: "" or "." }] } => ("null-mx", "takes no mail (null MX)"),
                { IsTrouble: true } => ("", ""),
                _ => (null, ""),
            }
            : ("single-label", "is no domain name");
        if (reason is "")
        {
            return finding with { IsReceiverOpen = true };
        }

        return reason is null ? finding
            : finding with { Reason = finding.Reason ?? reason, CannotReceive = true, Detail = $"{finding.Detail}; {Show.Text(domain)} {why}, so that nobody could answer the sender" };
    }

    private async Task<SenderFinding> ClimbAsync(string test, string name, SenderQuestion question, CancellationToken deadline, CancellationToken stopping)
    {
        var top = suffixes.RegisteredDomain(name);
        var lookups = new List<string>();
        var current = name.TrimEnd('.');
        AskAhead(current, top);
        for (var parents = 0; ; parents++)
        {
            var outcome = await evaluator.EvaluateAsync(question.Address, current, "postmaster@" + current, question.Helo ?? name, deadline, stopping);
            lookups.AddRange(outcome.Lookups);
            if (outcome.Result != SpfResult.None || top is null || DnsName.AreEqual(current, top))
            {
                return ToFinding(test, outcome, current, parents > 0) with { Lookups = lookups };
            }

            current = Parent(current, top, parents);
        }
    }

    // The parents' policies are asked for with the name's own: most names have none.
    private void AskAhead(string name, string? top)
    {
        if (resolver is not CachingResolver || top is null)
        {
            return;
        }

        for (var parents = 0; !DnsName.AreEqual(name, top); parents++)
        {
            name = Parent(name, top, parents);
            if (DnsName.IsAskable(name))
            {
                _ = resolver.QueryAsync(new(name, DnsType.Txt), CancellationToken.None).AsTask();
            }
        }
    }

    // A long name is not climbed step by step: its owner decides its length, not its work.
    private static string Parent(string name, string top, int parents) =>
        parents >= MaxParents ? top : name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];

    private static SenderFinding ToFinding(string test, SpfOutcome outcome, string domain, bool isParent)
    {
        var result = outcome.Result switch
        {
            SpfResult.Pass => TestResult.Pass,
            SpfResult.Fail => TestResult.Fail,
            SpfResult.SoftFail => TestResult.SoftFail,
            SpfResult.Neutral => TestResult.Neutral,
            SpfResult.TempError => TestResult.TempError,
            SpfResult.PermError => TestResult.PermError,
            _ => TestResult.None,
        };
        // A policy that lets everybody pass says nothing of this client.
        var isOpen = result == TestResult.Pass && outcome.IsOpen;
        var shown = Show.Text(domain);
        var by = outcome.Mechanism is null ? "" : $" ({Show.Text(outcome.Mechanism)})";
        var detail = result switch
        {
            TestResult.Pass when isOpen => $"{shown} lets everybody, or a large part of the Internet, send for it{by}, which shows nothing",
            TestResult.Pass => $"{shown} says that the client may send for it{by}",
            TestResult.Fail => $"{shown} says that the client may not send for it{by}{(outcome.Explanation is null ? "" : "; it says: " + Show.Text(outcome.Explanation))}",
            TestResult.SoftFail => $"{shown} says that the client probably may not send for it{by}",
            TestResult.Neutral => $"{shown} makes no statement on the client",
            TestResult.None => $"{shown} has no SPF policy",
            _ => $"the SPF policy of {shown} could not be used: {outcome.Problem}",
        };
        return new()
        {
            Test = test,
            Result = result,
            Reason = isOpen ? "open" : isParent && result is TestResult.Pass or TestResult.Fail or TestResult.SoftFail && isParent ? "parent" : null,
            Detail = detail,
            Lookups = outcome.Lookups,
        };
    }

    private static SenderFinding Skipped(string test, string detail) => new() { Test = test, Result = TestResult.Skipped, Detail = detail };
}
