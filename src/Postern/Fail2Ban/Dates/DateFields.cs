using System.Globalization;

namespace Postern.Fail2Ban.Dates;

/// <summary>Makes a time of the fields that a date pattern found.</summary>
internal static class DateFields
{
    /// <summary>Seconds since 1970; null where the fields make no date (the 31st of June, an unknown zone).</summary>
    /// <param name="field">The text of a field by its letter; null where it took no part.</param>
    /// <param name="clock">The present, which fills in what a date leaves out.</param>
    /// <param name="defaultOffset">Minutes east of UTC for dates that name no zone; null for the clock's own zone.</param>
    public static double? ToUnix(Func<char, string?> field, DateClock clock, int? defaultOffset)
    {
        var year = Year(field);
        var month = Number(field('m')) ?? Name(field('B'), DateTokens.Months) ?? Name(field('b'), DateTokens.Months);
        var day = Number(field('d'));
        if (Zone(field, out var offset) is false)
        {
            return null;
        }

        var now = clock.Now;
        var assumeYear = year is null;
        var assumeToday = false;
        year ??= now.Year;
        if (year is < 1 or > 9999)
        {
            return null;
        }

        if ((month is null || day is null) && YearDay(field, year.Value) is { } dayOfYear)
        {
            var date = new DateTime(year.Value, 1, 1).AddDays(dayOfYear - 1);
            (year, month, day) = (date.Year, date.Month, date.Day);
        }

        if (month is null && day is null)
        {
            (month, day) = (now.Month, now.Day);
            assumeToday = true;
        }

        return Complete(
            Date(year.Value, month, day, Hour(field), Number(field('M')) ?? 0, Number(field('S')) ?? 0), now, assumeToday, assumeYear, (year.Value, month, day), offset ?? defaultOffset, clock);
    }

    /// <summary>Seconds since 1970 of a date that was read without its expression; null where there is no such day.</summary>
    public static double? ToUnix(in PlainDate date, DateClock clock, int? defaultOffset)
    {
        var now = clock.Now;
        var year = date.Year ?? now.Year;
        return Complete(
            Date(year, date.Month, date.Day, date.Hour, date.Minute, date.Second), now, false, date.Year is null, (year, date.Month, date.Day), date.Offset ?? defaultOffset, clock);
    }

    private static double? Complete(
        DateTime? firewall, DateTime now, bool assumeToday, bool assumeYear, (int Year, int? Month, int? Day) date, int? offset, DateClock clock)
    {
        if (firewall is not { } result)
        {
            return null;
        }

        if (offset is { } east)
        {
            result = result.AddMinutes(-east);
        }

        if (assumeToday && result > now)
        {
            result = result.AddDays(-1);
        }

        if (assumeYear && result > now.AddDays(1))
        {
            // A date to come is one of last year; the offset may have moved it over midnight, and it goes back to its own day.
            if (date.Month is null || date.Day is null || date.Day > DateTime.DaysInMonth(date.Year - 1, date.Month.Value))
            {
                return null;
            }

            result = new DateTime(date.Year - 1, date.Month.Value, date.Day.Value).Add(result.TimeOfDay);
        }

        return offset is null ? clock.ToUnix(result) : (result - DateTime.UnixEpoch).TotalSeconds;
    }

    private static int? Year(Func<char, string?> field) =>
        Number(field('Y')) ?? (Number(field('y')) is { } two ? two <= 2000 ? two + 2000 : two : null);

    private static int Hour(Func<char, string?> field)
    {
        if (Number(field('H')) is { } hour)
        {
            return hour;
        }

        if (Number(field('I')) is not { } half)
        {
            return 0;
        }

        return string.Equals(field('p'), "pm", StringComparison.OrdinalIgnoreCase) ? half == 12 ? 12 : half + 12 : half == 12 ? 0 : half;
    }

    private static bool Zone(Func<char, string?> field, out int? offset)
    {
        offset = null;
        var text = field('z') ?? field('Z');
        if (text is null)
        {
            return true;
        }

        offset = ZoneOffsets.Minutes(text);
        return offset is not null;
    }

    // By %j, or by the week and the day in it.
    private static int? YearDay(Func<char, string?> field, int year)
    {
        if (Number(field('j')) is { } julian)
        {
            return julian;
        }

        var weekday = Name(field('A'), DateTokens.Days) ?? Name(field('a'), DateTokens.Days);
        weekday = weekday - 1 ?? (Number(field('w')) is { } fromSunday ? (fromSunday + 6) % 7 : null);
        var (week, startsMonday) = field('W') is { } monday ? (Number(monday), true) : (Number(field('U')), false);
        if (week is null || weekday is null)
        {
            return null;
        }

        var first = ((int)new DateTime(year, 1, 1).DayOfWeek + 6) % 7;
        var day = weekday.Value;
        if (!startsMonday)
        {
            first = (first + 1) % 7;
            day = (day + 1) % 7;
        }

        var untilWeek = (7 - first) % 7;
        return week == 0 ? 1 + day - first : 1 + untilWeek + (7 * (week.Value - 1)) + day;
    }

    private static DateTime? Date(int year, int? month, int? day, int hour, int minute, int second)
    {
        if (month is not (>= 1 and <= 12) || day is null || day < 1 || day > DateTime.DaysInMonth(year, month.Value) || hour > 23 || minute > 59 || second > 59)
        {
            return null;
        }

        return new DateTime(year, month.Value, day.Value, hour, minute, second, DateTimeKind.Unspecified);
    }

    private static int? Number(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var value = 0;
        foreach (var c in text.AsSpan().Trim())
        {
            var digit = CharUnicodeInfo.GetDecimalDigitValue(c);
            if (digit < 0 || value > 99_999)
            {
                return null;
            }

            value = (value * 10) + digit;
        }

        return value;
    }

    // From 1; names are told apart by their first three letters.
    private static int? Name(string? text, string[] names)
    {
        if (text is null || text.Length < 3)
        {
            return null;
        }

        var index = Array.FindIndex(names, name => text.AsSpan(0, 3).Equals(name.AsSpan(0, 3), StringComparison.OrdinalIgnoreCase));
        return index < 0 ? null : index + 1;
    }
}
