using Postern.Checks.Dns;
using Postern.Facts;

namespace Postern.Checks.Dmarc;

/// <summary>What DMARC says of a message.</summary>
/// <param name="Result">Pass, fail, none, temperror or permerror.</param>
/// <param name="Policy">What the domain wants done with a failing message.</param>
/// <param name="Detail">Why, for the operator.</param>
/// <param name="IsShown">True where the author's domain is shown, whatever its policy.</param>
internal sealed record DmarcOutcome(TestResult Result, DmarcPolicy Policy, string Detail, bool IsShown = false)
{
    /// <summary>True for a failure beside a signature of the author's domain that counts in part only, or was not tried.</summary>
    public bool IsUnsure { get; init; }

    /// <summary>True where the author's domain does not exist, so that nobody can have written from it.</summary>
    public bool IsMissing { get; init; }

    /// <summary>True where the author's domain wants a policy, but publishes none that can be used.</summary>
    public bool IsMisread { get; init; }
}

/// <summary>Evaluates DMARC by the current standard (DMARCbis): tree walk, alignment, policy.</summary>
internal sealed class DmarcCheck(PublicSuffixes suffixes)
{
    /// <summary>Evaluates one author.</summary>
    /// <param name="author">The domain of the From header.</param>
    /// <param name="shown">What SPF and DKIM show of the message.</param>
    /// <param name="dns">Whom to ask.</param>
    /// <param name="cancellationToken">The caller's own end.</param>
    public async Task<DmarcOutcome> RunAsync(string author, ShownDomains shown, LookupRecorder dns, CancellationToken cancellationToken)
    {
        var name = Show.Text(author);
        var walk = await DmarcTreeWalk.FromAsync(author, dns, cancellationToken);
        // Whatever its policy: the author's own domain needs no other to speak for it.
        var exact = shown.Spf is { } spf && DnsName.AreEqual(spf, author) ? "SPF" : shown.Dkim.Any(d => DnsName.AreEqual(d, author)) ? "DKIM" : null;
        if (walk.Records.Count == 0)
        {
            return await WithoutPolicyAsync(name, walk, shown, exact is not null, dns, cancellationToken);
        }

        if (exact is not null)
        {
            return new(TestResult.Pass, DmarcPolicy.None, $"{name} is shown to be the author's domain by {exact}", IsShown: true);
        }

        var (owner, record) = Choose(walk);
        var (policy, isMissing, trouble) = (record.Policy, false, walk.Trouble);
        if (!DnsName.AreEqual(owner, walk.Start))
        {
            var existence = await dns.QueryAsync(new(walk.Start, DnsType.A), cancellationToken);
            isMissing = existence.Status == DnsStatus.NxDomain;
            policy = isMissing ? record.MissingPolicy : record.SubdomainPolicy;
            if (existence.IsTrouble && record.MissingPolicy > policy)
            {
                trouble ??= existence.Problem;
            }
        }

        if (record.IsTest && policy != DmarcPolicy.None)
        {
            policy--;
        }

        // Only what lies within the author's organisation can be of the same owner: trouble elsewhere may be the forger's own.
        var organisation = Organisation(walk);
        foreach (var (domain, way) in shown.Relaxed(record).Where(d => DnsName.IsWithin(d.Domain, organisation)))
        {
            var other = await DmarcTreeWalk.FromAsync(domain, dns, cancellationToken);
            if (DnsName.AreEqual(Organisation(other), organisation))
            {
                return new(TestResult.Pass, DmarcPolicy.None, $"{name} is shown to be the author's domain by {way} of {Show.Text(domain)}", IsShown: true);
            }

            trouble ??= other.Trouble;
        }

        if (trouble is not null || shown.Troubled.Any(d => DnsName.IsWithin(d, organisation)))
        {
            return new(TestResult.TempError, policy, $"whether {name} is the author's domain could not be looked up");
        }

        return new(TestResult.Fail, policy, $"neither SPF nor DKIM shows that the message comes from {name}, whose policy is {policy.ToString().ToLowerInvariant()}")
        {
            IsUnsure = shown.Doubtful.Any(d => DnsName.IsWithin(d, organisation)),
            IsMissing = isMissing,
        };
    }

    /// <summary>No policy says who may speak for the author: a domain of the same registered owner does.</summary>
    private async Task<DmarcOutcome> WithoutPolicyAsync(string name, DmarcTreeWalk walk, ShownDomains shown, bool isExact, LookupRecorder dns, CancellationToken cancellationToken)
    {
        if (walk.Trouble is not null)
        {
            return new(TestResult.TempError, DmarcPolicy.None, $"the DMARC policy of {name} could not be looked up: {walk.Trouble}", isExact);
        }

        var isShown = isExact || shown.Dkim.Append(shown.Spf).Any(d => DomainOwner.IsOne(suffixes, d, walk.Start));
        var isMissing = !isShown && (await dns.QueryAsync(new(walk.Start, DnsType.A), cancellationToken)).Status == DnsStatus.NxDomain;
        var detail = isMissing ? $"the author's domain {name} does not exist"
            : walk.IsMisread ? $"{name} publishes no DMARC policy that can be used"
            : $"{name} has no DMARC policy";
        return new(TestResult.None, DmarcPolicy.None, detail, isShown) { IsMissing = isMissing, IsMisread = walk.IsMisread };
    }

    /// <summary>
    /// Where a registry publishes a record without saying that it is one (psd=y), the walk would take all its customers for one
    /// organisation; the list of public suffixes knows better.
    /// </summary>
    private string Organisation(DmarcTreeWalk walk) =>
        !DnsName.AreEqual(walk.Organisation, walk.Start) && suffixes.IsPublicSuffix(walk.Organisation)
            ? suffixes.RegisteredDomain(walk.Start) ?? walk.Start
            : walk.Organisation;

    /// <summary>The record of the domain itself, else of its organisation, else of the public suffix above (4.10.1).</summary>
    private static (string Domain, DmarcRecord Record) Choose(DmarcTreeWalk walk)
    {
        foreach (var found in walk.Records)
        {
            if (DnsName.AreEqual(found.Domain, walk.Start))
            {
                return found;
            }
        }

        foreach (var found in walk.Records)
        {
            if (DnsName.AreEqual(found.Domain, walk.Organisation))
            {
                return found;
            }
        }

        return walk.Records[^1];
    }
}
