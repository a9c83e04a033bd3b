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
    private readonly StampReader _stamps;
    private readonly LocalClock _clock;
    private readonly JournalEntry _entry = new();

    /// <summary>A grammar for stamps without offset in this zone.</summary>
    public LineGrammar(TimeZoneInfo zone)
    {
        _stamps = new StampReader(zone);
        _clock = new LocalClock(zone);
    }

    /// <summary>The earliest and latest stamp of any line read so far.</summary>
    public LogTime First { get; private set; }

    /// <inheritdoc cref="First"/>
    public LogTime Last { get; private set; }

    /// <summary>Starts a stretch of the log whose first traditional stamp is in that year, after a line of that month.</summary>
    public void StartAt(int year, int month)
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
        if (span.Length < 8)
        {
            return LineClass.Unparsed;
        }

        if (span[^1] == '\r')
        {
            line = line[..^1];
            span = line.Span;
        }

        if (span[0] == '{')
        {
            return ReadJournal(span, ref e);
        }

        var at = SkipPriority(span, out var isRfc5424);
        var stamp = _stamps.Read(span[at..], out var time);
        if (stamp == 0)
        {
            return LineClass.Unparsed;
        }

        at += stamp;
        var found = isRfc5424 ? LineHeader.TryReadRfc5424(span, at, out var header) : LineHeader.TryRead(span, at, out header);
        if (!found)
        {
            return LineClass.Unparsed;
        }

        Note(time);
        return header.Daemon == PostfixDaemon.Other
            ? header.IsPostfix ? LineClass.Postfix : LineClass.Foreign
            : ReadMessage(line[header.Message..], in header, time, ref e);
    }

    private LineClass ReadJournal(ReadOnlySpan<byte> line, ref SmtpEvent e)
    {
        if (!_entry.TryRead(line, _clock, out var time))
        {
            return LineClass.Unparsed;
        }

        Note(time);
        var header = _entry.Header;
        return header.Daemon == PostfixDaemon.Other
            ? header.IsPostfix ? LineClass.Postfix : LineClass.Foreign
            : ReadMessage(_entry.Message.ToArray(), in header, time, ref e);
    }

    private static LineClass ReadMessage(ReadOnlyMemory<byte> message, in LineHeader header, LogTime time, ref SmtpEvent e)
    {
        e = default;
        message = InsideRepetition(message, out var repeats);
        var found = header.Daemon switch
        {
            PostfixDaemon.Smtpd => SmtpdGrammar.Read(message, ref e),
            PostfixDaemon.Postscreen => PostscreenGrammar.Read(message, ref e),
            PostfixDaemon.Tlsproxy => TlsproxyGrammar.Read(message, ref e),
            PostfixDaemon.Anvil => AnvilGrammar.Read(message, ref e),
            PostfixDaemon.Cleanup => CleanupGrammar.Read(message, ref e),
            PostfixDaemon.Dnsblog => DnsblogGrammar.Read(message, ref e),
            _ => false,
        };
        if (!found)
        {
            e = default;
            if (!TroubleGrammar.Read(message, ref e))
            {
                return KnownLines.Contains(header.Daemon, message.Span) ? LineClass.Postfix : LineClass.Unknown;
            }
        }

        e.Repeats = repeats;
        e.Time = time;
        e.Daemon = header.Daemon;
        e.IsSubmission = header.IsSubmission;
        if (header.Daemon == PostfixDaemon.Smtpd)
        {
            e.Conversation = Hash64.Of(header.Identity);
        }

        return LineClass.Event;
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

    // "<22>" before a traditional stamp, or "<22>1 " before one of RFC 5424.
    private static int SkipPriority(ReadOnlySpan<byte> line, out bool isRfc5424)
    {
        isRfc5424 = false;
        if (line[0] != '<')
        {
            return 0;
        }

        var end = line[..5].IndexOf((byte)'>');
        if (end < 2)
        {
            return 0;
        }

        if (line[end + 1] == '1' && line[end + 2] == ' ')
        {
            isRfc5424 = true;
            return end + 3;
        }

        return end + 1;
    }

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
