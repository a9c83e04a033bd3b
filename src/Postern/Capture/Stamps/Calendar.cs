namespace Postern.Capture.Stamps;

/// <summary>Dates and times of day as ticks, checked.</summary>
internal static class Calendar
{
    /// <summary>1 to 12 for the English abbreviations that syslog uses whatever the locale, else 0.</summary>
    public static int Month(ReadOnlySpan<byte> text) => text.Length < 3 ? 0 : ((text[0] << 16) | (text[1] << 8) | text[2]) switch
    {
        ('J' << 16) | ('a' << 8) | 'n' => 1,
        ('F' << 16) | ('e' << 8) | 'b' => 2,
        ('M' << 16) | ('a' << 8) | 'r' => 3,
        ('A' << 16) | ('p' << 8) | 'r' => 4,
        ('M' << 16) | ('a' << 8) | 'y' => 5,
        ('J' << 16) | ('u' << 8) | 'n' => 6,
        ('J' << 16) | ('u' << 8) | 'l' => 7,
        ('A' << 16) | ('u' << 8) | 'g' => 8,
        ('S' << 16) | ('e' << 8) | 'p' => 9,
        ('O' << 16) | ('c' << 8) | 't' => 10,
        ('N' << 16) | ('o' << 8) | 'v' => 11,
        ('D' << 16) | ('e' << 8) | 'c' => 12,
        _ => 0,
    };

    /// <summary>
    /// Ticks of a date, or -1 where there is no such day. 29 February in a year that has none (a year guessed wrong)
    /// counts as 1 March, so that no line is lost.
    /// </summary>
    public static long Date(int year, int month, int day)
    {
        if (year is < 1 or > 9998 || month is < 1 or > 12 || day is < 1 or > 31)
        {
            return -1;
        }

        if (day <= DateTime.DaysInMonth(year, month))
        {
            return new DateTime(year, month, day).Ticks;
        }

        return month == 2 && day == 29 ? new DateTime(year, 3, 1).Ticks : -1;
    }

    /// <summary>Ticks of <c>HH:MM:SS</c> at an offset in the text, or -1; a leap second counts as the second before it.</summary>
    public static long TimeOfDay(ReadOnlySpan<byte> text, int at)
    {
        if (text.Length < at + 8 || text[at + 2] != ':' || text[at + 5] != ':')
        {
            return -1;
        }

        var hour = Digits.Two(text, at);
        var minute = Digits.Two(text, at + 3);
        var second = Digits.Two(text, at + 6);
        return (uint)hour > 23 || (uint)minute > 59 || (uint)second > 60
            ? -1
            : ((hour * 3600L) + (minute * 60) + Math.Min(second, 59)) * TimeSpan.TicksPerSecond;
    }
}
