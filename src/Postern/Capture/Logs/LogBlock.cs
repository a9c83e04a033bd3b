using Postern.Capture.Grammar;
using Postern.Facts;

namespace Postern.Capture.Logs;

/// <summary>
/// A stretch of a log, cut at a line feed, with the events that were read from it. Blocks are used again and again, so
/// that the memory of a run does not grow with the log.
/// </summary>
internal sealed class LogBlock
{
    private readonly UnknownForms _forms = new();
    private SmtpEvent[] _events = new SmtpEvent[4096];

    /// <summary>Bytes that a block holds, and so the longest line that is read whole; what is beyond is cut off.</summary>
    public const int Size = 256 * 1024;

    /// <summary>The bytes.</summary>
    public byte[] Bytes { get; } = new byte[Size];

    /// <summary>How many of them are lines.</summary>
    public int Length { get; set; }

    /// <summary>The year of the first traditional stamp.</summary>
    public int Year { get; set; }

    /// <summary>The month of the traditional stamp before it, or 0.</summary>
    public int Month { get; set; }

    /// <summary>The events, in the order of their lines.</summary>
    public ReadOnlySpan<SmtpEvent> Events => _events.AsSpan(0, EventCount);

    /// <summary>How many events.</summary>
    public int EventCount { get; private set; }

    /// <summary>Lines in the block.</summary>
    public int Lines { get; private set; }

    /// <summary>Of these, lines of Postfix.</summary>
    public int PostfixLines { get; private set; }

    /// <summary>Of these, lines that could not be read, or whose form is not known.</summary>
    public int UnparsedLines { get; private set; }

    /// <summary>Lines of a daemon that talks to clients whose form is not known.</summary>
    public int UnknownLines { get; private set; }

    /// <summary>Their forms.</summary>
    public UnknownForms UnknownForms => _forms;

    /// <summary>Lines that belong to a session of smtpd or postscreen.</summary>
    public int SessionLines { get; private set; }

    /// <summary>The earliest stamp; unknown where there is none.</summary>
    public LogTime First { get; private set; }

    /// <summary>The latest stamp.</summary>
    public LogTime Last { get; private set; }

    /// <summary>Reads all lines with a grammar that no other thread uses meanwhile.</summary>
    public void Parse(LineGrammar grammar)
    {
        Lines = PostfixLines = UnparsedLines = UnknownLines = SessionLines = EventCount = 0;
        _forms.Clear();
        grammar.StartAt(Year, Month);
        var rest = Bytes.AsMemory(0, Length);
        while (!rest.IsEmpty)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            Add(grammar, line);
            rest = end < 0 ? default : rest[(end + 1)..];
        }

        First = grammar.First;
        Last = grammar.Last;
    }

    private void Add(LineGrammar grammar, ReadOnlyMemory<byte> line)
    {
        if (EventCount == _events.Length)
        {
            Array.Resize(ref _events, _events.Length * 2);
        }

        Lines++;
        switch (grammar.Read(line, ref _events[EventCount]))
        {
            case LineClass.Event:
                PostfixLines++;
                SessionLines += _events[EventCount].Conversation != 0 ? 1 : 0;
                EventCount++;
                break;
            case LineClass.Postfix:
                PostfixLines++;
                break;
            case LineClass.Unknown:
                PostfixLines++;
                UnparsedLines++;
                UnknownLines++;
                _forms.Add(grammar.UnknownDaemon, grammar.UnknownMessage.Span);
                break;
            case LineClass.Unparsed:
                UnparsedLines++;
                break;
            default:
                break;
        }
    }
}
