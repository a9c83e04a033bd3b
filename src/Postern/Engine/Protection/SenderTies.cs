using Postern.Checks.Dns;
using Postern.Checks.ReverseDns;
using Postern.Decisions.Protection;
using Postern.Facts;

namespace Postern.Engine.Protection;

/// <summary>Says which names are a client's own: by the log, which knows confirmed PTR names, and by what the DNS said.</summary>
/// <param name="correspondents">Whom own users write to.</param>
internal sealed class SenderTies(Correspondents correspondents)
{
    private readonly Lazy<PublicSuffixes> _suffixes = new(() => PublicSuffixes.Load());

    /// <summary>True where a client's PTR name is confirmed and chosen and its HELO name goes with it, by the log or by what the DNS said.</summary>
    public bool HasNames(ClientAddress client, string? hostName, string? helo, SenderVerdict? verdict)
    {
        if (hostName is { Length: > 0 } && helo is { Length: > 0 } && GenericName.Judge(hostName, client, _suffixes.Value).Kind is GenericNameKind.Chosen or GenericNameKind.Pool)
        {
            var domain = _suffixes.Value.RegisteredDomain(hostName.ToLowerInvariant());
            return domain is not null && string.Equals(domain, _suffixes.Value.RegisteredDomain(helo.ToLowerInvariant()), StringComparison.Ordinal);
        }

        return verdict is not null && Passes(verdict, "fcrdns") && Passes(verdict, "generic-ptr") && (Passes(verdict, "helo-ptr") || Passes(verdict, "helo-rdns"));
    }

    /// <summary>An envelope sender whose domain own users wrote to: SPF is asked for it; else null.</summary>
    public string? Sender(string? sender) =>
        sender is not null && correspondents.Count > 0 && correspondents.DomainOf(sender[(sender.LastIndexOf('@') + 1)..]) is not null ? sender : null;

    /// <summary>The domain that own users wrote to and that SPF or confirmed reverse DNS ties the client to; null where there is none.</summary>
    /// <param name="asked">The client with its names.</param>
    /// <param name="verdict">What the DNS said; null where it was not asked, or did not answer.</param>
    public string? DomainOf(SenderInquiry asked, SenderVerdict? verdict)
    {
        if (correspondents.Count == 0)
        {
            return null;
        }

        // The names of an access provider's lines lie in its domain, and whoever uses a line is not the provider.
        if (asked.HostName is { Length: > 0 } name && GenericName.Judge(name, asked.Client, _suffixes.Value).Kind is GenericNameKind.Chosen or GenericNameKind.Pool
            && correspondents.DomainOf(name) is { } byName)
        {
            return byName;
        }

        return verdict is null ? null
            : asked.Helo is { Length: > 0 } helo && Ties(verdict, "spf-helo") && correspondents.DomainOf(helo) is { } byHelo ? byHelo
            : asked.Sender is { } sender && Ties(verdict, "spf-mailfrom") ? correspondents.DomainOf(sender[(sender.LastIndexOf('@') + 1)..])
            : null;
    }

    /// <summary>True where SPF may tie the client to a domain that own users wrote to.</summary>
    public bool MayTie(SenderInquiry asked) => asked.Sender is not null || (correspondents.Count > 0 && asked.Helo is { Length: > 0 } helo && correspondents.DomainOf(helo) is not null);

    // A record that lets everybody send is worth no points, and ties nobody.
    private static bool Ties(SenderVerdict verdict, string test) =>
        verdict.Tests.Any(one => string.Equals(one.Name, test, StringComparison.Ordinal) && one is { Result: TestResult.Pass, Points: > 0 });

    private static bool Passes(SenderVerdict verdict, string test) =>
        verdict.Tests.Any(one => string.Equals(one.Name, test, StringComparison.Ordinal) && one.Result == TestResult.Pass);
}
