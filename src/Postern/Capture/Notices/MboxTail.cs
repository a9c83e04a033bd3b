using System.Globalization;
using Postern.Capture.Logs;
using Postern.Facts;

namespace Postern.Capture.Notices;

/// <summary>
/// Reads what is added to an mbox. The last message may be half written: it counts when another follows it, or when the file has
/// not changed between two looks. A mailbox that was rewritten is read whole.
/// </summary>
/// <param name="path">The mailbox.</param>
/// <param name="memory">What is done.</param>
internal sealed class MboxTail(string path, NoticeMemory memory)
{
    // From its beginning until nobody writes to it, what is done may come again.
    private bool _isWhole;
    private (long Length, DateTimeOffset Written) _looked;
    private long _next = Read(memory.Place).Next;
    private ulong _fingerprint = Read(memory.Place).Fingerprint;

    /// <summary>The notices that are new; the mailbox is there.</summary>
    public IReadOnlyList<FollowedNotice> Look(DateTimeOffset now)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var status = FileStatus.Of(file);
        var isQuiet = _looked == (status.Length, status.Written);
        if (isQuiet && status.Length == _next)
        {
            return [];
        }

        _looked = (status.Length, status.Written);
        var start = _next;
        using (var before = new PlainBytes(file, start))
        {
            if (before.IsReplaced || before.Before.Hash != _fingerprint)
            {
                (start, _isWhole) = (0, false);
            }

            if (start == 0 && !_isWhole)
            {
                memory.BeginWhole();
                _isWhole = true;
            }

            return Read(new HandleStream(file, start, status.Length), start, isQuiet, now);
        }
    }

    private List<FollowedNotice> Read(HandleStream content, long start, bool isQuiet, DateTimeOffset now)
    {
        List<FollowedNotice> found = [];
        List<Notice> last = [];
        var (done, end) = (start, start);
        MboxReader? reader = null;
        reader = new MboxReader(message =>
        {
            // The message before is whole, as another one follows it.
            HandOn(last, end);
            done = end;
            end = start + reader!.MessageEnd;
            last = [.. NoticeMessage.Read(message, isChosen: false).Notices];
        });
        reader.Read(content);
        if (isQuiet)
        {
            HandOn(last, end);
            (done, _isWhole) = (end, false);
        }

        (_next, _fingerprint) = (done, content.WitnessAt(done));
        return found;

        void HandOn(List<Notice> notices, long next)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{next:x}:{content.WitnessAt(next):x}");
            foreach (var notice in notices)
            {
                if (memory.Take(notice, _isWhole, place, now) is { } one)
                {
                    found.Add(one);
                }
            }
        }
    }

    private static (long Next, ulong Fingerprint) Read(string place) =>
        place.Split(':') is [var next, var fingerprint]
            && long.TryParse(next, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var at)
            && ulong.TryParse(fingerprint, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash) ? (at, hash) : (0, 0);
}
