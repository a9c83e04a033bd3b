using System.Threading.Channels;
using Postern.Capture.Logs;
using Postern.Facts;

namespace Postern.Capture.Notices;

/// <summary>
/// Follows the postmaster's mailbox, an mbox or a Maildir, for Postfix's notices, each once, whatever a mail program does with
/// the mailbox meanwhile. At its first start those of the last day are read.
/// </summary>
/// <param name="path">The mailbox.</param>
/// <param name="known">What is done of it; null for the first time.</param>
/// <param name="time">The clock.</param>
/// <param name="say">Told of trouble, and of its end.</param>
public sealed class NoticeFollower(string path, SourcePosition? known, TimeProvider time, Action<SourceTrouble> say)
{
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_firstLook = TimeSpan.FromDays(1);
    private readonly NoticeMemory _memory = new(path, known, time.GetUtcNow() - s_firstLook);
    private MboxTail? _mbox;
    private MaildirScanner? _maildir;
    private string? _said;

    /// <summary>Follows until stopped.</summary>
    public async Task RunAsync(ChannelWriter<FollowedNotice> writer, CancellationToken stop)
    {
        using var watch = new FolderMonitor();
        try
        {
            while (true)
            {
                watch.Watch(Directory.Exists(path) ? MaildirScanner.Folders(path) : [Path.GetDirectoryName(Path.GetFullPath(path))!]);
                foreach (var notice in Look())
                {
                    await writer.WriteAsync(notice, stop);
                }

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

    private IReadOnlyList<FollowedNotice> Look()
    {
        IReadOnlyList<FollowedNotice> found = [];
        try
        {
            var now = time.GetUtcNow();
            if (Directory.Exists(path))
            {
                found = (_maildir ??= new MaildirScanner(path, _memory)).Look(now);
                Say(MaildirScanner.Folders(path).Any(Directory.Exists) ? null : "it is no Maildir: it has neither cur nor new");
            }
            else if (File.Exists(path))
            {
                found = (_mbox ??= new MboxTail(path, _memory)).Look(now);
                Say(null);
            }
            else
            {
                Say("there is no such mailbox (waiting for it)");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Say(e is UnauthorizedAccessException ? "it may not be read (permission denied)" : e.Message);
        }

        return found;
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
