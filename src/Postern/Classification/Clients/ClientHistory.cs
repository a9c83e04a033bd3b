using Postern.Classification.Behaviours;
using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>
/// What a client did over all its sessions. Kept small, because a log may hold a million clients: ordinary sessions are
/// only counted, and details are made for clients that need them.
/// </summary>
internal sealed class ClientHistory
{
    private SessionMark[] _marks = [];
    private int _markCount;

    /// <summary>Sessions that showed anything but delivery, in the order in which they ended.</summary>
    public ReadOnlySpan<SessionMark> Marks => _marks.AsSpan(0, _markCount);

    /// <summary>Sessions in all.</summary>
    public int Sessions { get; private set; }

    /// <summary>Sessions that only delivered.</summary>
    public int Ordinary { get; private set; }

    /// <summary>Messages accepted.</summary>
    public int Accepted { get; private set; }

    /// <summary>Sessions with a login that succeeded.</summary>
    public int LoggedIn { get; private set; }

    /// <summary>Start of the first session.</summary>
    public LogTime First { get; private set; }

    /// <summary>End of the last session.</summary>
    public LogTime Last { get; private set; }

    /// <summary>Names, payloads and counts; null for a client that only delivers.</summary>
    public ClientDetails? Details { get; private set; }

    /// <summary>The highest connection rate that anvil told of, connections a minute.</summary>
    public int AnvilRate { get; set; }

    /// <summary>Counts a session that only delivered.</summary>
    public void AddOrdinary(LogTime start, LogTime end, int accepted, bool isAuthenticated)
    {
        Sessions++;
        Ordinary++;
        Accepted += accepted;
        LoggedIn += isAuthenticated ? 1 : 0;
        Span(start, end);
    }

    /// <summary>Adds any other session.</summary>
    public void Add(SessionView view, BehaviourSet behaviours, SessionTraits traits)
    {
        Sessions++;
        Accepted += view.Session.Accepted;
        LoggedIn += traits.HasFlag(SessionTraits.LoggedIn) ? 1 : 0;
        Span(view.Session.Start, view.Session.End);
        Append(new SessionMark(view.Session.Start, behaviours, traits, view.Failures));
        Details ??= new ClientDetails();
        Details.Add(view, behaviours);
    }

    /// <summary>The account that others than its owner use and this client logged in to; null where there is none.</summary>
    public AccountTakeover? Takeover { get; private set; }

    /// <summary>Marks its logins as those of a stolen account. One that only delivered gets a mark for one of these sessions.</summary>
    public void MarkTakeover(AccountTakeover takeover)
    {
        Takeover = takeover;
        foreach (ref var mark in _marks.AsSpan(0, _markCount))
        {
            mark = mark.Traits.HasFlag(SessionTraits.LoggedIn) ? mark with { Behaviours = mark.Behaviours.With(Behaviour.AccountTakeover) } : mark;
        }

        if (Ordinary == 0)
        {
            return;
        }

        Ordinary--;
        Details ??= new ClientDetails();
        Append(new SessionMark(First, BehaviourSet.Of(Behaviour.Delivered, Behaviour.AccountTakeover), SessionTraits.LoggedIn | SessionTraits.Accepted));
    }

    /// <summary>
    /// Notes that the server took mail for foreign domains from it without a login. Its sessions that brought mail get the trait; one that only
    /// delivered gets a mark for one of these sessions.
    /// </summary>
    public void MarkRelay(string domains, string? name, LogTime first, LogTime last)
    {
        foreach (ref var mark in _marks.AsSpan(0, _markCount))
        {
            mark = mark.Traits.HasFlag(SessionTraits.Accepted) ? mark with { Traits = mark.Traits | SessionTraits.RelaysForeign } : mark;
        }

        Details ??= new ClientDetails();
        Details.NoteOpenRelay(domains, name, first, last);
        if (Ordinary > 0)
        {
            Ordinary--;
            Append(new SessionMark(First, BehaviourSet.Of(Behaviour.Delivered, Behaviour.ServerTrouble), SessionTraits.Accepted | SessionTraits.RelaysForeign));
        }
    }

    /// <summary>Puts the marks in order of time; sessions are told when they end, and inputs come in any order.</summary>
    public void Sort() => _marks.AsSpan(0, _markCount).Sort(static (a, b) => a.Time.CompareTo(b.Time));

    /// <summary>Raises what the sessions show together; they must be in order of time.</summary>
    /// <param name="hasLogins">Whether somebody logged in from the client's network near a time.</param>
    public void Raise(Func<LogTime, bool> hasLogins)
    {
        if (Details is { } details)
        {
            RepeatedBehaviours.Raise(_marks.AsSpan(0, _markCount), new RepeatedCounts(
                details.HandshakeOutcomes.Count, details.UserNames.Count, details.FailedLogins, details.Recipients.Count,
                details.UnknownRecipients, Accepted)
            {
                LoggedIn = LoggedIn,
                HasLogins = hasLogins,
                RefusedRecipients = details.Refused.Count,
                RelayDenied = details.RelayDenied,
            });
        }
    }

    private void Append(in SessionMark mark)
    {
        if (_markCount == _marks.Length)
        {
            Array.Resize(ref _marks, Math.Max(1, _markCount * 2));
        }

        _marks[_markCount++] = mark;
    }

    private void Span(LogTime start, LogTime end)
    {
        if (start.IsKnown && (!First.IsKnown || start < First))
        {
            First = start;
        }

        if (end > Last)
        {
            Last = end;
        }
    }
}
