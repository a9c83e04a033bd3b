using Postern.Facts;

namespace Postern.Capture.Stamps;

/// <summary>
/// Turns the reading of a clock in a zone, or an instant without it, into an instant. Offsets are looked up once a quarter of an hour of
/// log time, because a zone changes on these and a look-up costs more than a line.
/// <para>
/// When the clock is set back, an hour's readings come twice. Lines are written in their order: a reading that steps back within that
/// hour is the second of the two. Where the lines were read from a log that grows, the clock bounds them as well: nothing was written
/// after it was read, and what has only just been written is of now.
/// </para>
/// </summary>
internal sealed class LocalClock(TimeZoneInfo zone)
{
    // Lines of several processes may be out of order by so much.
    private static readonly long s_disorder = TimeSpan.FromSeconds(10).Ticks;
    private static readonly long s_grace = TimeSpan.FromMinutes(1).Ticks;

    private long _cachedSlot = long.MinValue;
    private long _cachedUtcSlot = long.MinValue;
    private short _cachedOffset, _cachedUtcOffset, _secondOffset;
    private bool _isAmbiguous, _isSecond;
    private long _lastLocal;

    /// <summary>When the lines were read, UTC ticks: none of them is later. 0 where nobody knows.</summary>
    public long ReadAt { get; set; }

    /// <summary>True where the lines were written just before they were read.</summary>
    public bool IsLive { get; set; }

    /// <summary>Forgets the order: other lines follow.</summary>
    public void Restart() => (_lastLocal, _isSecond) = (0, false);

    /// <summary>The instant of <paramref name="localTicks"/> in this zone; in spring's gap by the offset before it.</summary>
    public LogTime At(long localTicks)
    {
        var slot = localTicks / (TimeSpan.TicksPerMinute * 15);
        if (slot != _cachedSlot)
        {
            LookUp(localTicks);
            _cachedSlot = slot;
        }

        if (_isAmbiguous)
        {
            return InDoubledHour(localTicks);
        }

        _lastLocal = localTicks;
        return Time(localTicks, _cachedOffset);
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

    private void LookUp(long localTicks)
    {
        var local = new DateTime(localTicks, DateTimeKind.Unspecified);
        var wasAmbiguous = _isAmbiguous;
        _isAmbiguous = zone.IsAmbiguousTime(local);
        if (!_isAmbiguous)
        {
            _cachedOffset = (short)zone.GetUtcOffset(local).TotalMinutes;
            _isSecond = false;
            return;
        }

        var offsets = zone.GetAmbiguousTimeOffsets(local);
        _cachedOffset = (short)offsets.Max().TotalMinutes;
        _secondOffset = (short)offsets.Min().TotalMinutes;
        if (!wasAmbiguous)
        {
            // A late line that steps back from behind the hour is of its second pass.
            _isSecond = _lastLocal > localTicks;
            _lastLocal = 0;
        }
    }

    private LogTime InDoubledHour(long localTicks)
    {
        _isSecond |= localTicks < _lastLocal - s_disorder;
        _lastLocal = Math.Max(localTicks, _isSecond ? 0 : _lastLocal);
        var (first, second) = (Time(localTicks, _cachedOffset), Time(localTicks, _secondOffset));
        if (ReadAt > 0)
        {
            if (second.UtcTicks > ReadAt + s_grace)
            {
                return first;
            }

            _isSecond |= IsLive;
        }

        return _isSecond ? second : first;
    }

    private static LogTime Time(long localTicks, short offset) => new(localTicks - (offset * TimeSpan.TicksPerMinute), offset);
}
