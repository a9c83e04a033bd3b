using Postern.Facts;

namespace Postern.Classification.Sessions;

/// <summary>The notices of one client in order of time, each of which can be taken once.</summary>
internal sealed class ClientNotices
{
    private readonly List<Entry> _entries = [];
    private bool _isSorted;

    /// <summary>Notices that nobody took.</summary>
    public IEnumerable<Notice> Rest => _entries.Where(entry => !entry.IsTaken).Select(entry => entry.Notice);

    /// <summary>Adds a notice; all are added before any is taken.</summary>
    public void Add(Notice notice)
    {
        _isSorted = false;
        _entries.Add(new Entry(notice));
    }

    /// <summary>
    /// Takes the notice that is nearest in time to the end of a session, the earliest of equals, among those whose commands
    /// agree with the session's; null where there is none.
    /// </summary>
    /// <param name="end">When the session ended.</param>
    /// <param name="counts">The session's commands.</param>
    /// <param name="isContinuation">True for a part of a transcript that goes on from another.</param>
    /// <param name="tolerance">How far a notice may be from the end, in ticks.</param>
    public Notice? Take(LogTime end, CommandCounts counts, bool isContinuation, long tolerance)
    {
        if (!_isSorted)
        {
            _entries.Sort(static (a, b) => a.Notice.Time.CompareTo(b.Notice.Time));
            _isSorted = true;
        }

        // A log without offsets is read in this machine's zone, the notice has the server's: then the readings of the
        // clock agree where the instants do not.
        return TakeNear(end.UtcTicks, counts, isContinuation, tolerance)
            ?? TakeNear(end.LocalTicks - (_entries[0].Notice.Time.LocalTicks - _entries[0].Notice.Time.UtcTicks), counts, isContinuation, tolerance);
    }

    private Notice? TakeNear(long utcTicks, CommandCounts counts, bool isContinuation, long tolerance)
    {
        var first = FirstAt(utcTicks - tolerance);
        var mayBePart = isContinuation || HasContinuation(first, utcTicks + tolerance);
        Entry? best = null;
        for (var i = first; i < _entries.Count && _entries[i].Notice.Time.UtcTicks <= utcTicks + tolerance; i++)
        {
            var entry = _entries[i];
            if (!entry.IsTaken && entry.IsContinuation == isContinuation
                && (best is null || Distance(entry, utcTicks) < Distance(best, utcTicks))
                && entry.Tally.Agrees(counts, mayBePart || entry.Notice.Dialogue.Count >= Notice.MostLines))
            {
                best = entry;
            }
        }

        if (best is not null)
        {
            best.IsTaken = true;
        }

        return best?.Notice;
    }

    private bool HasContinuation(int first, long last)
    {
        for (var i = first; i < _entries.Count && _entries[i].Notice.Time.UtcTicks <= last; i++)
        {
            if (_entries[i] is { IsTaken: false, IsContinuation: true })
            {
                return true;
            }
        }

        return false;
    }

    private int FirstAt(long utcTicks)
    {
        int low = 0, high = _entries.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_entries[middle].Notice.Time.UtcTicks < utcTicks)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static long Distance(Entry entry, long utcTicks) => Math.Abs(entry.Notice.Time.UtcTicks - utcTicks);

    private sealed class Entry(Notice notice)
    {
        public Notice Notice { get; } = notice;

        public CommandTally Tally { get; } = CommandTally.Of(notice.Dialogue);

        // A transcript begins with the greeting, unless it is the rest of a long one.
        public bool IsContinuation { get; } =
            notice.Dialogue.Count > 0 && (notice.Dialogue[0].FromClient || !notice.Dialogue[0].Text.Span.StartsWith("220"u8));

        public bool IsTaken { get; set; }
    }
}
