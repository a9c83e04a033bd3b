using Postern.Checks.Dns;

namespace Postern.Checks.Dmarc;

/// <summary>Tells whether two names belong to one owner where no DMARC policy says so: they share a registered domain.</summary>
internal static class DomainOwner
{
    /// <summary>True for one and the same name, or two of one registered domain. Nobody owns a public suffix.</summary>
    public static bool IsOne(PublicSuffixes suffixes, string? a, string? b) =>
        a is not null && b is not null
        && (DnsName.AreEqual(a, b) || (suffixes.RegisteredDomain(a) is { } owner && string.Equals(owner, suffixes.RegisteredDomain(b), StringComparison.OrdinalIgnoreCase)));
}
