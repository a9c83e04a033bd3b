using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>Counts sessions over time by behaviour, in at most 120 buckets of a round width.</summary>
internal static class Timelines
{
    private const int MostBuckets = 120;

    private static readonly TimeSpan[] s_widths =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15),
        TimeSpan.FromHours(1), TimeSpan.FromHours(6), TimeSpan.FromDays(1), TimeSpan.FromDays(7), TimeSpan.FromDays(30),
        TimeSpan.FromDays(365), TimeSpan.FromDays(3650),
    ];

    /// <summary>The timeline between two times; null where neither is known.</summary>
    public static Timeline? Of(ClientLedger ledger, LogTime from, LogTime to)
    {
        if (!from.IsKnown || !to.IsKnown || to < from)
        {
            return null;
        }

        var width = s_widths.FirstOrDefault(w => (to.UtcTicks - from.UtcTicks) / w.Ticks < MostBuckets - 1, s_widths[^1]);
        var start = from.LocalTicks - (from.LocalTicks % width.Ticks) - (from.LocalTicks - from.UtcTicks);
        var buckets = (int)Math.Min(MostBuckets, ((to.UtcTicks - start) / width.Ticks) + 1);
        var rows = new SortedDictionary<Behaviour, int[]>();
        void Add(long utcTicks, Behaviour behaviour, int sessions)
        {
            var bucket = (utcTicks - start) / width.Ticks;
            if (bucket < 0 || bucket >= buckets)
            {
                return;
            }

            if (!rows.TryGetValue(behaviour, out var row))
            {
                rows[behaviour] = row = new int[buckets];
            }

            row[bucket] += sessions;
        }

        foreach (var (minute, sessions) in ledger.OrdinaryByMinute.All())
        {
            Add(Math.Max(minute * TimeSpan.TicksPerMinute, start), Behaviour.Delivered, sessions);
        }

        foreach (var history in ledger.Clients.Values)
        {
            foreach (var mark in history.Marks)
            {
                foreach (var behaviour in mark.Behaviours)
                {
                    Add(mark.Time.UtcTicks, behaviour, 1);
                }
            }
        }

        return new Timeline(new LogTime(start, from.OffsetMinutes), width, rows);
    }
}
