using Postern.Capture.Grammar;
using Postern.Capture.Stamps;
using Postern.Facts;

namespace Postern.Capture.Journal;

/// <summary>Reads entries of <c>journalctl --output=json</c> as lines of a log with a time of their own.</summary>
/// <param name="zone">The zone of this machine.</param>
internal sealed class JournalText(TimeZoneInfo zone)
{
    private readonly JournalEntry _entry = new();
    private readonly LocalClock _clock = new(zone);

    /// <summary>One entry; false where it has no message, program or time.</summary>
    /// <param name="line">The entry.</param>
    /// <param name="text"><c>host program[pid]: message</c>.</param>
    /// <param name="time">When it was logged.</param>
    public bool TryRead(ReadOnlySpan<byte> line, out string text, out LogTime time)
    {
        var isEntry = _entry.TryRead(line, _clock, out time);
        text = isEntry ? _entry.ToLogLine() : "";
        return isEntry;
    }
}
