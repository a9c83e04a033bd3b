using System.Runtime.InteropServices;
using Postern.Classification.Behaviours;
using Postern.Classification.Sessions;
using Postern.Classification.Texts;
using Postern.Facts;

namespace Postern.Classification.Live;

/// <summary>
/// Takes the events of followed logs and the notices as they come, and reports every session when it ends, and before that
/// where it already shows a failure that nothing later can excuse. A notice that comes after its session makes a second
/// report of it. So does a session of the gate, where a log tells of it, too.
/// </summary>
internal sealed class LiveClassifier
{
    // A sender with a bug is refused once or twice and goes on with its message: only the end tells it from abuse.
    private const int FewRefusals = 2;

    // A session with news whose lines stopped so long ago is reported though its end has not been seen.
    private static readonly long s_patience = TimeSpan.FromSeconds(5).Ticks;

    // A session that has been silent for longer does not hold back the place from which a restart reads again.
    private static readonly long s_silence = TimeSpan.FromMinutes(6).Ticks;

    private readonly TextPool _texts = new();
    private readonly TwinSessions? _duplicates;
    private readonly SessionJoiner _joiner;
    private readonly LateNotices _notices = new();
    private readonly Queue<SessionReport> _reports = new();
    private ulong _gateSessions;

    /// <summary>A classifier that has seen nothing yet.</summary>
    /// <param name="hasGate">True where sessions come from the gate, too.</param>
    public LiveClassifier(bool hasGate = false)
    {
        _duplicates = hasGate ? new TwinSessions() : null;
        _joiner = new SessionJoiner(
            plain =>
            {
                if (_duplicates?.TryAdd(plain, isGated: false) != false)
                {
                    Report(plain, source: null);
                }
            },
            Ended,
            _texts);
    }

    /// <summary>Takes the next report of what came before.</summary>
    /// <returns>False where there is none.</returns>
    public bool TryTake(out SessionReport report) => _reports.TryDequeue(out report);

    /// <summary>The batch in which the oldest session that is still open began; <see cref="long.MaxValue"/> for none.</summary>
    /// <param name="now">The watcher's clock, ticks.</param>
    public long OldestOpenBatch(long now)
    {
        var oldest = long.MaxValue;
        foreach (var session in _joiner.Open)
        {
            if (now - session.LastArrival < s_silence)
            {
                oldest = Math.Min(oldest, session.Origin.Batch);
            }
        }

        return oldest;
    }

    /// <summary>Takes the next event of a log.</summary>
    public void Add(in SmtpEvent e, in LineOrigin origin)
    {
        _joiner.Origin = origin;
        // Postfix goes on after these, perhaps for minutes; all others are soon followed by the end, which tells more.
        if (_joiner.Add(e) is { HasNews: true } session
            && (e.Kind == SmtpEventKind.AuthFailure || (e.Kind is SmtpEventKind.Reject or SmtpEventKind.MessageRejected && session.Refusals > FewRefusals)))
        {
            Report(session);
        }
    }

    /// <summary>Takes a notice.</summary>
    /// <param name="notice">The notice.</param>
    /// <param name="id">A hash of it.</param>
    /// <param name="now">The watcher's clock, ticks.</param>
    public void Add(Notice notice, ulong id, long now)
    {
        _joiner.ServerName ??= notice.ServerName;
        if (_notices.Add(notice, id, now) is { } session)
        {
            Report(session.Session, session.Id, session.Lines);
        }
    }

    /// <summary>Takes a whole session that the gate saw. It counts unless a log has told of it, which may yet learn of it what a client said.</summary>
    public void Add(SmtpSession gated)
    {
        if (_duplicates is null || !gated.Client.IsKnown)
        {
            return;
        }

        if (gated is { Events.Count: 0, Accepted: > 0 })
        {
            var plain = new OrdinarySession(gated.Client, gated.Start, gated.End, gated.Accepted, gated.IsAuthenticated);
            if (_duplicates.TryAdd(plain, isGated: true))
            {
                Report(plain, SessionReport.Gate);
            }

            return;
        }

        // Of a session that only came and went the log tells more, where there is anything to tell.
        if (gated.Events.Count == 0 && !gated.IsAuthenticated)
        {
            return;
        }

        var id = GateId(gated);
        var pair = _duplicates.OfGate(gated, id);
        if (pair.Id == id)
        {
            Report(gated, id, GateLines.Of(gated), SessionReport.Gate);
        }
        else if (pair.Joined() is { } joined && !ReferenceEquals(joined, pair.Logged))
        {
            Report(joined, pair.Id, GateLines.Of(gated, pair.Lines), source: null);
        }
    }

    /// <summary>Reports what has waited long enough: notices without a session, sessions without an end.</summary>
    /// <param name="now">The watcher's clock, ticks.</param>
    public void Tick(long now)
    {
        foreach (var session in _notices.Overdue(now))
        {
            Report(session.Session, session.Id, session.Lines);
        }

        foreach (var session in _joiner.Open)
        {
            if (session.HasNews && now - session.LastArrival > s_patience)
            {
                Report(session);
            }
        }
    }

    private void Ended(OpenSession open)
    {
        var session = new EndedSession(open.ToSession(_joiner.ServerName, _texts), open.Origin.Id, open.Lines, open.LastArrival);
        session = _notices.Complete(session);
        Report(session.Session, session.Id, session.Lines, isOver: true);
    }

    private void Report(OpenSession open)
    {
        open.HasNews = false;
        Report(open.ToSession(_joiner.ServerName, _texts), open.Origin.Id, open.Lines);
    }

    private void Report(SmtpSession session, ulong id, ReadOnlyMemory<byte> lines, bool isOver = false)
    {
        if (!session.Client.IsKnown)
        {
            return;
        }

        if (_duplicates?.OfLog(session, id, lines) is { } pair)
        {
            id = pair.Id;
            if (pair.Joined() is { } joined && !ReferenceEquals(joined, session))
            {
                (session, lines) = (joined, GateLines.Of(pair.Gated!, lines));
            }
        }

        Report(session, id, lines, source: null, isOver);
    }

    private void Report(in OrdinarySession plain, string? source) => _reports.Enqueue(new SessionReport
    {
        Id = ClientWindows.Deliveries,
        Client = plain.Client,
        Mark = new SessionMark(plain.Start, BehaviourSet.Of(Behaviour.Delivered), plain.IsAuthenticated ? SessionTraits.LoggedIn | SessionTraits.Accepted : SessionTraits.Accepted),
        Accepted = plain.Accepted,
        User = plain.User,
        Source = source,
        IsOver = true,
    });

    private void Report(SmtpSession session, ulong id, ReadOnlyMemory<byte> lines, string? source, bool isOver = false)
    {
        var view = SessionReader.Read(session, _texts);
        var behaviours = BehaviourCatalogue.Of(view);
        _reports.Enqueue(new SessionReport
        {
            Id = id,
            Client = session.Client,
            Mark = new SessionMark(session.Start, behaviours, BehaviourCatalogue.Traits(view), view.Failures),
            Accepted = session.Accepted,
            Variety = Variety(view),
            Lines = lines,
            User = session.User,
            HostName = session.HostName,
            Helo = view.Helo,
            Sender = EnvelopeSender.Of(session),
            Source = source,
            IsOver = isOver,
        });
    }

    // The same for no other session, of this run or an earlier one.
    private ulong GateId(SmtpSession session)
    {
        var hash = new StableHash();
        hash.Add(session.Client.High);
        hash.Add(session.Client.Low);
        hash.Add((ulong)session.Start.UtcTicks);
        hash.Add(++_gateSessions);
        return hash.Value;
    }

    private static int Variety(SessionView view) =>
        // Of failed logins only a user name: the cipher of a handshake is none.
        view.UserNames is [.., var name] ? Hash(name)
        : view.FailedLogins > 0 ? 0
        : view.Recipients is [.., var recipient] ? recipient.GetHashCode()
        : view.RefusedRecipients is [.., var refused] ? refused.GetHashCode()
        : view.TellingOutcome is { } outcome ? Hash(outcome) : 0;

    private static int Hash(string text) => StableHash.Of(MemoryMarshal.AsBytes(text.AsSpan())).GetHashCode();
}
