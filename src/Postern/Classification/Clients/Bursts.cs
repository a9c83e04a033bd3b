using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>
/// Cuts a client's sessions into bursts. Five minutes without a session end one: bots come back within seconds, queues and
/// monitors mostly after longer (Postfix itself retries after five minutes at the earliest).
/// </summary>
internal static class Bursts
{
    /// <summary>The gap that ends a burst.</summary>
    public static TimeSpan Gap { get; } = TimeSpan.FromMinutes(5);

    /// <summary>The bursts of marks in order of time; those without time are left out.</summary>
    public static IReadOnlyList<Burst> Of(ReadOnlySpan<SessionMark> marks)
    {
        // Most clients come once.
        var bursts = new List<Burst>(Math.Min(marks.Length, 4));
        foreach (var mark in marks)
        {
            if (!mark.Time.IsKnown)
            {
                continue;
            }

            if (bursts.Count > 0 && mark.Time.UtcTicks - bursts[^1].To.UtcTicks <= Gap.Ticks)
            {
                bursts[^1] = bursts[^1] with { To = mark.Time, Sessions = bursts[^1].Sessions + 1 };
            }
            else
            {
                bursts.Add(new Burst(mark.Time, mark.Time, 1));
            }
        }

        return bursts;
    }

    /// <summary>The first of the largest bursts; the default value where no mark has a time. Makes no list.</summary>
    public static Burst Largest(ReadOnlySpan<SessionMark> marks)
    {
        var (largest, current) = (default(Burst), default(Burst));
        foreach (var mark in marks)
        {
            if (!mark.Time.IsKnown)
            {
                continue;
            }

            current = current.Sessions > 0 && mark.Time.UtcTicks - current.To.UtcTicks <= Gap.Ticks
                ? current with { To = mark.Time, Sessions = current.Sessions + 1 }
                : new Burst(mark.Time, mark.Time, 1);
            largest = current.Sessions > largest.Sessions ? current : largest;
        }

        return largest;
    }
}
