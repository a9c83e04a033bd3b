using Postern.Facts;

namespace Postern.Capture.Grammar;

/// <summary>
/// Turns the reading of a wall clock without offset, as traditional syslog stamps have it, into an instant. Offsets are
/// looked up once an hour of log time, because a zone changes on the hour or half hour and a look-up costs more than a line.
/// </summary>
internal sealed class LocalClock(TimeZoneInfo zone)
{
    private long _cachedSlot = long.MinValue;
    private long _cachedUtcSlot = long.MinValue;
    private short _cachedOffset, _cachedUtcOffset;

    /// <summary>The instant of <paramref name="localTicks"/> in this zone; of two readings in autumn the first, and in spring's gap the offset before it.</summary>
    public LogTime At(long localTicks)
    {
        var slot = localTicks / (TimeSpan.TicksPerMinute * 15);
        if (slot != _cachedSlot)
        {
            _cachedOffset = (short)zone.GetUtcOffset(new DateTime(localTicks, DateTimeKind.Unspecified)).TotalMinutes;
            _cachedSlot = slot;
        }

        return new LogTime(localTicks - (_cachedOffset * TimeSpan.TicksPerMinute), _cachedOffset);
    }

    /// <summary>The instant with the offset that this zone has then.</summary>
    public LogTime AtUtc(long utcTicks)
    {
        var slot = utcTicks / (TimeSpan.TicksPerMinute * 15);
        if (slot != _cachedUtcSlot)
        {
            _cachedUtcOffset = (short)zone.GetUtcOffset(new DateTime(utcTicks, DateTimeKind.Utc)).TotalMinutes;
            _cachedUtcSlot = slot;
        }

        return new LogTime(utcTicks, _cachedUtcOffset);
    }
}
