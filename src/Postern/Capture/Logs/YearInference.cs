using Postern.Capture.Envelopes;
using Postern.Capture.Stamps;

namespace Postern.Capture.Logs;

/// <summary>
/// Finds the year of a log whose stamps have none. No line is later than the moment when the file was last written, and
/// a file spans less than a year; where the end of the file can be looked at, it settles the year, else the first line does.
/// </summary>
internal static class YearInference
{
    private const int Window = 64 * 1024;

    /// <summary>The year of the first traditional stamp.</summary>
    /// <param name="head">The first bytes of the log, decompressed.</param>
    /// <param name="tail">The last bytes, or empty where they cannot be looked at.</param>
    /// <param name="latest">No line is later than this, a day of grace included: the file's last write, or now.</param>
    public static int FirstYear(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail, DateTimeOffset latest)
    {
        var first = FirstStamp(head);
        if (first == 0)
        {
            return latest.Year;
        }

        var last = LastStamp(tail);
        if (last == 0)
        {
            return YearOf(first, latest);
        }

        var lastYear = YearOf(last, latest);
        return first > last ? lastYear - 1 : lastYear;
    }

    /// <summary>True where the log has stamps without year.</summary>
    public static bool HasTraditionalStamps(ReadOnlySpan<byte> head) => FirstStamp(head) > 0;

    /// <summary>The end of a seekable log, for <see cref="FirstYear"/>; the position stays as it was.</summary>
    public static byte[] Tail(Stream stream)
    {
        if (!stream.CanSeek || stream.Length == 0)
        {
            return [];
        }

        var position = stream.Position;
        var tail = new byte[Math.Min(Window, stream.Length)];
        stream.Position = stream.Length - tail.Length;
        var read = stream.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false);
        stream.Position = position;
        return read == tail.Length ? tail : tail[..read];
    }

    // Month and day as one number, in the order of the calendar.
    private static int FirstStamp(ReadOnlySpan<byte> text)
    {
        foreach (var range in text.Split((byte)'\n'))
        {
            if (MonthAndDay(text[range]) is var stamp and > 0)
            {
                return stamp;
            }
        }

        return 0;
    }

    private static int LastStamp(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var start = text.LastIndexOf((byte)'\n') + 1;
            if (MonthAndDay(text[start..]) is var stamp and > 0)
            {
                return stamp;
            }

            text = text[..Math.Max(0, start - 1)];
        }

        return 0;
    }

    private static int MonthAndDay(ReadOnlySpan<byte> line)
    {
        var plain = StampReader.BehindPriority(line);
        var month = StampReader.TraditionalMonth(plain);
        return month == 0 ? EnvelopeStamp.MonthAndDay(line) : (month * 100) + Digits.PaddedTwo(plain, 4);
    }

    private static int YearOf(int stamp, DateTimeOffset latest)
    {
        var bound = latest.AddDays(1);
        var year = stamp <= (bound.Month * 100) + bound.Day ? bound.Year : bound.Year - 1;
        while (stamp == 229 && !DateTime.IsLeapYear(year))
        {
            year--;
        }

        return year;
    }
}
