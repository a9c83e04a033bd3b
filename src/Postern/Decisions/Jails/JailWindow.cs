using Postern.Facts;

namespace Postern.Decisions.Jails;

/// <summary>What a jail counts of a client's sessions within one window.</summary>
/// <param name="Weight">The sum of their weights.</param>
/// <param name="Sessions">How many of them weigh anything.</param>
/// <param name="Behaviours">What these showed that weighs in the jail.</param>
public readonly record struct WindowSum(double Weight, int Sessions, BehaviourSet Behaviours);

/// <summary>
/// The sliding window of a jail. Only the time that the log itself gives a session decides: a log that is read late, read
/// again or brought from elsewhere bans nobody for what is over.
/// </summary>
public static class JailWindow
{
    // Sums of tenths are compared with a grain of tolerance.
    private const double Grain = 1e-9;

    /// <summary>How far the log's clock may be ahead of ours: later sessions do not count, for their time cannot be true.</summary>
    public static TimeSpan ClockTolerance => TimeSpan.FromMinutes(5);

    /// <summary>What counts in the window of a findtime that ends at a time.</summary>
    /// <param name="marks">The client's sessions, in any order.</param>
    /// <param name="jail">The jail.</param>
    /// <param name="until">The end of the window; both ends count.</param>
    public static WindowSum Sum(ReadOnlySpan<SessionMark> marks, JailOptions jail, LogTime until)
    {
        ArgumentNullException.ThrowIfNull(jail);
        return Sum(marks, jail, until.UtcTicks - jail.FindTime.Ticks, until.UtcTicks);
    }

    /// <summary>
    /// What counts of a watched client now: sessions within findtime of its latest and of now, after its last ban began.
    /// </summary>
    /// <param name="marks">The client's sessions, in any order.</param>
    /// <param name="jail">The jail.</param>
    /// <param name="now">The time.</param>
    /// <param name="cutoff">When its last ban began: what it did until then has been paid for; null where it was never banned.</param>
    public static WindowSum Live(ReadOnlySpan<SessionMark> marks, JailOptions jail, DateTimeOffset now, DateTimeOffset? cutoff)
    {
        var (first, last) = Bounds(marks, jail, now, cutoff);
        return Sum(marks, jail, first, last);
    }

    /// <summary>Between which times, ticks in UTC with both ends, sessions count by <see cref="Live"/>.</summary>
    /// <inheritdoc cref="Live"/>
    public static (long First, long Last) Bounds(ReadOnlySpan<SessionMark> marks, JailOptions jail, DateTimeOffset now, DateTimeOffset? cutoff)
    {
        ArgumentNullException.ThrowIfNull(jail);
        var last = now.UtcTicks + ClockTolerance.Ticks;
        var end = now.UtcTicks;
        foreach (var mark in marks)
        {
            end = mark.Time.UtcTicks <= last ? Math.Max(end, mark.Time.UtcTicks) : end;
        }

        var first = end - jail.FindTime.Ticks;
        return (cutoff is { } paid ? Math.Max(first, paid.UtcTicks + 1) : first, last);
    }

    /// <summary>True where the sum is a ban.</summary>
    public static bool Reaches(WindowSum sum, JailOptions jail)
    {
        ArgumentNullException.ThrowIfNull(jail);
        return sum.Sessions > 0 && sum.Weight >= jail.MaxRetry - Grain;
    }

    /// <summary>True where a watched client is to be banned now, by <see cref="Live"/>.</summary>
    public static bool Reaches(ReadOnlySpan<SessionMark> marks, JailOptions jail, DateTimeOffset now, DateTimeOffset? cutoff) =>
        Reaches(Live(marks, jail, now, cutoff), jail);

    /// <summary>True where any window of a whole history is a ban, as if the jail had watched.</summary>
    /// <param name="marks">The client's sessions in order of time.</param>
    /// <param name="jail">The jail.</param>
    public static bool ReachesEver(ReadOnlySpan<SessionMark> marks, JailOptions jail)
    {
        ArgumentNullException.ThrowIfNull(jail);
        var sum = 0.0;
        var first = 0;
        for (var i = 0; i < marks.Length; i++)
        {
            var weight = JailWeights.Of(marks[i], jail);
            sum += weight;
            while (marks[i].Time.UtcTicks - marks[first].Time.UtcTicks > jail.FindTime.Ticks)
            {
                sum -= JailWeights.Of(marks[first], jail);
                first++;
            }

            if (weight > 0 && sum >= jail.MaxRetry - Grain)
            {
                return true;
            }
        }

        return false;
    }

    private static WindowSum Sum(ReadOnlySpan<SessionMark> marks, JailOptions jail, long first, long last)
    {
        var sum = 0.0;
        var sessions = 0;
        var shown = BehaviourSet.None;
        foreach (var mark in marks)
        {
            if (mark.Time.UtcTicks < first || mark.Time.UtcTicks > last || JailWeights.Of(mark, jail) is not (> 0 and var weight))
            {
                continue;
            }

            sum += weight;
            sessions++;
            foreach (var behaviour in JailWeights.Counting(mark))
            {
                shown = JailWeights.Of(behaviour, jail) > 0 ? shown.With(behaviour) : shown;
            }
        }

        return new WindowSum(sum, sessions, shown);
    }
}
