using System.Globalization;
using Postern.Facts;

namespace Postern.Reports.Content;

/// <summary>How times are written; the same in every language.</summary>
internal static class Moments
{
    /// <summary>The most bytes that <see cref="Iso(LogTime, Span{byte})"/> takes.</summary>
    public const int IsoLength = 32;

    private const string IsoFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFzzz";

    /// <summary>ISO 8601 with offset, to the second, or to the microsecond where the time has a fraction.</summary>
    public static string Iso(LogTime time) => time.ToDateTimeOffset().ToString(IsoFormat, CultureInfo.InvariantCulture);

    /// <summary>The same as UTF-8, without a string: a report for programs has four of them a client.</summary>
    /// <param name="time">The time.</param>
    /// <param name="text">Room for <see cref="IsoLength"/> bytes.</param>
    /// <returns>How many bytes it takes.</returns>
    public static int Iso(LogTime time, Span<byte> text)
    {
        var local = time.LocalTicks;
        if (local <= 0 || local > DateTime.MaxValue.Ticks)
        {
            time.ToDateTimeOffset().TryFormat(text, out var length, IsoFormat, CultureInfo.InvariantCulture);
            return length;
        }

        // Digit by digit: the framework's own formats took a tenth of the time of a report of many clients.
        var (date, clock) = new DateTime(local);
        Write(text, 0, 4, date.Year);
        text[4] = text[7] = (byte)'-';
        Write(text, 5, 2, date.Month);
        Write(text, 8, 2, date.Day);
        text[10] = (byte)'T';
        text[13] = text[16] = (byte)':';
        Write(text, 11, 2, clock.Hour);
        Write(text, 14, 2, clock.Minute);
        Write(text, 17, 2, clock.Second);
        var at = 19;
        if ((int)(local % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond) is > 0 and var microseconds)
        {
            text[19] = (byte)'.';
            Write(text, 20, 6, microseconds);
            at = text[..26].LastIndexOfAnyExcept((byte)'0') + 1;
        }

        var offset = Math.Abs((int)time.OffsetMinutes);
        text[at] = time.OffsetMinutes < 0 ? (byte)'-' : (byte)'+';
        Write(text, at + 1, 2, offset / 60);
        text[at + 3] = (byte)':';
        Write(text, at + 4, 2, offset % 60);
        return at + 6;
    }

    private static void Write(Span<byte> text, int at, int digits, int number)
    {
        for (var i = at + digits - 1; i >= at; i--)
        {
            (number, var digit) = Math.DivRem(number, 10);
            text[i] = (byte)('0' + digit);
        }
    }

    /// <summary><c>2026-03-05 12:34:56</c>, in the time's own zone.</summary>
    public static string Stamp(LogTime time) =>
        time.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The offset, <c>+09:00</c>.</summary>
    public static string Offset(LogTime time) => time.ToDateTimeOffset().ToString("zzz", CultureInfo.InvariantCulture);

    /// <summary>The end of a span of time: without the date where that is the same as the beginning's.</summary>
    public static string EndStamp(LogTime from, LogTime to)
    {
        var (start, end) = (from.ToDateTimeOffset(), to.ToDateTimeOffset());
        return start.Date == end.Date && start.Offset == end.Offset
            ? end.ToString("HH:mm:ss", CultureInfo.InvariantCulture)
            : Stamp(to);
    }

    /// <summary>The time between, never negative; zero where either is not known.</summary>
    public static TimeSpan Between(LogTime from, LogTime to) =>
        from.IsKnown && to.IsKnown ? TimeSpan.FromTicks(Math.Max(0, to.UtcTicks - from.UtcTicks)) : TimeSpan.Zero;
}
