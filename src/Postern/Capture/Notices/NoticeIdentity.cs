using Postern.Facts;

namespace Postern.Capture.Notices;

/// <summary>Knows a notice again, wherever its mail program has put it.</summary>
internal static class NoticeIdentity
{
    /// <summary>A hash of its client, date and transcript; never 0.</summary>
    public static ulong Of(Notice notice)
    {
        // FNV-1a, 64 bits.
        var hash = 14_695_981_039_346_656_037;
        void Add(ulong value) => hash = (hash ^ value) * 1_099_511_628_211;
        Add(notice.Client.High);
        Add(notice.Client.Low);
        Add((ulong)notice.Time.UtcTicks);
        foreach (var line in notice.Dialogue)
        {
            Add(line.FromClient ? 1ul : 2ul);
            foreach (var b in line.Text.Span)
            {
                Add(b);
            }
        }

        return hash | 1;
    }
}
