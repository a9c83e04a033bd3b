namespace MakeLog;

/// <summary>Random numbers that depend on the seed alone (SplitMix64), so that a log can be made again elsewhere.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed * 0x9E3779B97F4A7C15UL;

    /// <summary>64 bits.</summary>
    public ulong Bits()
    {
        var z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>0 to 1, without 1.</summary>
    public double Share() => (Bits() >> 11) * (1.0 / (1UL << 53));

    /// <summary><paramref name="low"/> to <paramref name="high"/>, without the latter.</summary>
    public int Between(int low, int high) => low + (int)(Share() * (high - low));

    /// <summary>True in so many of a hundred cases.</summary>
    public bool Percent(double percent) => Share() * 100 < percent;

    /// <summary>One of these.</summary>
    public T Pick<T>(ReadOnlySpan<T> choices) => choices[(int)(Share() * choices.Length)];

    /// <summary>One of these, the first far more often than the last: few hosts send most of the mail.</summary>
    public T PickSkewed<T>(ReadOnlySpan<T> choices)
    {
        var share = Share();
        return choices[(int)(share * share * share * choices.Length)];
    }

    /// <summary>A waiting time of that mean.</summary>
    public double Wait(double mean) => -Math.Log(1 - Share()) * mean;

    /// <summary>About 1, seldom far more: the sizes of bursts and messages.</summary>
    public double Spread(double sigma)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - Share())) * Math.Cos(2 * Math.PI * Share());
        return Math.Exp(normal * sigma);
    }
}
