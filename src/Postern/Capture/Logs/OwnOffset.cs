using Postern.Capture.Envelopes;

namespace Postern.Capture.Logs;

/// <summary>
/// Finds the zone of a log that comes from elsewhere: where lines with an offset stand beside lines without, and the clocks of both
/// read the same, the offset is that of all.
/// </summary>
internal static class OwnOffset
{
    private const int MostLines = 200;
    private static readonly long s_near = TimeSpan.FromMinutes(10).Ticks;

    /// <summary>The zone of the stamps without an offset: the machine's, unless the log itself says otherwise.</summary>
    public static TimeZoneInfo ZoneOf(ReadOnlySpan<byte> head, int year, TimeZoneInfo machine)
    {
        long without = 0, with = 0;
        short offset = 0;
        for (var lines = 0; lines < MostLines && !head.IsEmpty; lines++)
        {
            var end = head.IndexOf((byte)'\n');
            var stamp = EnvelopeStamp.Find((end < 0 ? head : head[..end]).TrimEnd((byte)'\r'), out _);
            head = end < 0 ? default : head[(end + 1)..];
            if (stamp.Month == 0 || stamp.LocalTicks(stamp.Year != 0 ? stamp.Year : year) is not (> 0 and var local))
            {
                continue;
            }

            (without, with, offset) = stamp.Offset is { } minutes ? (without, local, minutes) : (local, with, offset);
            if (without > 0 && with > 0 && Math.Abs(without - with) < s_near)
            {
                return Differs(machine, without, offset) ? TimeZoneInfo.CreateCustomTimeZone("log", TimeSpan.FromMinutes(offset), "log", "log") : machine;
            }
        }

        return machine;
    }

    private static bool Differs(TimeZoneInfo machine, long local, short offset) =>
        machine.GetUtcOffset(new DateTime(local, DateTimeKind.Unspecified)).TotalMinutes != offset;
}
