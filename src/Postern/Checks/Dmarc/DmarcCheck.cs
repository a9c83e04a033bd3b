using Postern.Checks.Dns;
using Postern.Facts;

namespace Postern.Checks.Dmarc;

/// <summary>What DMARC says of a message.</summary>
/// <param name="Result">Pass, fail, none, temperror or permerror.</param>
/// <param name="Policy">What the domain wants done with a failing message.</param>
/// <param name="Detail">Why, for the operator.</param>
internal sealed record DmarcOutcome(TestResult Result, DmarcPolicy Policy, string Detail);

/// <summary>Evaluates DMARC by the current standard (DMARCbis): tree walk, alignment, policy.</summary>
internal static class DmarcCheck
{
    /// <summary>Evaluates one message.</summary>
    /// <param name="author">The domain of the From header.</param>
    /// <param name="spfDomain">The domain for which SPF passed; null where it did not.</param>
    /// <param name="dkimDomains">The domains whose signatures passed.</param>
    /// <param name="hasTrouble">True where SPF or DKIM had DNS trouble, so that a missing pass means nothing.</param>
    /// <param name="dns">Whom to ask.</param>
    /// <param name="cancellationToken">The caller's own end.</param>
    public static async Task<DmarcOutcome> RunAsync(string author, string? spfDomain, IReadOnlyList<string> dkimDomains, bool hasTrouble, LookupLog dns, CancellationToken cancellationToken)
    {
        var shown = Show.Text(author);
        var walk = await DmarcTreeWalk.FromAsync(author, dns, cancellationToken);
        if (walk.Records.Count == 0)
        {
            return walk.Trouble is null
                ? new(TestResult.None, DmarcPolicy.None, $"{shown} has no DMARC policy")
                : new(TestResult.TempError, DmarcPolicy.None, $"the DMARC policy of {shown} could not be looked up: {walk.Trouble}");
        }

        var (owner, record) = Choose(walk);
        var isAuthor = DnsName.AreEqual(owner, walk.Start);
        var strictDomains = dkimDomains.Select(d => (Domain: d, IsStrict: record.IsDkimStrict, Way: "DKIM"));
        if (spfDomain is not null)
            strictDomains = strictDomains.Append((spfDomain, record.IsSpfStrict, "SPF"));
        var trouble = walk.Trouble;
        foreach (var (domain, isStrict, way) in strictDomains.OrderByDescending(d => DnsName.AreEqual(d.Domain, author)))
        {
            if (DnsName.AreEqual(domain, author))
                return new(TestResult.Pass, DmarcPolicy.None, $"{shown} is shown to be the author's domain by {way}");
            if (isStrict)
                continue;
            var other = await DmarcTreeWalk.FromAsync(domain, dns, cancellationToken);
            if (DnsName.AreEqual(other.Organisation, walk.Organisation))
                return new(TestResult.Pass, DmarcPolicy.None, $"{shown} is shown to be the author's domain by {way} of {Show.Text(domain)}");
            trouble ??= other.Trouble;
        }

        if (hasTrouble || trouble is not null)
            return new(TestResult.TempError, DmarcPolicy.None, $"whether {shown} is the author's domain could not be looked up");
        var policy = isAuthor ? record.Policy : await ExistsAsync(walk.Start, dns, cancellationToken) ? record.SubdomainPolicy : record.MissingPolicy;
        if (record.IsTest && policy != DmarcPolicy.None)
            policy--;
        return new(TestResult.Fail, policy, $"neither SPF nor DKIM shows that the message comes from {shown}, whose policy is {policy.ToString().ToLowerInvariant()}");
    }

    /// <summary>The record of the domain itself, else of its organisation, else of the public suffix above (4.10.1).</summary>
    private static (string Domain, DmarcRecord Record) Choose(DmarcTreeWalk walk)
    {
        foreach (var found in walk.Records)
        {
            if (DnsName.AreEqual(found.Domain, walk.Start))
                return found;
        }

        foreach (var found in walk.Records)
        {
            if (DnsName.AreEqual(found.Domain, walk.Organisation))
                return found;
        }

        return walk.Records[^1];
    }

    /// <summary>A name exists unless the DNS says NXDOMAIN (4.10.1 with the definition of a non-existent domain).</summary>
    private static async Task<bool> ExistsAsync(string domain, LookupLog dns, CancellationToken cancellationToken) =>
        (await dns.QueryAsync(new(domain, DnsType.A), cancellationToken)).Status != DnsStatus.NxDomain;
}
