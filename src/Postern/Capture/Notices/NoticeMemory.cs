using System.Globalization;
using System.Text;
using Postern.Facts;

namespace Postern.Capture.Notices;

/// <summary>
/// Which notices of a mailbox are done: those of the last minutes by their content, as sessions of one second may be alike to the
/// letter and mail may come in another order than it was written, and all that are older.
/// </summary>
internal sealed class NoticeMemory
{
    private const int Most = 256;
    private static readonly long s_slack = TimeSpan.FromMinutes(10).Ticks;
    private readonly string _path;
    private readonly Dictionary<ulong, (int Count, long Ticks)> _done = [];
    private readonly Dictionary<ulong, int> _copies = [];
    private long _floor;
    private long _newest;

    /// <summary>A memory of a mailbox.</summary>
    /// <param name="path">The mailbox.</param>
    /// <param name="known">What was kept of it; null for the first time.</param>
    /// <param name="since">Notices before that are old where nothing was kept.</param>
    public NoticeMemory(string path, SourcePosition? known, DateTimeOffset since)
    {
        (_path, _floor) = (path, since.UtcTicks);
        if (known?.Cursor?.Split('|') is [var place, var floor, var done] && Hex(floor, out var ticks))
        {
            (Place, _floor, _newest) = (place, ticks, known.Offset);
            foreach (var one in done.Split(';', StringSplitOptions.RemoveEmptyEntries))
            {
                if (one.Split(':') is [var content, var count, var at] && ulong.TryParse(content, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) && Hex(count, out var times) && Hex(at, out var when))
                {
                    _done[id] = ((int)times, when);
                }
            }
        }
        else if (known is not null)
        {
            (_floor, _newest) = (known.Offset, known.Offset);
        }
    }

    /// <summary>Where in the mailbox the next message begins, in the words of whoever reads it.</summary>
    public string Place { get; private set; } = "";

    /// <summary>Messages that were delivered before that are done.</summary>
    public DateTimeOffset Since => new(Math.Max(0, _floor - s_slack), TimeSpan.Zero);

    /// <summary>Begins to read the mailbox from its beginning, with what is done still in it.</summary>
    public void BeginWhole() => _copies.Clear();

    /// <summary>Takes a notice.</summary>
    /// <param name="notice">The notice.</param>
    /// <param name="isWhole">True while the mailbox is read from its beginning; false where the notice is known to be new.</param>
    /// <param name="place">Where the next message begins.</param>
    /// <param name="now">The time.</param>
    /// <returns>The notice, or null where it is done.</returns>
    public FollowedNotice? Take(Notice notice, bool isWhole, string place, DateTimeOffset now)
    {
        var content = NoticeIdentity.Of(notice);
        var done = _done.GetValueOrDefault(content).Count;
        var copy = done + 1;
        if (isWhole)
        {
            copy = _copies[content] = _copies.GetValueOrDefault(content) + 1;
            if (copy <= done || (notice.Time.IsKnown && notice.Time.UtcTicks < _floor))
            {
                return null;
            }
        }

        var ticks = notice.Time.IsKnown ? Math.Min(notice.Time.UtcTicks, now.UtcTicks) : now.UtcTicks;
        _done[content] = (copy, ticks);
        _newest = Math.Max(_newest, ticks);
        Place = place;
        Forget();
        return new FollowedNotice(notice, content ^ ((ulong)(copy - 1) << 1), End());
    }

    private SourcePosition End()
    {
        var text = new StringBuilder(Place).Append(CultureInfo.InvariantCulture, $"|{_floor:x}|");
        foreach (var (content, done) in _done)
        {
            text.Append(CultureInfo.InvariantCulture, $"{content:x}:{done.Count:x}:{done.Ticks:x};");
        }

        return new SourcePosition(_path, 1, _newest, text.ToString());
    }

    private void Forget()
    {
        _floor = Math.Max(_floor, _newest - s_slack);
        foreach (var old in _done.Where(one => one.Value.Ticks < _floor).Select(one => one.Key).ToList())
        {
            _done.Remove(old);
        }

        while (_done.Count > Most)
        {
            var oldest = _done.MinBy(one => one.Value.Ticks);
            _done.Remove(oldest.Key);
            _floor = Math.Max(_floor, oldest.Value.Ticks + 1);
        }
    }

    private static bool Hex(string text, out long value) => long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
