using Postern.Capture.Envelopes;
using Postern.Capture.Headers;
using Postern.Capture.Stamps;
using Postern.Facts;

namespace Postern.Capture.Grammar;

/// <summary>What kind of line it was, for the counts of a report.</summary>
internal enum LineClass : byte
{
    /// <summary>No stamp, host and program that could be read.</summary>
    Unparsed,
    /// <summary>A line of another program.</summary>
    Foreign,
    /// <summary>A line of Postfix that says nothing of a session.</summary>
    Postfix,
    /// <summary>A line of a daemon that talks to clients, in a form that is not known.</summary>
    Unknown,
    /// <summary>A line of Postfix that became an event.</summary>
    Event,
}

/// <summary>
/// Reads lines of a mail log into events. One grammar a thread: it keeps the last stamp, which most lines repeat.
/// </summary>
internal sealed class LineGrammar
{
    private const int DomainsRemembered = 256;
    private const int LongestMessageId = 48;
    private readonly MailReading _reading;
    private readonly ulong[] _deliveredHere;
    private readonly StampReader _stamps;
    private readonly LocalClock _clock;
    private readonly JournalEntry _entry = new();
    private readonly EnvelopeReader _envelopes = new();
    private readonly SupervisorCopies _copies = new();

    /// <summary>A grammar for stamps without offset in this zone.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="reading">What of mail on its way is told of, too; other lines of it are passed over at once.</param>
    public LineGrammar(TimeZoneInfo zone, MailReading reading = MailReading.None)
    {
        _reading = reading;
        _deliveredHere = reading.HasFlag(MailReading.Relaying) ? new ulong[DomainsRemembered] : [];
        _stamps = new StampReader(zone);
        _clock = new LocalClock(zone);
    }

    /// <summary>Who wrote the last line of an unknown form.</summary>
    public PostfixDaemon UnknownDaemon { get; private set; }

    /// <summary>Its message; good as long as the line is.</summary>
    public ReadOnlyMemory<byte> UnknownMessage { get; private set; }

    /// <summary>The earliest and latest stamp of any line read so far.</summary>
    public LogTime First { get; private set; }

    /// <inheritdoc cref="First"/>
    public LogTime Last { get; private set; }

    /// <summary>True for a log without stamps, such as <c>journalctl -o cat</c> prints: its lines are read all the same, and their time stays unknown.</summary>
    public bool ReadsUnstamped { get; set; }

    /// <summary>The host of the first line of a program that could be read; null where none was named.</summary>
    public string? Host { get; private set; }

    /// <summary>Starts a stretch of another log, whose first traditional stamp is in that year, after a line of that month.</summary>
    public void StartAt(int year, int month)
    {
        _envelopes.Reset();
        _copies.Reset();
        _stamps.Restart();
        GoOnAt(year, month);
    }

    /// <summary>Tells when the lines that follow were read, UTC ticks, and whether they were written just before: by that, doubled hours are told apart.</summary>
    public void ReadAt(long utcTicks, bool isLive) => _stamps.ReadAt(utcTicks, isLive);

    /// <summary>Goes on with the log: a line that was parted goes on, too.</summary>
    public void GoOnAt(int year, int month)
    {
        _stamps.StartAt(year, month);
        First = default;
        Last = default;
    }

    /// <summary>
    /// Reads one line, without its line feed. The event's texts point into <paramref name="line"/> (for journal entries into a
    /// copy of their own).
    /// </summary>
    public LineClass Read(ReadOnlyMemory<byte> line, ref SmtpEvent e)
    {
        var span = line.Span;
        if (!span.IsEmpty && span[^1] == '\r')
        {
            line = line[..^1];
            span = line.Span;
        }

        if (span.Length < 8)
        {
            _copies.Note(span);
            return LineClass.Foreign;
        }

        if (span[0] == '{')
        {
            return ReadJournal(line, ref e);
        }

        var at = StampReader.SkipPriority(span, 0, out var isRfc5424);
        var stamp = _stamps.Read(span[at..], out var time);
        if (stamp == 0)
        {
            return ReadEnveloped(line, ref e);
        }

        at += stamp;
        var found = isRfc5424 ? LineHeader.TryReadRfc5424(span, at, out var header) : LineHeader.TryRead(span, at, out header);
        return found && !(header.Daemon == PostfixDaemon.Other && AnsiCodes.Has(span))
            ? ReadLine(in header, line[header.Message..], time, ref e) : ReadEnveloped(line, ref e);
    }

    private LineClass ReadLine(in LineHeader header, ReadOnlyMemory<byte> message, LogTime time, ref SmtpEvent e)
    {
        Note(time);
        Host ??= HostOf(header);
        if (header.Daemon != PostfixDaemon.Other)
        {
            return IsPassedOver(header.Daemon) ? LineClass.Postfix : ReadMessage(message, in header, time, ref e);
        }

        if (header.IsWrapper(message.Span))
        {
            var inner = new EnvelopedLine();
            if (_envelopes.TryReadNested(message, ref inner))
            {
                time = inner.Stamp.IsAbsolute ? _stamps.Resolve(inner.Stamp) : time;
                return ReadFound(ref inner, time, ref e);
            }
        }

        return header.IsDaemonUntold ? ReadMessage(message, in header, time, ref e)
            : header.IsPostfix ? LineClass.Postfix : LineClass.Foreign;
    }

    private LineClass ReadEnveloped(ReadOnlyMemory<byte> line, ref SmtpEvent e)
    {
        if (line.Span.StartsWith("\uFEFF"u8))
        {
            return Read(line[3..], ref e);
        }

        var found = new EnvelopedLine();
        var result = _envelopes.Read(line, ref found);
        if (result == EnvelopeResult.Partial)
        {
            return LineClass.Foreign;
        }

        var time = _stamps.Resolve(found.Stamp);
        if (result == EnvelopeResult.Line && (time.IsKnown || ReadsUnstamped))
        {
            return ReadFound(ref found, time, ref e);
        }

        if (ReadsUnstamped && result == EnvelopeResult.None)
        {
            var header = LineHeader.FromFields(default, default, default);
            if (ReadMessage(line, in header, default, ref e) == LineClass.Event)
            {
                return LineClass.Event;
            }
        }

        _copies.Note(line.Span);
        return !_copies.IsHeadline && PostfixTraces.Has(line) ? LineClass.Unparsed : LineClass.Foreign;
    }

    private LineClass ReadFound(ref EnvelopedLine found, LogTime time, ref SmtpEvent e)
    {
        if (time.IsKnown)
        {
            Note(time);
        }

        var header = found.Header;
        Host ??= HostOf(header);
        return IsPassedOver(header.Daemon) ? LineClass.Postfix
            : header.Daemon != PostfixDaemon.Other || header.IsDaemonUntold ? ReadMessage(found.Message, in header, time, ref e)
            : header.IsPostfix ? LineClass.Postfix : LineClass.Foreign;
    }

    private LineClass ReadJournal(ReadOnlyMemory<byte> line, ref SmtpEvent e)
    {
        if (!_entry.TryRead(line.Span, _clock, out var time))
        {
            return _entry.IsOthers ? LineClass.Foreign : ReadEnveloped(line, ref e);
        }

        var header = _entry.Header;
        var isTold = header.Daemon != PostfixDaemon.Other || header.IsDaemonUntold || header.IsWrapper(_entry.Message.Span);
        return ReadLine(in header, isTold ? _entry.Message.ToArray() : default, time, ref e);
    }

    private bool IsPassedOver(PostfixDaemon daemon) => daemon switch
    {
        PostfixDaemon.Smtp => _reading == MailReading.None,
        PostfixDaemon.Pickup => !_reading.HasFlag(MailReading.Outbound),
        PostfixDaemon.Qmgr or PostfixDaemon.Delivery => !_reading.HasFlag(MailReading.Relaying),
        _ => false,
    };

    private LineClass ReadMessage(ReadOnlyMemory<byte> message, in LineHeader header, LogTime time, ref SmtpEvent e)
    {
        if (header.Daemon == PostfixDaemon.Cleanup && CleanupGrammar.IsMessageId(message.Span))
        {
            return LineClass.Postfix;
        }

        e = default;
        message = InsideRepetition(WithoutMessageId(AnsiCodes.Remove(message)), out var repeats);
        var daemon = header.Daemon;
        var found = daemon switch
        {
            PostfixDaemon.Smtpd => SmtpdGrammar.Read(message, ref e),
            PostfixDaemon.Postscreen => PostscreenGrammar.Read(message, ref e),
            PostfixDaemon.Tlsproxy => TlsproxyGrammar.Read(message, ref e),
            PostfixDaemon.Anvil => AnvilGrammar.Read(message, ref e),
            PostfixDaemon.Cleanup => CleanupGrammar.Read(message, ref e),
            PostfixDaemon.Dnsblog => DnsblogGrammar.Read(message, ref e),
            PostfixDaemon.Smtp => DeliveryGrammar.ReadDelivery(message, ref e),
            PostfixDaemon.Pickup => DeliveryGrammar.ReadPickup(message, ref e),
            PostfixDaemon.Qmgr => DeliveryGrammar.ReadSender(message, ref e),
            PostfixDaemon.Delivery => DeliveryGrammar.ReadDeliveryHere(message, _deliveredHere, ref e),
            PostfixDaemon.Other => UntoldDaemon.Read(message, ref e, out daemon),
            _ => false,
        };
        if (!found)
        {
            e = default;
            if (header.Daemon is PostfixDaemon.Smtp or PostfixDaemon.Pickup or PostfixDaemon.Qmgr or PostfixDaemon.Delivery)
            {
                return LineClass.Postfix;
            }

            if (!TroubleGrammar.Read(message, ref e))
            {
                // Where the daemon is not told, any of Postfix may have said it.
                return header.Daemon == PostfixDaemon.Other ? LineClass.Postfix : Unread(header.Daemon, message);
            }
        }

        if (daemon == PostfixDaemon.Smtp && header.Program.EndsWith("/relay/smtp"u8))
        {
            e.Number |= SmtpEvent.ByRelayService;
        }

        daemon = daemon == PostfixDaemon.Other ? PostfixDaemon.Smtpd : daemon;
        e.Repeats = repeats;
        e.Time = time;
        e.Daemon = daemon;
        e.IsSubmission = header.IsSubmission;
        e.IsCopy = _copies.IsWithin;
        if (daemon == PostfixDaemon.Smtpd)
        {
            e.Conversation = header.Program.IsEmpty ? UntoldDaemon.Conversation(e.Client) : header.Conversation;
        }
        else if (daemon == PostfixDaemon.Tlsproxy)
        {
            e.Number = (int)header.Conversation;
        }

        return LineClass.Event;
    }

    private LineClass Unread(PostfixDaemon daemon, ReadOnlyMemory<byte> message)
    {
        if (KnownLines.Contains(daemon, message.Span))
        {
            return LineClass.Postfix;
        }

        UnknownDaemon = daemon;
        UnknownMessage = message;
        return LineClass.Unknown;
    }

    // "[ID 197553 mail.info] " as the syslog of Solaris and its heirs writes before each message (msgid of log(4D)).
    private static ReadOnlyMemory<byte> WithoutMessageId(ReadOnlyMemory<byte> message)
    {
        var text = message.Span;
        if (!text.StartsWith("[ID "u8))
        {
            return message;
        }

        var end = text[..Math.Min(text.Length, LongestMessageId)].IndexOf("] "u8);
        return end > 4 && char.IsAsciiDigit((char)text[4]) ? message[(end + 2)..] : message;
    }

    // rsyslog's RepeatedMsgReduction: "message repeated 3 times: [ lost connection after … ]".
    private static ReadOnlyMemory<byte> InsideRepetition(ReadOnlyMemory<byte> message, out int repeats)
    {
        var text = message.Span;
        repeats = 0;
        if (text.IsEmpty || text[0] != 'm' || !text.StartsWith("message repeated "u8))
        {
            return message;
        }

        var open = text[..Math.Min(text.Length, 40)].IndexOf(" times: ["u8);
        if (open < 0)
        {
            return message;
        }

        repeats = Math.Max(0, Digits.Leading(text[17..open], out _) - 1);
        var from = open + 9;
        var to = text[^1] == ']' ? text.Length - 1 : text.Length;
        if (from < to && text[from] == ' ')
        {
            from++;
        }

        return message[from..Math.Max(from, to)];
    }

    private static string? HostOf(in LineHeader header) => header.Host.IsEmpty ? null : System.Text.Encoding.UTF8.GetString(header.Host);

    private void Note(LogTime time)
    {
        if (time > Last)
        {
            Last = time;
        }

        if (!First.IsKnown || time < First)
        {
            First = time;
        }
    }
}
