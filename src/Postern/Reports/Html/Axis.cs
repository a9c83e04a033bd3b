using System.Globalization;
using Postern.Facts;

namespace Postern.Reports.Html;

/// <summary>Marks of an axis of numbers from zero.</summary>
internal static class CountAxis
{
    /// <summary>A distance of 1, 2 or 5 times a power of ten that gives at most six marks.</summary>
    public static int Step(long highest)
    {
        for (long power = 1; ; power *= 10)
        {
            foreach (var factor in (ReadOnlySpan<int>)[1, 2, 5])
            {
                if (highest <= power * factor * 5 || power * factor >= 1_000_000_000)
                {
                    return (int)(power * factor);
                }
            }
        }
    }
}

/// <summary>An axis of time over so many pixels.</summary>
internal sealed class TimeAxis
{
    private static readonly int[] s_steps =
        [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000, 7_776_000, 31_536_000];

    private readonly long _from;
    private readonly long _to;
    private readonly short _offset;
    private readonly double _left;
    private readonly double _width;

    /// <summary>From one time to another, at least a second later.</summary>
    public TimeAxis(LogTime from, LogTime to, double left, double width)
    {
        (_from, _offset, _left, _width) = (from.UtcTicks, from.OffsetMinutes, left, width);
        _to = Math.Max(to.UtcTicks, from.UtcTicks + TimeSpan.TicksPerSecond);
    }

    /// <summary>Where a time stands, held within the axis.</summary>
    public double At(LogTime time) => _left + (_width * Math.Clamp((double)(time.UtcTicks - _from) / (_to - _from), 0, 1));

    /// <summary>At most eight round times with their labels, in the zone of the first.</summary>
    public IEnumerable<(double X, string Label)> Marks()
    {
        var seconds = (double)(_to - _from) / TimeSpan.TicksPerSecond;
        var step = Array.Find(s_steps, candidate => seconds / candidate <= 8);
        var ticks = (step == 0 ? (long)(seconds / 8) + 1 : step) * TimeSpan.TicksPerSecond;
        var shift = _offset * TimeSpan.TicksPerMinute;
        var first = (((_from + shift + ticks - 1) / ticks) * ticks) - shift;
        var format = step switch { 0 or >= 86_400 => "yyyy-MM-dd", < 60 => "HH:mm:ss", _ => "HH:mm" };
        var day = DateTime.MinValue;
        for (var at = first; at <= _to; at += ticks)
        {
            var time = new LogTime(at, _offset);
            var local = time.ToDateTimeOffset();
            var label = local.ToString(format, CultureInfo.InvariantCulture);
            // The day is told once, and again where it changes.
            yield return (At(time), step is > 0 and < 86_400 && local.Date != day
                ? local.ToString("MM-dd ", CultureInfo.InvariantCulture) + label
                : label);
            day = local.Date;
        }
    }
}
