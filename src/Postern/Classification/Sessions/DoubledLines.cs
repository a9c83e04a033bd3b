using Postern.Facts;

namespace Postern.Classification.Sessions;

/// <summary>
/// Lets a line through once where several inputs hold it: a log that was given twice, a line that syslog wrote into two files, a copy
/// that a supervisor made. Equal lines of one input are several: a line counts as often as the input that has it most often. Lines are
/// compared by the second, for one writer may stamp finer than another.
/// </summary>
/// <param name="most">So many lines are remembered; the oldest are forgotten first.</param>
internal sealed class DoubledLines(int most)
{
    private readonly HashSet<ulong> _known = [];
    private readonly Queue<ulong> _order = new();
    private readonly Dictionary<ulong, (int Times, long Last)> _times = [];
    private readonly Queue<(ulong Key, long At)> _timesOrder = new();
    private long _new;

    /// <summary>Takes the next notice: of equal ones of one mailbox each is a session.</summary>
    /// <param name="notice">The notice.</param>
    /// <param name="source">A number of the mailbox.</param>
    /// <returns>False where another mailbox holds it.</returns>
    public bool IsNew(Notice notice, ulong source)
    {
        var hash = SeededHash.Of64(notice.Client.High, (ulong)notice.Time.UtcTicks);
        hash = SeededHash.Add(hash, notice.Client.Low);
        foreach (var line in notice.Dialogue)
        {
            hash = SeededHash.Add(hash, line.FromClient ? 1UL : 2UL);
            hash = SeededHash.Add(hash, SeededHash.Of(line.Text.Span));
        }

        return IsNew(hash, source);
    }

    /// <summary>Takes the next line.</summary>
    /// <param name="e">The line.</param>
    /// <param name="source">A number of the input that it comes from.</param>
    /// <returns>False where another input has told of it.</returns>
    public bool IsNew(in SmtpEvent e, ulong source) => IsNew(HashOf(e), e.IsCopy ? ~source : source);

    private bool IsNew(ulong line, ulong source)
    {
        var times = Count(line, source);
        var hash = SeededHash.Add(line, (ulong)times);
        if (!_known.Add(hash))
        {
            return false;
        }

        _new++;
        _order.Enqueue(hash);
        if (_order.Count > most)
        {
            _known.Remove(_order.Dequeue());
        }

        return true;
    }

    // The how manieth this is in its own input.
    private int Count(ulong line, ulong source)
    {
        var key = SeededHash.Add(line, source);
        var times = _times.GetValueOrDefault(key).Times + 1;
        _times[key] = (times, _new);
        _timesOrder.Enqueue((key, _new));
        // As long as any of the equal lines is remembered: who forgot their number first would take the next one for one of them.
        while (_timesOrder.Peek() is var oldest && (oldest.At + most < _new || _timesOrder.Count > 4L * most))
        {
            _timesOrder.Dequeue();
            if (_times.TryGetValue(oldest.Key, out var known) && known.Last == oldest.At)
            {
                _times.Remove(oldest.Key);
            }
        }

        return times;
    }

    /// <summary>What a line says, as a number: the same for equal lines of one second.</summary>
    public static ulong HashOf(in SmtpEvent e)
    {
        var hash = SeededHash.Of64(e.Conversation, (ulong)(e.Time.UtcTicks / TimeSpan.TicksPerSecond));
        hash = SeededHash.Add(hash, ((ulong)e.Kind << 32) | ((ulong)e.Daemon << 16) | (ulong)e.Stage);
        hash = SeededHash.Add(hash, e.Client.High);
        hash = SeededHash.Add(hash, e.Client.Low);
        hash = SeededHash.Add(hash, e.QueueId);
        hash = SeededHash.Add(hash, ((ulong)e.Number << 32) ^ (ulong)e.Repeats);
        hash = SeededHash.Add(hash, SeededHash.Of(e.HostName.Span));
        return SeededHash.Add(hash, SeededHash.Of(e.Text.Span));
    }
}
