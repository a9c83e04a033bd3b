using Postern.Facts;

namespace Postern.Capture.Notices;

/// <summary>Knows a notice again, wherever its mail program has put it.</summary>
internal static class NoticeIdentity
{
    /// <summary>A hash of its client, date and transcript; never 0.</summary>
    public static ulong Of(Notice notice)
    {
        var hash = new StableHash();
        hash.Add(notice.Client.High);
        hash.Add(notice.Client.Low);
        hash.Add((ulong)notice.Time.UtcTicks);
        foreach (var line in notice.Dialogue)
        {
            hash.Add(line.FromClient ? 1ul : 2ul);
            hash.Add(line.Text.Span);
        }

        return hash.Value;
    }
}
