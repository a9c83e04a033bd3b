using Postern.Classification.Texts;
using Postern.Facts;

namespace Postern.Classification.Sessions;

/// <summary>
/// Joins events into sessions. A line belongs to the session that its process (smtpd) or its address and port
/// (postscreen) has open; a line of another client than that means that the log lost the end of the one and the start of
/// the other. Nothing in a line but its place in Postfix's own grammar decides whose session it is.
/// </summary>
/// <param name="ordinary">Takes sessions that only delivered.</param>
/// <param name="notable">Takes all others; good only until it returns.</param>
/// <param name="texts">Makes strings out of what is kept.</param>
internal sealed class SessionJoiner(Action<OrdinarySession> ordinary, Action<OpenSession> notable, TextPool texts)
{
    // A process serves one client at a time and postscreen bounds its own; what is open beyond that was cut by the log.
    private const int MostOpen = 65_536;
    private const int MostNames = 4_096;
    private static readonly long s_stale = TimeSpan.FromHours(2).Ticks;

    private readonly Dictionary<ulong, OpenSession> _open = [];
    private readonly Dictionary<ulong, (ClientAddress Client, string Name)> _claimedNames = [];
    private readonly DnsblAnswers _answers = new();
    private readonly TlsproxyProblems _handshakes = new();
    private readonly Stack<OpenSession> _pool = [];
    private long _nextSweep;
    private long _queueTurn;

    /// <summary>The server's name, by the log or a notice; null while unknown.</summary>
    public string? ServerName { get; set; }

    /// <summary>Where the next event's line stands; for whoever watches a log and keeps its place.</summary>
    public LineOrigin Origin { get; set; }

    /// <summary>The sessions that are open.</summary>
    public IReadOnlyCollection<OpenSession> Open => _open.Values;

    /// <summary>Takes the next event of the log.</summary>
    /// <returns>The session that the event belongs to, where it goes on after it; else null.</returns>
    public OpenSession? Add(in SmtpEvent e)
    {
        if (e.Daemon == PostfixDaemon.Cleanup)
        {
            return AddByQueueId(e);
        }

        if (e.Daemon == PostfixDaemon.Dnsblog)
        {
            NoteAnswer(e);
            return null;
        }

        var reason = e.Daemon == PostfixDaemon.Tlsproxy ? _handshakes.Take(e) : null;
        if (e.Conversation == 0)
        {
            return null;
        }

        _open.TryGetValue(e.Conversation, out var session);
        if (NamesNobody(e))
        {
            session?.Add(e, Origin);
            return session;
        }

        if (e.Kind == SmtpEventKind.NameMismatch)
        {
            Remember(e);
            return session;
        }

        // A process that connects anew has ended its last session, whether the log tells or not. So has one that hears a
        // second command of another protocol, for it hangs up at the first.
        if (session is not null && (e.Kind == SmtpEventKind.Connect || session.Client != e.Client
            || (e.Kind == SmtpEventKind.NonSmtpCommand && session.WasCutOff)))
        {
            Close(e.Conversation, session);
            session = null;
        }

        if (session is null)
        {
            if (IsLeftover(e))
            {
                return null;
            }

            session = Start(e);
        }

        if (e.Kind == SmtpEventKind.DnsblRank)
        {
            AddAnswers(e, session);
        }

        session.Add(e, Origin);
        if (reason is { } problem)
        {
            session.Add(problem, Origin with { Line = default });
        }

        if (e.Kind is SmtpEventKind.QueueFile or SmtpEventKind.Authenticated)
        {
            session.QueueTurn = ++_queueTurn;
        }

        if (e.Kind == SmtpEventKind.Disconnect)
        {
            Close(e.Conversation, session);
            return null;
        }

        if (e.Kind == SmtpEventKind.Pass)
        {
            Pass(e, session);
            return null;
        }

        return session;
    }

    /// <summary>Ends all sessions that are still open, at the end of the log.</summary>
    public void Finish()
    {
        foreach (var (_, session) in _open.OrderBy(pair => pair.Value.Last.UtcTicks).ThenBy(pair => pair.Value.Client))
        {
            Emit(session);
        }

        _open.Clear();
    }

    private OpenSession Start(in SmtpEvent e)
    {
        if (_open.Count >= MostOpen || e.Time.UtcTicks >= _nextSweep)
        {
            SweepStale(e.Time);
        }

        string? claimed = null;
        if (_claimedNames.Remove(e.Conversation, out var name) && name.Client == e.Client)
        {
            claimed = name.Name;
        }

        if (!_pool.TryPop(out var session))
        {
            session = new OpenSession();
        }

        session.Open(e, claimed, Origin);
        _open[e.Conversation] = session;
        return session;
    }

    private void Close(ulong conversation, OpenSession session)
    {
        _open.Remove(conversation);
        Emit(session);
        if (_pool.Count < 1024)
        {
            _pool.Push(session);
        }
    }

    private void Emit(OpenSession session)
    {
        if (session.TryOrdinary(texts, out var plain))
        {
            ordinary(plain);
        }
        else
        {
            notable(session);
        }
    }

    // A client that passes goes on in smtpd, where its session is told in full; here nothing is left to tell of it unless
    // it had shown something before.
    private void Pass(in SmtpEvent e, OpenSession session)
    {
        if (session.IsHandedOver)
        {
            _open.Remove(e.Conversation);
            _pool.Push(session);
        }
    }

    // The farewell of a postscreen session that passed, or of one before the log began, says nothing by itself.
    private static bool IsLeftover(in SmtpEvent e) =>
        e.Daemon is PostfixDaemon.Postscreen or PostfixDaemon.Tlsproxy && e.Kind is SmtpEventKind.Disconnect or SmtpEventKind.LostConnection or SmtpEventKind.Pass;

    // Few messages are refused at their end, and few sessions are open at a time: looking at each of them then costs less
    // than keeping an index of queue ids for all the others.
    private OpenSession? AddByQueueId(in SmtpEvent e)
    {
        if (e.QueueId == 0)
        {
            return null;
        }

        // Postfix gives short queue ids again: the message is of the session that got the id last.
        OpenSession? latest = null;
        foreach (var session in _open.Values)
        {
            if (session.QueueId == e.QueueId && (latest is null || session.QueueTurn > latest.QueueTurn))
            {
                latest = session;
            }
        }

        latest?.Add(e, Origin);
        return latest;
    }

    // Postfix writes some lines without their client: the process that wrote them has one session at a time.
    private static bool NamesNobody(in SmtpEvent e) => !e.Client.IsKnown && e.Kind is SmtpEventKind.TlsProblem or SmtpEventKind.ServerTrouble
        or SmtpEventKind.MessageTooBig or SmtpEventKind.EtrnRefused or SmtpEventKind.Reject;

    private void NoteAnswer(in SmtpEvent e)
    {
        if (e.Kind is SmtpEventKind.DnsblListed or SmtpEventKind.DnsblError)
        {
            _answers.Note(e);
        }
    }

    private void AddAnswers(in SmtpEvent e, OpenSession session)
    {
        foreach (var answer in _answers.Of(e.Client, e.Time))
        {
            session.Add(answer, default);
        }
    }

    private void Remember(in SmtpEvent e)
    {
        if (IsNoAnswer(e.Text.Span))
        {
            return;
        }

        if (_claimedNames.Count >= MostNames)
        {
            _claimedNames.Clear();
        }

        _claimedNames[e.Conversation] = (e.Client, texts.Get(e.HostName.Span));
    }

    // getaddrinfo's words for a DNS that did not answer (EAI_AGAIN, EAI_FAIL, EAI_SYSTEM, EAI_MEMORY); they say nothing of the name.
    private static bool IsNoAnswer(ReadOnlySpan<byte> reason) =>
        reason.IndexOf("emporary failure"u8) >= 0 || reason.IndexOf("on-recoverable failure"u8) >= 0 || reason.StartsWith("System error"u8)
        || reason.StartsWith("Memory allocation"u8);

    // Sessions whose end the log lost would otherwise stay for ever. Looking at all of them is rare enough to cost nothing.
    private void SweepStale(LogTime now)
    {
        _nextSweep = now.UtcTicks + s_stale;
        var limit = _open.Count >= MostOpen ? long.MaxValue : now.UtcTicks - s_stale;
        foreach (var (conversation, session) in _open.Where(pair => pair.Value.Last.UtcTicks < limit).OrderBy(pair => pair.Value.Last.UtcTicks).ToList())
        {
            Close(conversation, session);
        }
    }
}
