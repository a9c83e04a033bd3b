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
        time.ToDateTimeOffset().TryFormat(text, out var length, IsoFormat, CultureInfo.InvariantCulture);
        return length;
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
