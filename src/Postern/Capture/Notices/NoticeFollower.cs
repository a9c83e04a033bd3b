using System.Threading.Channels;
using Postern.Capture.Inputs;
using Postern.Capture.Logs;
using Postern.Facts;

namespace Postern.Capture.Notices;

/// <summary>
/// Follows the postmaster's mailbox, an mbox or a Maildir, for Postfix's notices. A message is known again by its content, so
/// that a mail program that rewrites the mailbox makes none of it new.
/// </summary>
/// <param name="path">The mailbox.</param>
/// <param name="known">Up to when it was read; null for the first time.</param>
/// <param name="time">The clock.</param>
/// <param name="say">Told of trouble, and of its end.</param>
public sealed class NoticeFollower(string path, SourcePosition? known, TimeProvider time, Action<SourceTrouble> say)
{
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(2);

    // Mail may come in another order than it was written; what is older than this when it comes was there before.
    private static readonly TimeSpan s_slack = TimeSpan.FromMinutes(10);
    private readonly Dictionary<ulong, long> _seen = [];
    private readonly Dictionary<ulong, ulong> _copies = [];
    private readonly long _resumed = known?.Offset ?? 0;
    private long _newest = known?.Offset ?? 0;
    private (long Length, DateTime Written) _looked;
    private string? _said;

    /// <summary>Follows until stopped.</summary>
    public async Task RunAsync(ChannelWriter<FollowedNotice> writer, CancellationToken stop)
    {
        var folder = Directory.Exists(Path.Combine(path, "new")) ? Path.Combine(path, "new") : Path.GetDirectoryName(Path.GetFullPath(path))!;
        using var watch = new FolderWatch();
        try
        {
            while (true)
            {
                foreach (var notice in Look(stop))
                {
                    await writer.WriteAsync(notice, stop);
                }

                watch.Watch([folder]);
                await watch.WaitAsync(s_poll, time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    /// <summary>The notices of one message that was handed over.</summary>
    public static IReadOnlyList<FollowedNotice> OfMessage(ReadOnlyMemory<byte> message)
    {
        var finding = NoticeMessage.Read(message.Length > NoticeMessage.MaxLength ? message[..NoticeMessage.MaxLength].ToArray() : message.ToArray(), isChosen: false);
        return [.. finding.Notices.Select(notice => new FollowedNotice(notice, NoticeIdentity.Of(notice), new SourcePosition("notice", 1, notice.Time.UtcTicks)))];
    }

    private List<FollowedNotice> Look(CancellationToken stop)
    {
        List<FollowedNotice> found = [];
        try
        {
            if (!HasChanged())
            {
                return found;
            }

            if (!InputOpener.TryOpen(path, null, out var input, out var error))
            {
                // An empty mailbox is a mailbox.
                Say(File.Exists(path) && new FileInfo(path).Length == 0 ? null : error.ToString());
                return found;
            }

            _copies.Clear();
            using (input)
            {
                NoticeReader.Read(input, notice => Take(notice, found), stop);
            }

            Say(null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Say(e.Message);
        }

        Forget();
        return found;
    }

    private bool HasChanged()
    {
        if (Directory.Exists(path))
        {
            return true;
        }

        if (!File.Exists(path))
        {
            Say("there is no such mailbox (waiting for it)");
            return false;
        }

        var file = new FileInfo(path);
        var now = (file.Length, file.LastWriteTimeUtc);
        var changed = now != _looked;
        _looked = now;
        return changed;
    }

    private void Take(Notice notice, List<FollowedNotice> found)
    {
        // Sessions of one second may be alike to the letter: the mailbox tells how many there were.
        var content = NoticeIdentity.Of(notice);
        var copy = _copies[content] = _copies.GetValueOrDefault(content) + 1;
        var id = content ^ ((copy - 1) << 1);
        if ((notice.Time.IsKnown && (notice.Time.UtcTicks < _newest - s_slack.Ticks || notice.Time.UtcTicks <= _resumed)) || !_seen.TryAdd(id, notice.Time.UtcTicks))
        {
            return;
        }

        _newest = Math.Max(_newest, notice.Time.UtcTicks);
        found.Add(new FollowedNotice(notice, id, new SourcePosition(path, 1, _newest)));
    }

    private void Forget()
    {
        foreach (var old in _seen.Where(pair => pair.Value < _newest - (2 * s_slack.Ticks)).Select(pair => pair.Key).ToList())
        {
            _seen.Remove(old);
        }
    }

    private void Say(string? trouble)
    {
        if (!string.Equals(_said, trouble, StringComparison.Ordinal))
        {
            _said = trouble;
            say(new SourceTrouble(path, trouble));
        }
    }
}
