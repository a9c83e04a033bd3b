using System.Runtime.InteropServices;
using Postern.Classification.Behaviours;
using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>
/// What a client did over all its sessions. Kept small, because a log may hold a million clients: ordinary sessions are
/// only counted, and details are made for clients that need them.
/// </summary>
internal sealed class ClientHistory
{
    // The first mark lies in the object itself: most clients of a flood come once.
    private SessionMark _mark;
    private SessionMark[]? _marks;
    private int _markCount;
    private long _lastStart, _lastEnd;

    /// <summary>The history of a client that was only counted so far, or came once.</summary>
    /// <param name="record">What is held of it.</param>
    public ClientHistory(in ClientRecord record)
    {
        (Sessions, Accepted, LoggedIn, AnvilRate) = (record.Sessions, record.Accepted, record.LoggedIn, record.AnvilRate);
        (First, Last) = (new LogTime(record.First, record.FirstOffset), new LogTime(record.Last, record.LastOffset));
        var named = record.Kept as NamedShape;
        if ((named?.Shape ?? record.Kept as SessionShape) is { } shape)
        {
            _mark = new SessionMark(First, shape.Behaviours, shape.Traits, shape.Failures);
            _markCount = 1;
            (_lastStart, _lastEnd) = (record.First, record.Last);
            Details = shape.Details;
            HostName = named is { IsConfirmed: true } ? named.Name : null;
            ClaimedName = named is { IsConfirmed: false } ? named.Name : null;
        }
        else
        {
            Ordinary = Sessions;
        }
    }

    /// <summary>Sessions that showed anything but delivery, in the order in which they ended.</summary>
    public ReadOnlySpan<SessionMark> Marks => AllMarks;

    private Span<SessionMark> AllMarks => _marks is null ? MemoryMarshal.CreateSpan(ref _mark, _markCount) : _marks.AsSpan(0, _markCount);

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

    /// <summary>Payloads and counts; null for a client that only delivers.</summary>
    public ClientDetails? Details { get; private set; }

    /// <summary>The forward-confirmed PTR name, or null.</summary>
    public string? HostName { get; private set; }

    /// <summary>A PTR name that does not resolve back, or null.</summary>
    public string? ClaimedName { get; private set; }

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

    /// <summary>Makes the details its own, where it shares them with others that came once.</summary>
    public void OwnDetails() => Details = Details?.CopyPlain();

    /// <summary>Adds any other session.</summary>
    /// <param name="view">What it was.</param>
    /// <param name="behaviours">What it showed.</param>
    /// <param name="traits">What else it was.</param>
    /// <param name="first">Details of it alone, where they are made already and the client has none.</param>
    public void Add(SessionView view, BehaviourSet behaviours, SessionTraits traits, ClientDetails? first = null)
    {
        Sessions++;
        Accepted += view.Session.Accepted;
        LoggedIn += traits.HasFlag(SessionTraits.LoggedIn) ? 1 : 0;
        Span(view.Session.Start, view.Session.End);
        Append(new SessionMark(view.Session.Start, behaviours, traits, view.Failures));
        var isBackToBack = IsBackToBack(view.Session);
        HostName ??= view.Session.HostName;
        ClaimedName ??= view.Session.ClaimedName;
        if (Details is null && first is not null)
        {
            Details = first;
            return;
        }

        Details ??= new ClientDetails();
        Details.Add(view, behaviours, isBackToBack);
    }

    /// <summary>The account that others than its owner use and this client logged in to; null where there is none.</summary>
    public AccountTakeover? Takeover { get; private set; }

    /// <summary>Marks its logins as those of a stolen account. One that only delivered gets a mark for one of these sessions.</summary>
    public void MarkTakeover(AccountTakeover takeover)
    {
        Takeover = takeover;
        foreach (ref var mark in AllMarks)
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
        foreach (ref var mark in AllMarks)
        {
            mark = mark.Traits.HasFlag(SessionTraits.Accepted) ? mark with { Traits = mark.Traits | SessionTraits.RelaysForeign } : mark;
        }

        Details ??= new ClientDetails();
        HostName ??= name;
        Details.NoteOpenRelay(domains, first, last);
        if (Ordinary > 0)
        {
            Ordinary--;
            Append(new SessionMark(First, BehaviourSet.Of(Behaviour.Delivered, Behaviour.ServerTrouble), SessionTraits.Accepted | SessionTraits.RelaysForeign));
        }
    }

    /// <summary>Puts the marks in order of time; sessions are told when they end, and inputs come in any order.</summary>
    public void Sort() => AllMarks.Sort(static (a, b) => a.Time.CompareTo(b.Time));

    /// <summary>Raises what the sessions show together; they must be in order of time.</summary>
    /// <param name="hasLogins">Whether somebody logged in from the client's network near a time.</param>
    public void Raise(Func<LogTime, bool> hasLogins)
    {
        if (Details is { } details)
        {
            RepeatedBehaviours.Raise(AllMarks, new RepeatedCounts(
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
        if (_markCount == 0)
        {
            (_mark, _markCount) = (mark, 1);
            return;
        }

        if (_marks is null)
        {
            _marks = [_mark, mark];
        }
        else if (_markCount == _marks.Length)
        {
            Array.Resize(ref _marks, _markCount * 2);
        }

        _marks[_markCount++] = mark;
    }

    // A client that comes back at once waits as long as the server makes it wait: postscreen's greeting, smtpd's error sleep.
    private bool IsBackToBack(SmtpSession session)
    {
        var isBackToBack = _lastEnd != 0 && _lastEnd - _lastStart >= 2 * TimeSpan.TicksPerSecond
            && session.Start.UtcTicks - _lastEnd is >= -TimeSpan.TicksPerSecond and <= TimeSpan.TicksPerSecond;
        (_lastStart, _lastEnd) = (session.Start.UtcTicks, session.End.UtcTicks);
        return isBackToBack;
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
