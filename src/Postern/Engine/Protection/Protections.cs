using Postern.Decisions.Protection;
using Postern.Facts;

namespace Postern.Engine.Protection;

/// <summary>What is known of those who must not be banned: lists, history, and what the DNS said of them.</summary>
internal sealed class Protections
{
    private const int MostVerdicts = 50_000;
    private const int DaysKept = 40;
    private static readonly TimeSpan s_quiet = TimeSpan.FromMinutes(10);

    private readonly Dictionary<ClientAddress, (SenderVerdict? Verdict, DateTimeOffset Until)> _verdicts = [];
    private readonly Dictionary<(ClientAddress, string), SuppressedBan> _suppressed = [];

    /// <summary>Whom no jail may ban, whatever it does.</summary>
    public ProtectedNetworks Networks { get; set; } = new();

    /// <summary>Addresses of this host that its logs show, besides those of its interfaces.</summary>
    public IReadOnlyCollection<ClientAddress> ShownOwn { get; set; } = [];

    /// <summary>True for an address of this host: of an interface, of the loopback network, or one that its logs show as its own.</summary>
    public bool IsOwn(ClientAddress client) => Networks.Own.Contains(client) || ShownOwn.Contains(client) || PrivateNetworks.IsLoopback(client);

    /// <summary>Who delivered, was hostile and logged in on which days.</summary>
    public SenderDays Senders { get; } = new();

    /// <summary>Clients that logged in to an account that others than its owner use, by the last time; of IPv6 the /64.</summary>
    public Dictionary<ClientAddress, DateTimeOffset> Stolen { get; } = [];

    /// <summary>Clients that another host spares, by their host's address.</summary>
    public Dictionary<ClientAddress, ForeignVeto> Vetoes { get; } = [];

    /// <summary>True where a client is known to have logged in on an earlier day.</summary>
    public bool LoggedInBefore(ClientAddress client, LogTime time) =>
        time.IsKnown && Senders.Of(client, Day(time.ToDateTimeOffset()), ProtectionRules.HistoryDays, Day(time.ToDateTimeOffset()).AddDays(-1)).FirstLogin is { } first
        && first < Day(time.ToDateTimeOffset());

    /// <summary>How many sessions of a client with a login are remembered, and whether mail of it was accepted of late.</summary>
    public (int Logins, bool HasDelivered) PastOf(ClientAddress client, DateTimeOffset now)
    {
        var history = Senders.Of(client, Day(now), ProtectionRules.LoginDays, Day(now));
        return (history.Logins, history.LastDelivered is not null);
    }

    /// <summary>Whom own users write to.</summary>
    public Correspondents Correspondents { get; } = new();

    /// <summary>Takes up a ban that an earlier run did not make.</summary>
    public void Restore(SuppressedBan suppressed) => _suppressed[(suppressed.Client, suppressed.Jail)] = suppressed;

    /// <summary>Takes what the DNS said of a client; null where it did not in time.</summary>
    public void Learn(ClientAddress client, SenderVerdict? verdict, DateTimeOffset now)
    {
        if (_verdicts.Count >= MostVerdicts)
        {
            _verdicts.Clear();
        }

        _verdicts[client] = (verdict, now + ProtectionRules.ChecksHold);
    }

    /// <summary>What the DNS said of a client last; null where it was not asked lately, or did not answer.</summary>
    public SenderVerdict? VerdictOf(ClientAddress client, DateTimeOffset now) => _verdicts.TryGetValue(client, out var asked) && asked.Until > now ? asked.Verdict : null;

    /// <summary>All that speaks for a client that a jail would ban.</summary>
    /// <param name="client">Who.</param>
    /// <param name="jail">The jail.</param>
    /// <param name="now">The time.</param>
    /// <param name="since">Since when failures count towards the ban; those of the days since then are not its past.</param>
    public ProtectionFacts FactsOf(ClientAddress client, string jail, DateTimeOffset now, DateTimeOffset since)
    {
        var history = Senders.Of(client, Day(now), ProtectionRules.HistoryDays, Day(since));
        var facts = new ProtectionFacts
        {
            AllowedBy = Networks.AllowedBy(client),
            IsOwnAddress = IsOwn(client),
            MyNetwork = Networks.MyNetworkOf(client),
            IsPrivate = PrivateNetworks.IsPrivate(client),
            LastLogin = history.LastLogin,
            Logins = history.Logins,
            IsAccountStolen = Stolen.ContainsKey(ClientNetwork.HostOf(client)),
            DeliveredDays = history.DeliveredDays,
            HostileBefore = history.HostileBefore,
            Held = _suppressed.GetValueOrDefault((client, jail)),
            Veto = Vetoes.GetValueOrDefault(ClientNetwork.HostOf(client)),
        };
        return _verdicts.TryGetValue(client, out var asked) && asked.Until > now ? facts.With(asked.Verdict) : facts;
    }

    /// <summary>True where a ban that is not made is worth telling: the first of its reason in a while. Remembers it.</summary>
    public bool IsNews(SuppressedBan suppressed)
    {
        var isNews = !_suppressed.TryGetValue((suppressed.Client, suppressed.Jail), out var last) || last.Reason != suppressed.Reason || suppressed.At - last.At > s_quiet;
        if (isNews)
        {
            Restore(suppressed);
        }

        return isNews;
    }

    /// <summary>True where anybody lives in a network who must not be banned.</summary>
    public bool LiveWithin(ClientNetwork network)
    {
        return PrivateNetworks.IsPrivate(network.First) || Networks.Touches(network) || ShownOwn.Any(network.Contains) || Living(network).Any() || Vetoes.Keys.Any(network.Contains);
    }

    /// <summary>Who lives in a network and must not be banned with it: lists, own addresses, and clients with a history.</summary>
    public IEnumerable<ClientNetwork> Within(ClientNetwork network) => Networks.Within(network)
        .Concat(ShownOwn.Where(network.Contains).Concat(Living(network)).Concat(Vetoes.Keys.Where(network.Contains)).Select(static client => ClientNetwork.Of(client))).Distinct();

    /// <summary>Whom no list of networks may keep out: all that is allowed and our own, and of the clients with a history those that a list names.</summary>
    public IReadOnlyList<ClientNetwork> Exempt(Func<ClientAddress, bool> isNamed) =>
        [.. Networks.Allowed.Select(static pair => pair.Network).Concat(Networks.MyNetworks)
            .Concat(Networks.Own.Concat(ShownOwn).Concat(Living(Senders.Clients.Where(isNamed))).Select(static client => ClientNetwork.Of(client))).Distinct()];

    private IEnumerable<ClientAddress> Living(ClientNetwork network) => Living(Senders.Within(network));

    private IEnumerable<ClientAddress> Living(IEnumerable<ClientAddress> clients)
    {
        var today = DateOnly.FromDayNumber(Senders.Newest);
        foreach (var client in clients)
        {
            var history = Senders.Of(client, today, ProtectionRules.HistoryDays, today);
            var recent = today.AddDays(-ProtectionRules.LoginDays);
            if ((history.LastLogin is not null && !Stolen.ContainsKey(ClientNetwork.HostOf(client))) || history.LastDelivered >= recent
                || (history.DeliveredDays >= ProtectionRules.ProvenDays && !history.HostileBefore))
            {
                yield return client;
            }
        }
    }

    /// <summary>Until when a client is protected by what was found last; null where it is not.</summary>
    public DateTimeOffset? HeldUntil(ClientAddress client, DateTimeOffset now) =>
        _suppressed.Where(pair => pair.Key.Item1 == client && pair.Value.Until > now).Select(pair => (DateTimeOffset?)pair.Value.Until).Max();

    /// <summary>Forgets what is too old to protect anybody.</summary>
    public void Forget(DateTimeOffset now)
    {
        Senders.Forget(Day(now).AddDays(-DaysKept));
        Correspondents.Forget(Day(now).AddDays(-Postern.Decisions.Protection.Correspondents.Days));
        foreach (var key in _suppressed.Where(pair => pair.Value.Until < now && pair.Value.At < now - s_quiet).Select(pair => pair.Key).ToList())
        {
            _suppressed.Remove(key);
        }

        foreach (var client in Vetoes.Where(pair => pair.Value.Until < now).Select(static pair => pair.Key).ToList())
        {
            Vetoes.Remove(client);
        }

        foreach (var client in _verdicts.Where(pair => pair.Value.Until < now).Select(pair => pair.Key).ToList())
        {
            _verdicts.Remove(client);
        }
    }

    private static DateOnly Day(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);
}
