using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>Finds the rhythm of a monitor: the same pause between sessions, again and again.</summary>
internal static class SteadyInterval
{
    private const int FewestSessions = 4;
    private const double Share = 0.8;

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

        var steady = pauses.Count(pause => Math.Abs(pause - median) <= (median / 10) + s_stampError);
        return steady >= pauses.Length * Share ? TimeSpan.FromTicks(median) : null;
    }
}
