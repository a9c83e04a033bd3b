using Postern.Classification.Accounts;
using Postern.Classification.Behaviours;
using Postern.Classification.Texts;
using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>All clients of a log, by address.</summary>
/// <param name="texts">Makes strings out of what is kept.</param>
internal sealed class ClientLedger(TextPool texts)
{
    private readonly ClientTable _table = new();
    private readonly SessionShapes _shapes = new();
    private bool _isFinished;

    /// <summary>Sessions in all.</summary>
    public int Sessions { get; private set; }

    /// <summary>Sessions that only delivered, by the minute since year 1; for the plot over time.</summary>
    public MinuteCounts OrdinaryByMinute { get; } = new();

    /// <summary>From which networks somebody logged in, and when.</summary>
    public LoginDays Logins { get; } = new();

    /// <summary>From where each user logged in.</summary>
    public AccountLogins Accounts { get; } = new();

    /// <summary>The server's own troubles that lines tell of which belong to no session.</summary>
    public TroubleTally Troubles { get; } = new();

    /// <summary>The clients that showed anything but delivery; a history may be made anew each time.</summary>
    public IReadOnlyDictionary<ClientAddress, ClientHistory> Clients => new NotableClients(this, _table);

    /// <summary>The confirmed names of clients that showed anything but delivery. Makes no history.</summary>
    public IEnumerable<(ClientAddress Client, string Name)> Names
    {
        get
        {
            for (var number = 0; number < _table.Count; number++)
            {
                if ((_table[number].Kept switch { ClientHistory history => history.HostName, NamedShape { IsConfirmed: true } named => named.Name, _ => null }) is { } name)
                {
                    yield return (_table[number].Address, name);
                }
            }
        }
    }

    /// <summary>What is counted of each client that showed anything but delivery; clients that did the same may share it. Makes no history.</summary>
    public IEnumerable<ClientDetails> Details
    {
        get
        {
            for (var number = 0; number < _table.Count; number++)
            {
                if ((_table[number].Kept switch { ClientHistory history => history.Details, NamedShape named => named.Shape.Details, SessionShape shape => shape.Details, _ => null }) is { } details)
                {
                    yield return details;
                }
            }
        }
    }

    /// <summary>The histories of clients that have one of their own: of all but those that only delivered or came once and did what many do.</summary>
    public IEnumerable<ClientHistory> Histories
    {
        get
        {
            for (var number = 0; number < _table.Count; number++)
            {
                if (_table[number].Kept is ClientHistory history)
                {
                    yield return history;
                }
            }
        }
    }

    /// <summary>Clients of any kind.</summary>
    public int Count => _table.Count;

    /// <summary>Clients that only delivered, and their sessions.</summary>
    public (int Clients, int Sessions) Ordinary
    {
        get
        {
            var (clients, sessions) = (0, 0);
            for (var number = 0; number < _table.Count; number++)
            {
                ref var record = ref _table[number];
                (clients, sessions) = record.Kept is null ? (clients + 1, sessions + record.Sessions) : (clients, sessions);
            }

            return (clients, sessions);
        }
    }

    /// <summary>The address of a client, by its number from 0 to the count.</summary>
    public ClientAddress Address(int number) => _table[number].Address;

    /// <summary>True where a client showed anything but delivery.</summary>
    public bool IsNotable(int number) => _table[number].Kept is not null;

    /// <summary>A client's history; several threads may ask at the end.</summary>
    public ClientHistory History(int number)
    {
        ref var record = ref _table[number];
        if (record.Kept is ClientHistory history)
        {
            return history;
        }

        history = new ClientHistory(record);
        if (_isFinished)
        {
            Raise(record.Address, history);
        }

        return history;
    }

    /// <summary>
    /// True for a client that came once, whose session alone says what it is: nothing that others did, and no rate of anvil's, changes
    /// what <see cref="History"/> would tell of it.
    /// </summary>
    public bool TryOnce(int number, out OnceClient once)
    {
        ref var record = ref _table[number];
        var named = record.Kept as NamedShape;
        if ((named?.Shape ?? record.Kept as SessionShape) is not { } shape || record.AnvilRate > 0 || shape.Details.FailedLogins >= GuessingLimits.WithoutNames)
        {
            once = default;
            return false;
        }

        once = new OnceClient(
            record.Address, shape, named?.Name, named is { IsConfirmed: true }, new LogTime(record.First, record.FirstOffset),
            new LogTime(record.Last, record.LastOffset), record.Accepted, record.LoggedIn);
        return true;
    }

    /// <summary>Counts a session that only delivered.</summary>
    public void AddOrdinary(ClientAddress client, LogTime start, LogTime end, int accepted, bool isAuthenticated, string? user = null)
    {
        Sessions++;
        OrdinaryByMinute.Add(start);
        NoteLogin(client, start, isAuthenticated, user);
        CountOrdinary(client, start, end, accepted, isAuthenticated);
    }

    /// <summary>Judges and adds any other session; one that shows nothing (cut off, or sent off by postscreen to come again) only counts.</summary>
    public void Add(SmtpSession session)
    {
        var view = SessionReader.Read(session, texts);
        var behaviours = BehaviourCatalogue.Of(view);
        var traits = BehaviourCatalogue.Traits(view);
        Sessions++;
        NoteLogin(session.Client, session.Start, traits.HasFlag(SessionTraits.LoggedIn), session.User);
        if (behaviours.IsEmpty || behaviours == BehaviourSet.Of(Behaviour.Delivered))
        {
            OrdinaryByMinute.Add(session.Start);
            CountOrdinary(session.Client, session.Start, session.End, session.Accepted, session.IsAuthenticated);
            return;
        }

        ref var record = ref _table.Of(session.Client);
        if (record.Kept is not null || record.Sessions > 0)
        {
            Keep(ref record).Add(view, behaviours, traits);
            return;
        }

        var details = new ClientDetails();
        details.Add(view, behaviours);
        if (_shapes.Find(behaviours, traits, view.Failures, details) is { } shape)
        {
            record.Add(session.Start, session.End, session.Accepted, traits.HasFlag(SessionTraits.LoggedIn));
            var name = session.HostName ?? session.ClaimedName;
            record.Kept = name is null ? shape : new NamedShape(shape, name, session.HostName is not null);
            return;
        }

        Keep(ref record).Add(view, behaviours, traits, details);
    }

    /// <summary>Notes a trouble of the server's own that belongs to no session.</summary>
    public void NoteTrouble(in SmtpEvent e)
    {
        var text = e.Text.Span;
        Troubles.AddLine(TroubleReader.OfWarning(text), e.Time, texts.Get(text[..Math.Min(text.Length, 120)]), 1 + e.Repeats);
    }

    /// <summary>Notes a rate that anvil tells of a client that is known already.</summary>
    public void NoteRate(ClientAddress client, int connectionsPerMinute)
    {
        if (_table.Find(client) is >= 0 and var number)
        {
            ref var record = ref _table[number];
            if (record.Kept is ClientHistory history)
            {
                history.AnvilRate = Math.Max(history.AnvilRate, connectionsPerMinute);
            }

            record.AnvilRate = Math.Max(record.AnvilRate, connectionsPerMinute);
        }
    }

    /// <summary>Ends it: tells who uses somebody else's account, and puts every history in order.</summary>
    public void Finish()
    {
        MarkTakeovers();
        for (var number = 0; number < _table.Count; number++)
        {
            ref var record = ref _table[number];
            if (record.Kept is ClientHistory history)
            {
                history.Sort();
                Raise(record.Address, history);
            }
        }

        _isFinished = true;
    }

    /// <summary>
    /// Notes that the server took mail for foreign domains from a client without a login; false where the client is not known.
    /// </summary>
    public bool TryMarkRelay(ClientAddress client, string domains, string? name, LogTime first, LogTime last)
    {
        if (_table.Find(client) is not (>= 0 and var number))
        {
            return false;
        }

        Keep(ref _table[number]).MarkRelay(domains, name, first, last);
        return true;
    }

    // The clients that use somebody else's account.
    private void MarkTakeovers()
    {
        var stolen = new Dictionary<ClientAddress, AccountTakeover>();
        foreach (var takeover in Accounts.Takeovers)
        {
            foreach (var client in takeover.Clients)
            {
                stolen.TryAdd(client, takeover);
            }
        }

        if (stolen.Count == 0)
        {
            return;
        }

        for (var number = 0; number < _table.Count; number++)
        {
            ref var record = ref _table[number];
            if (stolen.TryGetValue(record.Address.IsIPv4 ? record.Address : ClientNetwork.Of(record.Address, 64).First, out var takeover))
            {
                Keep(ref record).MarkTakeover(takeover);
            }
        }
    }

    private void Raise(ClientAddress client, ClientHistory history) => history.Raise(time => Logins.Near(client, time));

    private void CountOrdinary(ClientAddress client, LogTime start, LogTime end, int accepted, bool isAuthenticated)
    {
        ref var record = ref _table.Of(client);
        if (record.Kept is null)
        {
            record.Add(start, end, accepted, isAuthenticated);
        }
        else
        {
            Keep(ref record).AddOrdinary(start, end, accepted, isAuthenticated);
        }
    }

    // From now on the client has a history of its own.
    private ClientHistory Keep(ref ClientRecord record)
    {
        if (record.Kept is ClientHistory history)
        {
            return history;
        }

        history = new ClientHistory(record);
        if (record.Kept is not null)
        {
            history.OwnDetails();
        }

        if (_isFinished)
        {
            Raise(record.Address, history);
        }

        record.Kept = history;
        return history;
    }

    private void NoteLogin(ClientAddress client, LogTime time, bool isAuthenticated, string? user)
    {
        if (!isAuthenticated)
        {
            return;
        }

        Logins.Note(client, time);
        if (user is not null)
        {
            Accounts.Note(user, client, time);
        }
    }
}
