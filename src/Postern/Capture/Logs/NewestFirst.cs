using Postern.Capture.Envelopes;

namespace Postern.Capture.Logs;

/// <summary>
/// Turns round a log whose newest line comes first, as <c>journalctl -r</c> and web pages show it. Memory stays bounded: what cannot be
/// read from its end is put into a temporary file first.
/// </summary>
internal static class NewestFirst
{
    private const int MostLines = 400;

    /// <summary>True where the stamps of the first lines go back in time: hardly any goes forward.</summary>
    public static bool Is(ReadOnlySpan<byte> head, int year)
    {
        int back = 0, forward = 0;
        long before = 0;
        for (var lines = 0; lines < MostLines && !head.IsEmpty; lines++)
        {
            var end = head.IndexOf((byte)'\n');
            var stamp = EnvelopeStamp.Find((end < 0 ? head : head[..end]).TrimEnd((byte)'\r'), out _);
            head = end < 0 ? default : head[(end + 1)..];
            var ticks = stamp.UtcTicks != 0 ? stamp.UtcTicks : stamp.Month == 0 ? 0 : stamp.LocalTicks(stamp.Year != 0 ? stamp.Year : year);
            if (ticks <= 0)
            {
                continue;
            }

            // Whole seconds: lines of several processes may be out of order by less.
            ticks /= TimeSpan.TicksPerSecond;
            back += before > 0 && ticks < before ? 1 : 0;
            forward += before > 0 && ticks > before ? 1 : 0;
            before = ticks;
        }

        return back > forward * 4;
    }

    /// <summary>The lines of a stream, which is at its first byte, in the other order.</summary>
    public static Stream Turn(Stream content)
    {
        if (content.CanSeek)
        {
            return new ReversedLines(content);
        }

        var copy = new FileStream(
            Path.Combine(Path.GetTempPath(), $"postern-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.DeleteOnClose);
        content.CopyTo(copy);
        return new ReversedLines(copy);
    }
}
