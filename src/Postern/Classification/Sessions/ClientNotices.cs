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
    /// Takes the notice that tells most of a session's commands, the nearest in time to its end of those that tell the same,
    /// among those whose commands agree with the session's; null where there is none. The order in which the notices were
    /// added does not matter: files of a Maildir come in any.
    /// </summary>
    /// <param name="end">When the session ended.</param>
    /// <param name="counts">The session's commands.</param>
    /// <param name="tolerance">How far a notice may be from the end, in ticks.</param>
    public Notice? Take(LogTime end, CommandCounts counts, long tolerance) => Take(end, counts, before: null, tolerance);

    /// <summary>Takes the next part of a transcript in the same way; null where there is none.</summary>
    /// <param name="end">When the session ended.</param>
    /// <param name="counts">The session's commands.</param>
    /// <param name="before">The commands of the parts before.</param>
    /// <param name="tolerance">How far a notice may be from the end, in ticks.</param>
    public Notice? TakeRest(LogTime end, CommandCounts counts, CommandTally before, long tolerance) => Take(end, counts, (CommandTally?)before, tolerance);

    private Notice? Take(LogTime end, CommandCounts counts, CommandTally? before, long tolerance)
    {
        if (!_isSorted)
        {
            _entries.Sort(static (a, b) => a.Notice.Time.CompareTo(b.Notice.Time) is var order and not 0 ? order : ByText(a.Notice.Dialogue, b.Notice.Dialogue));
            _isSorted = true;
        }

        // A log without offsets is read in this machine's zone, the notice has the server's: then the readings of the
        // clock agree where the instants do not.
        return TakeNear(end.UtcTicks, counts, before, tolerance)
            ?? TakeNear(end.LocalTicks - (_entries[0].Notice.Time.LocalTicks - _entries[0].Notice.Time.UtcTicks), counts, before, tolerance);
    }

    private Notice? TakeNear(long utcTicks, CommandCounts counts, CommandTally? before, long tolerance)
    {
        Entry? best = null;
        for (var i = FirstAt(utcTicks - tolerance); i < _entries.Count && _entries[i].Notice.Time.UtcTicks <= utcTicks + tolerance; i++)
        {
            var entry = _entries[i];
            if (!entry.IsTaken && entry.IsContinuation == before is not null
                && (best is null || IsNearer(entry, best, counts.IsKnown, utcTicks))
                && entry.Tally.With(before ?? default).Agrees(counts, before is not null || entry.Notice.Dialogue.Count >= Notice.MostLines))
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

    // All that agree tell no more than the session did, so that of parts, too, the fullest is likeliest its own.
    private static bool IsNearer(Entry entry, Entry best, bool isCounted, long utcTicks) =>
        isCounted && entry.Tally.All != best.Tally.All ? entry.Tally.All > best.Tally.All : Distance(entry, utcTicks) < Distance(best, utcTicks);

    private static long Distance(Entry entry, long utcTicks) => Math.Abs(entry.Notice.Time.UtcTicks - utcTicks);

    private static int ByText(IReadOnlyList<DialogueLine> left, IReadOnlyList<DialogueLine> right)
    {
        for (var i = 0; i < left.Count && i < right.Count; i++)
        {
            if (left[i].Text.Span.SequenceCompareTo(right[i].Text.Span) is var order and not 0)
            {
                return order;
            }
        }

        return left.Count.CompareTo(right.Count);
    }

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
