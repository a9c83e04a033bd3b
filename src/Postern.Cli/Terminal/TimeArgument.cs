using System.Globalization;
using Postern.Facts;

namespace Postern.Cli.Terminal;

/// <summary>Times on the command line: ISO 8601 (local where no offset is given), or a span before now (<c>90m</c>, <c>24h</c>, <c>7d</c>).</summary>
internal static class TimeArgument
{
    private static readonly string[] s_forms =
    [
        "yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "yyyy-MM-dd HH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-dd HH:mm:ss",
        "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Reads a time; null gives the unknown time.</summary>
    /// <returns>False where the text is neither.</returns>
    public static bool TryParse(string? text, TimeProvider time, out LogTime result)
    {
        result = default;
        if (text is null)
        {
            return true;
        }

        if (text.Length > 1 && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            TimeSpan? span = text[^1] switch
            {
                's' => TimeSpan.FromSeconds(number),
                'm' => TimeSpan.FromMinutes(number),
                'h' => TimeSpan.FromHours(number),
                'd' when number < 100_000 => TimeSpan.FromDays(number),
                'w' when number < 10_000 => TimeSpan.FromDays(7 * number),
                _ => null,
            };
            if (span is { } before)
            {
                result = LogTime.From(time.GetLocalNow() - before);
                return true;
            }
        }

        if (!DateTime.TryParseExact(text, s_forms, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var moment))
        {
            return false;
        }

        var utc = moment.Kind == DateTimeKind.Utc ? moment : TimeZoneInfo.ConvertTimeToUtc(moment, time.LocalTimeZone);
        result = LogTime.From(TimeZoneInfo.ConvertTime(new DateTimeOffset(utc, TimeSpan.Zero), time.LocalTimeZone));
        return true;
    }
}
