namespace Postern.Fail2Ban.Dates;

/// <summary>The present, and the zone of stamps that name none.</summary>
/// <param name="Time">The clock.</param>
/// <param name="Zone">The zone of the machine that wrote the log.</param>
internal sealed record DateClock(TimeProvider Time, TimeZoneInfo Zone)
{
    /// <summary>Now, as a clock on the firewall there shows it.</summary>
    public DateTime Now => TimeZoneInfo.ConvertTime(Time.GetUtcNow(), Zone).DateTime;

    /// <summary>Now, in seconds since 1970.</summary>
    public double UnixNow => Time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;

    /// <summary>Seconds since 1970 of a reading of the clock on the firewall.</summary>
    public double ToUnix(DateTime firewall)
    {
        var local = DateTime.SpecifyKind(firewall, DateTimeKind.Unspecified);
        return (local - DateTime.UnixEpoch - Zone.GetUtcOffset(local)).TotalSeconds;
    }
}
