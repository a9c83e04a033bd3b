using Postern.Facts;

namespace Postern.Classification.Relaying;

/// <summary>What of one client's mail went on to other servers.</summary>
/// <param name="clientName">The client's confirmed PTR name; null where it has none.</param>
internal sealed class RelayedMail(string? clientName)
{
    private const int MostDomains = 64;
    private readonly Dictionary<string, int> _recipients = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _senders = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _nextHops = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The client's confirmed PTR name; null where it has none.</summary>
    public string? ClientName => clientName;

    /// <summary>How many recipients each domain had; bounded.</summary>
    public IReadOnlyDictionary<string, int> Recipients => _recipients;

    /// <summary>The senders' domains; bounded.</summary>
    public IReadOnlyCollection<string> Senders => _senders;

    /// <summary>To whose server the mail for each domain went.</summary>
    public IReadOnlyDictionary<string, string> NextHops => _nextHops;

    /// <summary>When the first of it was delivered.</summary>
    public LogTime First { get; private set; }

    /// <summary>When the last of it was delivered.</summary>
    public LogTime Last { get; private set; }

    /// <summary>Notes a recipient.</summary>
    public void Add(string domain, string sender, string nextHop, LogTime time)
    {
        First = First.IsKnown ? First : time;
        Last = time;
        if (_recipients.Count < MostDomains || _recipients.ContainsKey(domain))
        {
            _recipients[domain] = _recipients.GetValueOrDefault(domain) + 1;
            _nextHops.TryAdd(domain, nextHop);
        }

        if (_senders.Count < MostDomains)
        {
            _senders.Add(sender);
        }
    }
}
