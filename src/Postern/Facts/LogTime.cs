using System.Runtime.InteropServices;

namespace Postern.Facts;

/// <summary>
/// The instant of a log line with the offset that its stamp names, or that the machine's zone has at that time.
/// The default value means that no time is known.
/// </summary>
/// <param name="UtcTicks">Ticks of 100 ns since 0001-01-01T00:00:00Z.</param>
/// <param name="OffsetMinutes">Minutes east of UTC.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public readonly record struct LogTime(long UtcTicks, short OffsetMinutes) : IComparable<LogTime>
{
    /// <summary>False for the default value.</summary>
    public bool IsKnown => UtcTicks != 0;

    /// <summary>The instant and offset of <paramref name="time"/>.</summary>
    public static LogTime From(DateTimeOffset time) => new(time.UtcTicks, (short)time.TotalOffsetMinutes);

    /// <summary>The instant with its offset; the first moment of the calendar where the time is not known.</summary>
    public DateTimeOffset ToDateTimeOffset()
    {
        var offset = TimeSpan.FromMinutes(OffsetMinutes);
        var local = UtcTicks + offset.Ticks;
        return local < 0 || local > DateTime.MaxValue.Ticks
            ? new DateTimeOffset(UtcTicks, TimeSpan.Zero)
            : new DateTimeOffset(local, offset);
    }

    /// <summary>The reading of a clock in that zone, in ticks.</summary>
    public long LocalTicks => UtcTicks + (OffsetMinutes * TimeSpan.TicksPerMinute);

    /// <summary>By instant; the offset does not matter.</summary>
    public int CompareTo(LogTime other) => UtcTicks.CompareTo(other.UtcTicks);

    /// <summary>By instant.</summary>
    public static bool operator <(LogTime left, LogTime right) => left.UtcTicks < right.UtcTicks;

    /// <summary>By instant.</summary>
    public static bool operator >(LogTime left, LogTime right) => left.UtcTicks > right.UtcTicks;

    /// <summary>By instant.</summary>
    public static bool operator <=(LogTime left, LogTime right) => left.UtcTicks <= right.UtcTicks;

    /// <summary>By instant.</summary>
    public static bool operator >=(LogTime left, LogTime right) => left.UtcTicks >= right.UtcTicks;
}
