namespace Postern.Cli.Daemon.Metrics;

/// <summary>One series of a metric: its value under one set of labels. Added to by many threads at once, without a lock.</summary>
/// <param name="buckets">The upper bounds of a histogram; empty for a single number.</param>
internal sealed class Series(IReadOnlyList<double> buckets)
{
    private readonly double[] _bounds = [.. buckets];
    private readonly long[] _counts = new long[buckets.Count == 0 ? 0 : buckets.Count + 1];
    private long _whole;
    private double _value;

    /// <summary>The collection in which it was observed last.</summary>
    public int Round { get; private set; }

    /// <summary>The number: of a counter the sum, of a gauge the last one, of a histogram the sum of what was measured.</summary>
    public double Value => Interlocked.Read(ref _whole) + Volatile.Read(ref _value);

    /// <summary>Adds to a counter.</summary>
    public void Add(long more)
    {
        if (more > 0)
        {
            Interlocked.Add(ref _whole, more);
        }
    }

    /// <summary>Takes what a counter that is kept elsewhere has come to; it never falls.</summary>
    public void RaiseTo(double total, int round)
    {
        Round = round;
        if (total > _value)
        {
            Volatile.Write(ref _value, total);
        }
    }

    /// <summary>Takes the number of a gauge.</summary>
    public void Set(double number, int round)
    {
        Round = round;
        Volatile.Write(ref _value, number);
    }

    /// <summary>Takes a measurement of a histogram.</summary>
    public void Measure(double number)
    {
        var index = Array.BinarySearch(_bounds, number);
        Interlocked.Increment(ref _counts[index >= 0 ? index : ~index]);
        var before = Volatile.Read(ref _value);
        while (true)
        {
            var now = Interlocked.CompareExchange(ref _value, before + number, before);
            if (now.Equals(before))
            {
                return;
            }

            before = now;
        }
    }

    /// <summary>How many measurements were at most each bound; the last is all of them.</summary>
    public long[] Cumulative()
    {
        var sums = new long[_counts.Length];
        var sum = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            sums[i] = sum += Interlocked.Read(ref _counts[i]);
        }

        return sums;
    }
}
