using System.Globalization;
using Postern.Decisions.Jails;
using Postern.Facts;

namespace Postern.Decisions.Bans;

/// <summary>Says in a few words why a ban was made: <c>12 lone-dot, 3 blank-line within 10m</c>.</summary>
public static class BanReason
{
    private const int MostNamed = 4;

    /// <summary>The words for the sessions of a client that count now, by <see cref="JailWindow.Live"/>.</summary>
    public static string Of(ReadOnlySpan<SessionMark> marks, JailOptions jail, DateTimeOffset now, DateTimeOffset? cutoff)
    {
        ArgumentNullException.ThrowIfNull(jail);
        var (counts, named) = Count(marks, jail, now, cutoff);
        var words = string.Join(", ", named.Take(MostNamed).Select(i => string.Create(CultureInfo.InvariantCulture, $"{counts[i]} {((Behaviour)i).Id()}")));
        return $"{words}{(named.Count > MostNamed ? " and others" : "")} within {Span(jail.FindTime)}";
    }

    /// <summary>The id of the behaviour that counted most; <see cref="BanTrigger.Persistence"/> where none counts now.</summary>
    public static string Leading(ReadOnlySpan<SessionMark> marks, JailOptions jail, DateTimeOffset now, DateTimeOffset? cutoff)
    {
        ArgumentNullException.ThrowIfNull(jail);
        return Count(marks, jail, now, cutoff).Named is [var first, ..] ? ((Behaviour)first).Id() : BanTrigger.Persistence;
    }

    private static (int[] Counts, List<int> Named) Count(ReadOnlySpan<SessionMark> marks, JailOptions jail, DateTimeOffset now, DateTimeOffset? cutoff)
    {
        var counts = new int[BehaviourSet.Known];
        var (first, last) = JailWindow.Bounds(marks, jail, now, cutoff);
        foreach (var mark in marks)
        {
            if (mark.Time.UtcTicks < first || mark.Time.UtcTicks > last)
            {
                continue;
            }

            foreach (var behaviour in JailWeights.Counting(mark))
            {
                counts[(int)behaviour] += JailWeights.Of(behaviour, jail) > 0 ? JailWeights.Times(behaviour, mark) : 0;
            }
        }

        return (counts, [.. Enumerable.Range(0, counts.Length).Where(i => counts[i] > 0).OrderByDescending(i => counts[i] * JailWeights.Of((Behaviour)i, jail)).ThenBy(i => i)]);
    }

    /// <summary>The words for the ban of a whole subnet.</summary>
    public static string OfSubnet(int banned, ClientNetwork network) =>
        string.Create(CultureInfo.InvariantCulture, $"{banned} clients of {network} banned at once");

    /// <summary>The words for the ban of a network whose clients share the work.</summary>
    public static string OfSubnet(double weight, ClientNetwork network, JailOptions jail)
    {
        ArgumentNullException.ThrowIfNull(jail);
        return string.Create(CultureInfo.InvariantCulture, $"{(int)weight} failures of many clients of {network} within {Span(jail.FindTime)}");
    }

    /// <summary>A time span as configuration writes it, in at most two units: <c>10m</c>, <c>1h30m</c>, <c>7d</c>.</summary>
    public static string Span(TimeSpan span)
    {
        (long Amount, string Unit)[] parts = [((long)span.TotalDays, "d"), (span.Hours, "h"), (span.Minutes, "m"), (span.Seconds, "s")];
        var shown = parts.SkipWhile(part => part.Amount <= 0).Take(2).Where(part => part.Amount > 0)
            .Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Amount}{part.Unit}")).ToList();
        return shown.Count == 0 ? "0s" : string.Concat(shown);
    }
}
