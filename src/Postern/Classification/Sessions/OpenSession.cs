using Postern.Classification.Texts;
using Postern.Facts;

namespace Postern.Classification.Sessions;

/// <summary>A session that is being put together from its lines. Used again after it is closed.</summary>
internal sealed class OpenSession
{
    private const int MostEvents = 64;
    private const int LongestText = 512;
    private readonly byte[] _tls = new byte[64];
    private readonly byte[] _user = new byte[128];
    private int _userLength;
    private int _tlsLength;
    private List<SessionEvent>? _events;
    private readonly byte[] _name = new byte[255];
    private List<byte>? _lines;
    private int _nameLength;
    private ulong _lostQueueId;
    private bool _lostAhead;

    /// <summary>Who.</summary>
    public ClientAddress Client { get; private set; }

    /// <summary>The last line seen.</summary>
    public LogTime Last { get; private set; }

    /// <summary>The last queue id, for the refusals that cleanup logs.</summary>
    public ulong QueueId { get; private set; }

    /// <summary>How late its last <c>client=</c> line came, of all sessions.</summary>
    public long QueueTurn { get; set; }

    /// <summary>True where nothing notable was seen.</summary>
    public bool IsPlain => _events is null or { Count: 0 };

    /// <summary>
    /// True where postscreen let the client pass and nothing but that was seen: the connection goes on in smtpd. A client that
    /// postscreen has tested to the end, and sent off with 450 4.3.2, passes only on its next connection.
    /// </summary>
    public bool IsHandedOver => _events is not null && _events.TrueForAll(static e => e.Kind is SmtpEventKind.Pass);

    /// <summary>Where its first line stands; the default value where nobody keeps places.</summary>
    public LineOrigin Origin { get; private set; }

    /// <summary>When its last line arrived, ticks of the watcher's clock.</summary>
    public long LastArrival { get; private set; }

    /// <summary>True where something notable was seen that no report has told yet.</summary>
    public bool HasNews { get; set; }

    /// <summary>Refusals so far.</summary>
    public int Refusals { get; private set; }

    /// <summary>True where Postfix hung up because of a command of another protocol.</summary>
    public bool WasCutOff { get; private set; }

    /// <summary>A copy of its telling lines, where they are watched; bounded by <see cref="Failure.MostText"/>.</summary>
    public ReadOnlyMemory<byte> Lines => _lines is { Count: > 0 } ? _lines.ToArray() : default;

    private LogTime Start { get; set; }
    private bool StartSeen { get; set; }
    private PostfixDaemon Daemon { get; set; }
    private bool IsSubmission { get; set; }
    private bool IsAuthenticated { get; set; }
    private int QueueFiles { get; set; }
    private int RejectedMessages { get; set; }
    private string? ClaimedName { get; set; }
    private SessionEnd Ending { get; set; }
    private SmtpStage EndStage { get; set; }
    private CommandCounts Counts { get; set; }

    /// <summary>Starts with a line of the session, its first or any later one.</summary>
    public void Open(in SmtpEvent e, string? claimedName, in LineOrigin origin)
    {
        _events?.Clear();
        _lines?.Clear();
        Origin = origin with { Line = default };
        LastArrival = origin.Arrival;
        HasNews = WasCutOff = false;
        Client = e.Client;
        Start = Last = e.Time;
        StartSeen = e.Kind == SmtpEventKind.Connect;
        Daemon = e.Daemon;
        IsSubmission = e.IsSubmission;
        IsAuthenticated = false;
        QueueId = 0;
        QueueFiles = RejectedMessages = Refusals = _tlsLength = _nameLength = _userLength = 0;
        ClaimedName = claimedName;
        Ending = SessionEnd.NotSeen;
        EndStage = SmtpStage.None;
        Counts = default;
        _lostQueueId = 0;
        _lostAhead = false;
    }

    /// <summary>Adds a line of the session.</summary>
    public void Add(in SmtpEvent e, in LineOrigin origin)
    {
        Last = e.Time;
        LastArrival = origin.Arrival;
        if (!origin.Line.IsEmpty && e.Kind is not (SmtpEventKind.Connect or SmtpEventKind.QueueFile or SmtpEventKind.TlsEstablished))
        {
            KeepLine(Secrets.RemoveFromLine(origin.Line).Span);
        }

        switch (e.Kind)
        {
            case SmtpEventKind.Connect:
                break;
            case SmtpEventKind.Authenticated:
                IsAuthenticated = true;
                KeepUser(e.Text.Span);
                goto case SmtpEventKind.QueueFile;
            case SmtpEventKind.QueueFile:
                QueueFiles++;
                QueueId = e.QueueId;
                _lostQueueId = _lostAhead ? e.QueueId : _lostQueueId;
                _lostAhead = false;
                break;
            case SmtpEventKind.TlsEstablished:
                KeepTls(e.Text.Span);
                break;
            case SmtpEventKind.Disconnect:
                Counts = e.Counts;
                Ending = Ending == SessionEnd.NotSeen ? SessionEnd.Closed : Ending;
                Name(e);
                break;
            case SmtpEventKind.LostConnection:
                (Ending, EndStage) = (SessionEnd.LostConnection, e.Stage);
                Name(e);
                break;
            case SmtpEventKind.Timeout:
                (Ending, EndStage) = (SessionEnd.Timeout, e.Stage);
                Name(e);
                break;
            case SmtpEventKind.TooManyErrors:
                (Ending, EndStage) = (SessionEnd.TooManyErrors, e.Stage);
                HasNews = true;
                Name(e);
                break;
            case SmtpEventKind.MessageRejected:
                RejectedMessages++;
                Keep(e);
                break;
            case SmtpEventKind.Discarded or SmtpEventKind.MessageTooBig:
                NoteLost(e.QueueId);
                Name(e);
                Keep(e);
                break;
            default:
                Name(e);
                Keep(e);
                break;
        }
    }

    /// <summary>
    /// True, and the session in short, where it only delivered: it took mail, refused nothing, and ended in good order or
    /// after the mail.
    /// </summary>
    public bool TryOrdinary(TextPool texts, out OrdinarySession session)
    {
        var accepted = Accepted();
        session = new OrdinarySession(Client, Start, Last, accepted, IsAuthenticated, User(texts));
        return accepted > 0 && IsPlain && RejectedMessages == 0 && (!Counts.IsKnown || Counts.NoneRefused);
    }

    /// <summary>The session as a fact, with all that was copied out of the log.</summary>
    public SmtpSession ToSession(string? serverName, TextPool texts) => new()
    {
        Client = Client,
        HostName = _nameLength == 0 ? null : texts.Get(_name.AsSpan(0, _nameLength)),
        ClaimedName = ClaimedName,
        Start = Start,
        End = Last,
        Ending = Ending,
        EndStage = EndStage,
        Counts = Counts,
        Accepted = Accepted(),
        IsAuthenticated = IsAuthenticated,
        User = User(texts),
        IsPostscreen = Daemon == PostfixDaemon.Postscreen,
        IsSubmission = IsSubmission,
        StartSeen = StartSeen,
        ServerName = serverName,
        TlsOutcome = _tlsLength == 0 ? null : texts.Get(_tls.AsSpan(0, _tlsLength)),
        Events = _events is null ? [] : [.. _events],
    };

    // A queue file is opened with the first recipient; only DATA or BDAT brings the message. Postfix counts a message
    // that was refused at its end among those tried, not among those accepted.
    private int Accepted()
    {
        var taken = Math.Max(0, QueueFiles - RejectedMessages);
        if (!Counts.IsKnown)
        {
            return EndStage is SmtpStage.Data or SmtpStage.Bdat or SmtpStage.Rcpt ? Math.Max(0, taken - 1) : taken;
        }

        var data = Counts.Accepted(SmtpVerb.Data);
        if (Counts.Accepted(SmtpVerb.Bdat) > 0)
        {
            data += Math.Max(1, taken - data);
        }

        if (EndStage is SmtpStage.Data or SmtpStage.Bdat && Ending is SessionEnd.LostConnection or SessionEnd.Timeout)
        {
            data = Math.Min(data, Math.Max(0, taken - 1));
        }

        return QueueFiles == 0 ? Math.Max(0, data - RejectedMessages) : Math.Min(data, taken);
    }

    // A message that is thrown away is told of once a recipient, the first time before it has a queue id; one that is too big by
    // smtpd and cleanup. Either is one message that was not delivered.
    private void NoteLost(ulong queueId)
    {
        if (queueId == 0 ? !_lostAhead : queueId != _lostQueueId)
        {
            RejectedMessages++;
        }

        _lostAhead = queueId == 0;
        _lostQueueId = queueId == 0 ? _lostQueueId : queueId;
    }

    // Kept as bytes: most sessions only deliver, and their names are never asked for.
    private void Name(in SmtpEvent e)
    {
        if (_nameLength == 0 && !e.HostName.IsEmpty && !e.HostName.Span.SequenceEqual("unknown"u8))
        {
            _nameLength = Math.Min(e.HostName.Length, _name.Length);
            e.HostName.Span[.._nameLength].CopyTo(_name);
        }
    }

    // "TLSv1.3 with cipher …": most sessions have one and deliver, so it becomes a string only for those that do not.
    private void KeepTls(ReadOnlySpan<byte> text)
    {
        _tlsLength = Math.Min(text.Length, _tls.Length);
        text[.._tlsLength].CopyTo(_tls);
    }

    // "sasl_method=PLAIN, sasl_username=alice[, sasl_sender=…]": Postfix's own attributes, the method one that let the user in.
    private void KeepUser(ReadOnlySpan<byte> text)
    {
        var at = text.IndexOf("sasl_username="u8);
        if (at < 0)
        {
            return;
        }

        var name = text[(at + 14)..];
        var end = name.LastIndexOf(", sasl_sender="u8);
        name = end < 0 ? name : name[..end];
        _userLength = Math.Min(name.Length, _user.Length);
        name[.._userLength].CopyTo(_user);
    }

    private string? User(TextPool texts) => _userLength == 0 ? null : texts.Get(_user.AsSpan(0, _userLength));

    private void KeepLine(ReadOnlySpan<byte> line)
    {
        _lines ??= [];
        if (_lines.Count + line.Length < Failure.MostText)
        {
            _lines.AddRange(line);
            _lines.Add((byte)'\n');
        }
    }

    private void Keep(in SmtpEvent e)
    {
        HasNews = true;
        WasCutOff |= e.Kind == SmtpEventKind.NonSmtpCommand;
        Refusals += e.Kind is SmtpEventKind.Reject or SmtpEventKind.MessageRejected ? 1 + e.Repeats : 0;
        _events ??= [];
        if (_events.Count < MostEvents)
        {
            ReadOnlyMemory<byte> text = e.Text[..Math.Min(e.Text.Length, LongestText)].ToArray();
            if (e.Kind is SmtpEventKind.NonSmtpCommand or SmtpEventKind.Pipelining or SmtpEventKind.Pregreet or SmtpEventKind.BareNewline)
            {
                text = e.Stage == SmtpStage.Auth && !text.IsEmpty ? Secrets.Hidden : Secrets.Remove(text);
            }

            var kept = new SessionEvent(e.Kind, e.Stage, e.Number, text);
            for (var times = Math.Min(e.Repeats, MostEvents - _events.Count - 1); times >= 0; times--)
            {
                _events.Add(kept);
            }
        }
    }
}
