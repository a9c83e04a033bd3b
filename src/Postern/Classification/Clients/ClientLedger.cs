using Postern.Classification.Accounts;
using Postern.Classification.Behaviours;
using Postern.Classification.Texts;
using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>All clients of a log, by address.</summary>
/// <param name="texts">Makes strings out of what is kept.</param>
internal sealed class ClientLedger(TextPool texts)
{
    private readonly Dictionary<ClientAddress, ClientHistory> _histories = [];

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

    /// <summary>Every client.</summary>
    public IReadOnlyDictionary<ClientAddress, ClientHistory> Clients => _histories;

    /// <summary>Counts a session that only delivered.</summary>
    public void AddOrdinary(ClientAddress client, LogTime start, LogTime end, int accepted, bool isAuthenticated, string? user = null)
    {
        Sessions++;
        OrdinaryByMinute.Add(start);
        NoteLogin(client, start, isAuthenticated, user);
        Of(client).AddOrdinary(start, end, accepted, isAuthenticated);
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
            Of(session.Client).AddOrdinary(session.Start, session.End, session.Accepted, session.IsAuthenticated);
            return;
        }

        Of(session.Client).Add(view, behaviours, traits);
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
        if (_histories.TryGetValue(client, out var history))
        {
            history.AnvilRate = Math.Max(history.AnvilRate, connectionsPerMinute);
        }
    }

    /// <summary>Tells the clients that use somebody else's account.</summary>
    public void MarkTakeovers()
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

        foreach (var (client, history) in _histories)
        {
            if (stolen.TryGetValue(client.IsIPv4 ? client : ClientNetwork.Of(client, 64).First, out var takeover))
            {
                history.MarkTakeover(takeover);
            }
        }
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

    private ClientHistory Of(ClientAddress client)
    {
        if (!_histories.TryGetValue(client, out var history))
        {
            _histories[client] = history = new ClientHistory();
        }

        return history;
    }
}
