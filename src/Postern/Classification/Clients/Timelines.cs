using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>Counts sessions over time by behaviour and by verdict, in at most 120 buckets of a round width.</summary>
internal sealed class Timelines
{
    private const int MostBuckets = 120;

    private static readonly TimeSpan[] s_widths =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15),
        TimeSpan.FromHours(1), TimeSpan.FromHours(6), TimeSpan.FromDays(1), TimeSpan.FromDays(7), TimeSpan.FromDays(30),
        TimeSpan.FromDays(365), TimeSpan.FromDays(3650),
    ];

    private readonly long _start;
    private readonly TimeSpan _width;
    private readonly short _offset;
    private readonly int _buckets;
    private readonly int[][] _verdicts = new int[(int)Verdict.Ban + 1][];

    private Timelines(LogTime from, LogTime to)
    {
        _width = s_widths.FirstOrDefault(w => (to.UtcTicks - from.UtcTicks) / w.Ticks < MostBuckets - 1, s_widths[^1]);
        _start = from.LocalTicks - (from.LocalTicks % _width.Ticks) - (from.LocalTicks - from.UtcTicks);
        _offset = from.OffsetMinutes;
        _buckets = (int)Math.Min(MostBuckets, ((to.UtcTicks - _start) / _width.Ticks) + 1);
        for (var i = 0; i < _verdicts.Length; i++)
        {
            _verdicts[i] = new int[_buckets];
        }
    }

    /// <summary>An empty timeline between two times; null where neither is known.</summary>
    public static Timelines? Between(LogTime from, LogTime to) => !from.IsKnown || !to.IsKnown || to < from ? null : new Timelines(from, to);

    /// <summary>Counts the sessions of a client by its verdict; several threads may call it.</summary>
    public void Add(Verdict verdict, ClientLedger ledger, int number)
    {
        if (ledger.TryOnce(number, out var once))
        {
            Add(verdict, once.First);
            return;
        }

        foreach (var mark in ledger.History(number).Marks)
        {
            Add(verdict, mark.Time);
        }
    }

    private void Add(Verdict verdict, LogTime time)
    {
        if (Bucket(time.UtcTicks) is { } bucket)
        {
            Interlocked.Increment(ref _verdicts[(int)verdict][bucket]);
        }
    }

    /// <summary>The timeline of all clients, with the verdicts that were added.</summary>
    public Timeline Of(ClientLedger ledger)
    {
        var rows = new SortedDictionary<Behaviour, int[]>();
        void Add(long utcTicks, Behaviour behaviour, int sessions)
        {
            if (Bucket(utcTicks) is not { } bucket)
            {
                return;
            }

            if (!rows.TryGetValue(behaviour, out var row))
            {
                rows[behaviour] = row = new int[_buckets];
            }

            row[bucket] += sessions;
        }

        foreach (var (minute, sessions) in ledger.OrdinaryByMinute.All())
        {
            Add(Math.Max(minute * TimeSpan.TicksPerMinute, _start), Behaviour.Delivered, sessions);
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

        return new Timeline(new LogTime(_start, _offset), _width, rows)
        {
            Verdicts = new SortedDictionary<Verdict, int[]>(_verdicts.Index().Where(static row => row.Item.AsSpan().ContainsAnyExcept(0)).ToDictionary(static row => (Verdict)row.Index, static row => row.Item)),
        };
    }

    private int? Bucket(long utcTicks) => (utcTicks - _start) / _width.Ticks is >= 0 and var bucket && bucket < _buckets ? (int)bucket : null;
}
