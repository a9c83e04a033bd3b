namespace Postern.Capture.Stamps;

/// <summary>What a stamp says, before a year or a zone has been inferred.</summary>
internal struct LooseStamp
{
    /// <summary>The year; 0 where the stamp has none.</summary>
    public int Year { get; set; }

    /// <summary>1 to 12; 0 for no stamp, or one of seconds since 1970.</summary>
    public int Month { get; set; }

    /// <summary>The day of the month.</summary>
    public int Day { get; set; }

    /// <summary>Ticks since midnight; negative while no time was read.</summary>
    public long TimeOfDay { get; set; }

    /// <summary>Minutes east of UTC; null where the stamp does not tell.</summary>
    public short? Offset { get; set; }

    /// <summary>The instant of a stamp that counts seconds, ticks; else 0.</summary>
    public long UtcTicks { get; set; }

    /// <summary>True where there is a stamp.</summary>
    public readonly bool IsKnown => UtcTicks != 0 || Month != 0;

    /// <summary>True where the stamp alone tells the instant.</summary>
    public readonly bool IsAbsolute => UtcTicks != 0 || Offset is not null;

    /// <summary>Month and day as one number in the order of the calendar, for stamps without a year; else 0.</summary>
    public readonly int MonthAndDay => Year == 0 ? (Month * 100) + Day : 0;

    /// <summary>Ticks of the local date and time, or -1 where there is no such day.</summary>
    public readonly long LocalTicks(int year) => Calendar.Date(year, Month, Day) is var date && date < 0 ? -1 : date + TimeOfDay;
}
