using Postern.Classification.Clients;
using Postern.Classification.Relaying;
using Postern.Classification.Sessions;
using Postern.Classification.Texts;
using Postern.Facts;

namespace Postern.Classification;

/// <summary>
/// Takes the events of logs and the notices, in this order: all notices first, then the logs, each from its start to its
/// end. What it learns of the clients stands in <see cref="Ledger"/>.
/// </summary>
internal sealed class LogClassifier
{
    private readonly TextPool _texts = new();
    private readonly NoticeIndex _notices = new();
    private readonly SessionJoiner _joiner;
    private readonly LogTime _since, _until;

    private readonly DoubledLines _doubledNotices = new(1 << 17);

    // A month of a busy server; about 100 MB where so many lines are in several logs at once.
    private readonly DoubledLines _doubled = new(1 << 21);

    /// <summary>A classifier for sessions that start within these times; the default value of a time sets no bound.</summary>
    public LogClassifier(LogTime since, LogTime until)
    {
        _since = since;
        _until = until;
        Ledger = new ClientLedger(_texts);
        Relays = new RelayTracer(_texts);
        _joiner = new SessionJoiner(AddOrdinary, Add, _texts);
    }

    /// <summary>All clients.</summary>
    public ClientLedger Ledger { get; }

    /// <summary>What became of the mail of clients that did not log in.</summary>
    public RelayTracer Relays { get; }

    /// <summary>What the logs show of the server's own addresses and names.</summary>
    public ServerAddresses Server { get; } = new();

    /// <summary>Notices taken.</summary>
    public int Notices { get; private set; }

    /// <summary>The earliest start and the latest end of any session that counts.</summary>
    public LogTime First { get; private set; }

    /// <inheritdoc cref="First"/>
    public LogTime Last { get; private set; }

    /// <summary>Takes a notice.</summary>
    /// <param name="notice">The notice.</param>
    /// <param name="source">A number of the mailbox.</param>
    public void Add(Notice notice, ulong source = 1)
    {
        if (notice.Time.IsKnown && !_doubledNotices.IsNew(notice, source))
        {
            return;
        }

        Notices++;
        _joiner.ServerName ??= notice.ServerName;
        Server.Add(notice.ServerName);
        _notices.Add(notice);
    }

    /// <summary>Takes events of a log, in order.</summary>
    /// <param name="events">The events.</param>
    /// <param name="source">A number of the log where others may hold the same lines; 0 where none does.</param>
    /// <param name="pairs">Finds the copies in a log whose lines stand twice; null for any other.</param>
    public void Add(ReadOnlySpan<SmtpEvent> events, ulong source = 0, PairedLines? pairs = null)
    {
        foreach (ref readonly var e in events)
        {
            if (pairs?.IsSecond(e) == true)
            {
                continue;
            }

            if (source != 0 && !_doubled.IsNew(e, source))
            {
                continue;
            }

            if (Relays.Take(e))
            {
                continue;
            }

            Server.Note(e);
            if (e.Kind == SmtpEventKind.RateStatistics)
            {
                if (e.Limit == SmtpLimit.ConnectionRate)
                {
                    Ledger.NoteRate(e.Client, e.Number);
                }
            }
            else if (_joiner.Add(e) is null && e.Kind == SmtpEventKind.ServerTrouble)
            {
                Ledger.NoteTrouble(e);
            }
        }
    }

    /// <summary>Ends the logs: what is still open is cut off there.</summary>
    public void FinishLogs() => _joiner.Finish();

    /// <summary>Ends it all: notices that no log line belongs to become sessions, and every history is put in order.</summary>
    public void Finish()
    {
        foreach (var session in _notices.Rest())
        {
            Count(session);
        }

        Ledger.Finish();
    }

    private void AddOrdinary(OrdinarySession session)
    {
        if (IsWithin(session.Start))
        {
            Span(session.Start, session.End);
            Ledger.AddOrdinary(session.Client, session.Start, session.End, session.Accepted, session.IsAuthenticated, session.User);
        }
    }

    private void Add(OpenSession session) => Count(_notices.Complete(session.ToSession(_joiner.ServerName, _texts)));

    private void Count(SmtpSession session)
    {
        if (IsWithin(session.Start))
        {
            Span(session.Start, session.End);
            Ledger.Add(session);
        }
    }

    private bool IsWithin(LogTime start) =>
        !start.IsKnown || ((!_since.IsKnown || start >= _since) && (!_until.IsKnown || start <= _until));

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
