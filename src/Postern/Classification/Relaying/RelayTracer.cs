using System.Text;
using Postern.Classification.Texts;
using Postern.Facts;

namespace Postern.Classification.Relaying;

/// <summary>A client that sends to others through this server without a login.</summary>
/// <param name="Client">Who.</param>
/// <param name="Domains">The recipients' domains, most recipients first.</param>
/// <param name="Mail">What it sent.</param>
internal sealed record ForeignRelay(ClientAddress Client, IReadOnlyList<string> Domains, RelayedMail Mail)
{
    /// <summary>
    /// True where it has no name, or a customer line's that is none of the senders': any other may be a server that this one sends for,
    /// such as a hoster's.
    /// </summary>
    /// <param name="isGenericName">True for a PTR name that a provider gives to its customers.</param>
    public bool IsStranger(Func<string, ClientAddress, bool> isGenericName) => Mail.ClientName is not { } name
        || (isGenericName(name, Client) && !Mail.Senders.Any(sender => name.EndsWith(sender, StringComparison.OrdinalIgnoreCase)));
}

/// <summary>
/// Follows the mail of clients that do not log in: smtpd's <c>client=</c>, qmgr's <c>from=</c>, and how smtp(8) or local, virtual,
/// lmtp and pipe delivered it. What goes on to other servers by an alias, by the relay service (relay_domains), to an address of a private network
/// or to a domain that is delivered here, too, is no relaying. Which clients are in mynetworks no log tells: see <see cref="Find"/>.
/// </summary>
/// <param name="texts">Makes strings of what is kept.</param>
internal sealed class RelayTracer(TextPool texts)
{
    private const int ManyRecipients = 5;
    private const int ManyDomains = 2;
    private const int ServedClients = 3;
    private const int MostClients = 20_000;
    private const int MostDomains = 100_000;
    private const int LongestDomain = 255;

    private readonly MessageTable _messages = new();
    private readonly Dictionary<ClientAddress, RelayedMail> _clients = [];
    private readonly HashSet<string> _own = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _userSenders = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<ClientNetwork>> _senders = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<ClientNetwork> _userNetworks = [];

    /// <summary>Takes an event of a log.</summary>
    /// <returns>True where it says nothing of a client's session.</returns>
    public bool Take(in SmtpEvent e)
    {
        switch (e.Kind)
        {
            case SmtpEventKind.Authenticated:
                _messages.Open(e.QueueId, e.Client, isUsers: true, default, isNamed: false);
                if (_userNetworks.Count < MostClients)
                {
                    _userNetworks.Add(GuessingLimits.NetworkOf(e.Client));
                }

                return false;
            case SmtpEventKind.QueueFile when e.Client.IsKnown:
                _messages.Open(
                    e.QueueId, e.Client, PrivateNetworks.Contains(e.Client), e.HostName.Span, !e.HostName.Span.SequenceEqual("unknown"u8));
                return false;
            case SmtpEventKind.Queued:
                NoteSender(e);
                return true;
            case SmtpEventKind.DeliveredHere:
                if (_own.Count < MostDomains)
                {
                    Own(e.Text.Span);
                }

                return true;
            case SmtpEventKind.DeliveredTo:
                NoteRecipient(e);
                return true;
            default:
                return false;
        }
    }

    /// <summary>
    /// The clients that relay foreign mail to several foreign domains. In mynetworks of a company's server its own senders are; whoever
    /// logs in, too, is no stranger.
    /// </summary>
    public IEnumerable<ForeignRelay> Find()
    {
        foreach (var (client, mail) in _clients)
        {
            if (_userNetworks.Contains(GuessingLimits.NetworkOf(client)) || mail.Senders.Any(sender => _own.Contains(sender) || _userSenders.Contains(sender)))
            {
                continue;
            }

            var foreign = mail.Recipients.Where(pair => !_own.Contains(pair.Key) && !IsServed(pair.Key)).OrderByDescending(static pair => pair.Value).ToList();
            if (foreign.Sum(static pair => pair.Value) >= ManyRecipients && foreign.Count >= ManyDomains
                && foreign.Select(pair => mail.NextHops[pair.Key]).Distinct(StringComparer.OrdinalIgnoreCase).Count() >= ManyDomains)
            {
                yield return new ForeignRelay(client, [.. foreign.Select(static pair => pair.Key)], mail);
            }
        }
    }

    /// <summary>Forgets the clients whose last mail went out earlier.</summary>
    public void Forget(LogTime before)
    {
        foreach (var (client, mail) in _clients)
        {
            if (mail.Last < before)
            {
                _clients.Remove(client);
            }
        }
    }

    // Many unrelated clients bring mail for a domain of which this server is an MX; a relay's victims are many, and each of few.
    private bool IsServed(string domain) => _senders.TryGetValue(domain, out var networks) && networks.Count >= ServedClients;

    private void NoteSender(in SmtpEvent e)
    {
        var place = _messages.Find(e.QueueId);
        if (place < 0 || e.Text.IsEmpty)
        {
            return;
        }

        var domain = e.Text.Span[..Math.Min(e.Text.Length, LongestDomain)];
        if (!_messages.IsUsers(place))
        {
            _messages.NoteSender(place, domain);
        }
        else if (_userSenders.Count < MostDomains)
        {
            AddTo(_userSenders, domain);
        }
    }

    private void NoteRecipient(in SmtpEvent e)
    {
        var isPrivate = (e.Number & SmtpEvent.NextHopPrivate) != 0;
        if (isPrivate && (e.Number & SmtpEvent.NextHopLoopback) == 0)
        {
            // A server of one's own behind this one; a content filter on this machine gets everybody's mail.
            Own(e.Text.Span);
        }

        // A bounce or a reply has no sender.
        if (isPrivate || (e.Number & (SmtpEvent.ByAlias | SmtpEvent.ByRelayService)) != 0
            || _messages.Find(e.QueueId) is not (>= 0 and var place) || _messages.IsUsers(place) || _messages.Sender(place, texts) is not { } sender)
        {
            return;
        }

        var (domain, client) = (texts.Get(e.Text.Span[..Math.Min(e.Text.Length, LongestDomain)]), _messages.Client(place));
        NoteClient(domain, client);
        if (!_clients.TryGetValue(client, out var mail))
        {
            if (_clients.Count >= MostClients)
            {
                return;
            }

            _clients[client] = mail = new RelayedMail(_messages.Name(place, texts));
        }

        mail.Add(domain, sender, Site(e.HostName.Span), e.Time);
    }

    private void NoteClient(string domain, ClientAddress client)
    {
        if (!_senders.TryGetValue(domain, out var networks))
        {
            if (_senders.Count >= MostDomains)
            {
                return;
            }

            _senders[domain] = networks = [];
        }

        var network = ClientNetwork.Of(client, client.IsIPv4 ? 16 : 32);
        if (networks.Count < ServedClients && !networks.Contains(network))
        {
            networks.Add(network);
        }
    }

    private void Own(ReadOnlySpan<byte> domain)
    {
        if (domain.Length <= LongestDomain + 1)
        {
            AddTo(_own, domain);
        }
    }

    // Makes a string only of a domain that is new.
    private static void AddTo(HashSet<string> domains, ReadOnlySpan<byte> domain)
    {
        Span<char> text = stackalloc char[LongestDomain + 1];
        var length = Encoding.Latin1.GetChars(domain, text);
        domains.GetAlternateLookup<ReadOnlySpan<char>>().Add(text[..length]);
    }

    // "gmail-smtp-in.l.google.com": the last two labels tell whose it is, well enough to tell one from another.
    private string Site(ReadOnlySpan<byte> host)
    {
        var last = host.LastIndexOf((byte)'.');
        var before = last <= 0 ? -1 : host[..last].LastIndexOf((byte)'.');
        return texts.Get(host[(before + 1)..]);
    }
}
