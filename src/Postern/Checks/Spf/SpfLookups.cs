using Postern.Checks.Dns;

namespace Postern.Checks.Spf;

/// <summary>The questions of one check, and the count of them (RFC 7208, 4.6.4).</summary>
internal sealed class SpfLookups(IResolver resolver, SpfOptions options, SpfIdentity identity, CancellationToken cancellationToken)
{
    // A name that no query can carry is as good as not there, but costs the DNS nothing (RFC 7208, 4.8).
    private static readonly DnsAnswer s_unaskable = DnsAnswer.Without(DnsStatus.NxDomain, "the name cannot be asked");
    private readonly List<string> _asked = [];
    private int _terms;
    private int _voids;
    private IReadOnlyList<string>? _names;
    private bool _nameless;

    /// <summary>What was asked, in order.</summary>
    public IReadOnlyList<string> Asked => _asked;

    /// <summary>The type of address that the client's family goes by.</summary>
    public DnsType AddressType => identity.Client.IsIPv4 ? DnsType.A : DnsType.Aaaa;

    /// <summary>Counts a term that asks the DNS; false where it is one too many.</summary>
    public bool CountTerm() => ++_terms <= options.LookupLimit;

    /// <summary>Counts an answer if it is void; false where it is one too many.</summary>
    public bool CountVoid(DnsAnswer answer) =>
        !answer.IsVoid || ReferenceEquals(answer, s_unaskable) || ++_voids <= options.VoidLookupLimit;

    /// <summary>Counts the client's lack of PTR names, for the mechanism that asked for them.</summary>
    public bool CountNameless() => !_nameless || ++_voids <= options.VoidLookupLimit;

    /// <summary>Asks.</summary>
    public ValueTask<DnsAnswer> AskAsync(string name, DnsType type)
    {
        if (!SpfNames.IsAskable(name))
        {
            return new(s_unaskable);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var question = new DnsQuestion(name, type);
        _asked.Add(question.ToString());
        return resolver.QueryAsync(question, cancellationToken);
    }

    /// <summary>True where a name of the client below the domain leads back to it (RFC 7208, 5.5).</summary>
    public async ValueTask<bool> HasNameWithinAsync(string domain)
    {
        foreach (var name in await NamesAsync())
        {
            if (SpfNames.IsWithin(name, domain) && await LeadsBackAsync(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The client's validated name: the domain itself where it is one, else one below it, else any; null for none
    /// (RFC 7208, 7.3).</summary>
    public async ValueTask<string?> NameAsync(string domain)
    {
        var names = await NamesAsync();
        for (var rank = 0; rank < 3; rank++)
        {
            foreach (var name in names)
            {
                var own = !SpfNames.IsWithin(name, domain) ? 2 : name.Length == domain.Length ? 0 : 1;
                if (own == rank && await LeadsBackAsync(name))
                {
                    return name;
                }
            }
        }

        return null;
    }

    private async ValueTask<IReadOnlyList<string>> NamesAsync()
    {
        if (_names is null)
        {
            var answer = await AskAsync(identity.ReverseName, DnsType.Ptr);
            _nameless = answer.IsVoid;
            _names = answer.Names.Count <= options.NameLimit ? answer.Names : [.. answer.Names.Take(options.NameLimit)];
        }

        return _names;
    }

    private async ValueTask<bool> LeadsBackAsync(string name)
    {
        var answer = await AskAsync(name, AddressType);
        foreach (var address in answer.Addresses)
        {
            if (address == identity.Client)
            {
                return true;
            }
        }

        return false;
    }
}
