using Postern.Facts;

namespace Postern.Classification.Sessions;

/// <summary>
/// Finds the second of each two lines in a log in which every line stands twice, such as one that two rules of syslog write. Two equal
/// lines that follow each other within one session are mostly copies, and in a log where nearly all do they certainly are: no process
/// of Postfix says twice that a client connected, and a client that comes twice within a second says all of it before it says any again.
/// </summary>
internal sealed class PairedLines
{
    private const int Stretch = 64;
    private const int FewestPairs = 6;
    private const double Nearly = 0.9;
    private const int MostSessions = 65_536;
    private readonly Dictionary<ulong, (ulong Line, bool IsCopy)> _last = [];
    private int _lines, _pairs, _connects;

    /// <summary>True where the lines that were looked at last stand twice.</summary>
    public bool IsDoubled { get; private set; }

    /// <summary>Looks at the first lines of a log at once.</summary>
    public static bool AreDoubled(ReadOnlySpan<SmtpEvent> events)
    {
        var lines = new PairedLines();
        foreach (ref readonly var e in events)
        {
            lines.Count(e);
        }

        return lines.Decide();
    }

    /// <summary>Takes the next line of a log of which nothing is known yet.</summary>
    /// <returns>True where it is a copy of the one before it.</returns>
    public bool IsCopy(in SmtpEvent e)
    {
        var isCopy = Count(e);
        if (_lines >= Stretch)
        {
            IsDoubled = Decide();
            _lines = _pairs = _connects = 0;
        }

        return isCopy && IsDoubled;
    }

    /// <summary>Takes the next line of a log whose lines stand twice.</summary>
    /// <returns>True where it is a copy of the one before it.</returns>
    public bool IsSecond(in SmtpEvent e) => Count(e);

    private bool Count(in SmtpEvent e)
    {
        var session = e.Conversation != 0 ? e.Conversation : e.QueueId != 0 ? e.QueueId : SeededHash.Of64(e.Client.High, e.Client.Low);
        var line = DoubledLines.HashOf(e);
        var isCopy = _last.TryGetValue(session, out var last) && last.Line == line && !last.IsCopy;
        if (_last.Count >= MostSessions)
        {
            _last.Clear();
        }

        _last[session] = (line, isCopy);
        _lines++;
        _pairs += isCopy ? 1 : 0;
        _connects += isCopy && e.Kind == SmtpEventKind.Connect ? 1 : 0;
        return isCopy;
    }

    private bool Decide() => _pairs >= FewestPairs && _connects > 0 && _pairs * 2 >= _lines * Nearly;
}
