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
}

/// <summary>Evaluates DMARC by the current standard (DMARCbis): tree walk, alignment, policy.</summary>
internal static class DmarcCheck
{
    /// <summary>Evaluates one author.</summary>
    /// <param name="author">The domain of the From header.</param>
    /// <param name="shown">What SPF and DKIM show of the message.</param>
    /// <param name="dns">Whom to ask.</param>
    /// <param name="cancellationToken">The caller's own end.</param>
    public static async Task<DmarcOutcome> RunAsync(string author, ShownDomains shown, LookupLog dns, CancellationToken cancellationToken)
    {
        var name = Show.Text(author);
        var walk = await DmarcTreeWalk.FromAsync(author, dns, cancellationToken);
        // Whatever its policy: the author's own domain needs no other to speak for it.
        var exact = shown.Spf is { } spf && DnsName.AreEqual(spf, author) ? "SPF" : shown.Dkim.Any(d => DnsName.AreEqual(d, author)) ? "DKIM" : null;
        if (walk.Records.Count == 0)
        {
            return walk.Trouble is null
                ? new(TestResult.None, DmarcPolicy.None, $"{name} has no DMARC policy")
                : new(TestResult.TempError, DmarcPolicy.None, $"the DMARC policy of {name} could not be looked up: {walk.Trouble}", IsShown: exact is not null);
        }

        if (exact is not null)
            return new(TestResult.Pass, DmarcPolicy.None, $"{name} is shown to be the author's domain by {exact}", IsShown: true);
        var (owner, record) = Choose(walk);
        var policy = record.Policy;
        if (!DnsName.AreEqual(owner, walk.Start))
            policy = await ExistsAsync(walk.Start, dns, cancellationToken) ? record.SubdomainPolicy : record.MissingPolicy;
        if (record.IsTest && policy != DmarcPolicy.None)
            policy--;

        // Only what lies within the author's organisation can be of the same owner: trouble elsewhere may be the forger's own.
        var trouble = walk.Trouble;
        foreach (var (domain, way) in shown.Relaxed(record).Where(d => DnsName.IsWithin(d.Domain, walk.Organisation)))
        {
            var other = await DmarcTreeWalk.FromAsync(domain, dns, cancellationToken);
            if (DnsName.AreEqual(other.Organisation, walk.Organisation))
                return new(TestResult.Pass, DmarcPolicy.None, $"{name} is shown to be the author's domain by {way} of {Show.Text(domain)}", IsShown: true);
            trouble ??= other.Trouble;
        }

        if (trouble is not null || shown.Troubled.Any(d => DnsName.IsWithin(d, walk.Organisation)))
            return new(TestResult.TempError, policy, $"whether {name} is the author's domain could not be looked up");
        return new(TestResult.Fail, policy, $"neither SPF nor DKIM shows that the message comes from {name}, whose policy is {policy.ToString().ToLowerInvariant()}")
        {
            IsUnsure = shown.Doubtful.Any(d => DnsName.IsWithin(d, walk.Organisation)),
        };
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
