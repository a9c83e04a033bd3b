using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>
/// Finds the rhythm of a monitor: the same pause between sessions, again and again. One whose clock goes on while a session
/// comes late (a busy server, a lost packet) waits shorter before the next: that next one is on the beat again.
/// </summary>
internal static class SteadyInterval
{
    private const int FewestSessions = 4;

    // Of the sessions after the first: so many come on the beat, and so many right after one pause. Without the second, short
    // and long pauses by turns would be a rhythm, for two of them together are twice their mean.
    private const double OnBeat = 0.8;
    private const double AfterOnePause = 0.6;

    // A sum of several pauses varies less than each, so that rounds need more of them, and closer ones.
    private const int LargestRound = 6;
    private const int FewestRounds = 5;
    private const double OnTime = 0.9;
    private static readonly long s_shortestRound = TimeSpan.FromSeconds(20).Ticks;

    // Stamps of whole seconds make a pause of five seconds four to six.
    private static readonly long s_stampError = TimeSpan.FromSeconds(1).Ticks;
    private static readonly long s_shortest = TimeSpan.FromSeconds(2).Ticks;

    /// <summary>The interval, or null where there is none; marks in order of time.</summary>
    public static TimeSpan? Of(ReadOnlySpan<SessionMark> marks)
    {
        if (marks.Length < FewestSessions)
        {
            return null;
        }

        var pauses = new long[marks.Length - 1];
        for (var i = 1; i < marks.Length; i++)
        {
            pauses[i - 1] = marks[i].Time.UtcTicks - marks[i - 1].Time.UtcTicks;
        }

        var sorted = pauses.Order().ToArray();
        var median = sorted[sorted.Length / 2];
        if (median < s_shortest)
        {
            return null;
        }

        var (onBeat, afterOnePause) = Count(pauses, median);
        return onBeat >= pauses.Length * OnBeat && afterOnePause >= pauses.Length * AfterOnePause ? TimeSpan.FromTicks(median) : null;
    }

    /// <summary>
    /// The interval of a monitor that makes several checks each time, of several ports or from several machines behind one address: each
    /// session comes as long after the one of the round before. Null where there are no rounds; marks in order of time.
    /// </summary>
    public static TimeSpan? OfRounds(ReadOnlySpan<SessionMark> marks)
    {
        for (var size = 2; size <= LargestRound && marks.Length >= size * FewestRounds; size++)
        {
            var pauses = new long[marks.Length - size];
            for (var i = 0; i < pauses.Length; i++)
            {
                pauses[i] = marks[i + size].Time.UtcTicks - marks[i].Time.UtcTicks;
            }

            var median = pauses.Order().ElementAt(pauses.Length / 2);
            var tolerance = (median / 20) + s_stampError;
            if (median >= s_shortestRound && pauses.Count(pause => Math.Abs(pause - median) <= tolerance) >= pauses.Length * OnTime)
            {
                return TimeSpan.FromTicks(median);
            }
        }

        return null;
    }

    private static (int OnBeat, int AfterOnePause) Count(long[] pauses, long interval)
    {
        var tolerance = (interval / 10) + s_stampError;
        var (afterOne, afterTwo) = (0, 0);
        for (var i = 0; i < pauses.Length; i++)
        {
            if (Math.Abs(pauses[i] - interval) <= tolerance)
            {
                afterOne++;
            }
            else if (i > 0 && Math.Abs(pauses[i - 1] + pauses[i] - (2 * interval)) <= tolerance)
            {
                afterTwo++;
            }
        }

        return (afterOne + afterTwo, afterOne);
    }
}
