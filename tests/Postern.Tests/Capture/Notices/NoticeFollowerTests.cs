using System.Threading.Channels;
using Postern.Capture.Notices;
using Postern.Facts;

namespace Postern.Tests.Capture.Notices;

/// <summary>Every notice of a mailbox once, whatever is done with the mailbox.</summary>
public sealed class NoticeFollowerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("postern-notices-");
    private int _messages;

    private string Mailbox => Path.Combine(_folder.FullName, "mail");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Notices_come_once_through_restarts_within_their_second(bool isMaildir)
    {
        Make(isMaildir);
        Deliver(isMaildir, 3);
        SourcePosition place;
        await using (var first = new Following(Mailbox, null))
        {
            await first.TakeAsync(2);
            // Killed with the third on its way.
            place = first.Place!;
        }

        Deliver(isMaildir, 2);
        await using (var second = new Following(Mailbox, place))
        {
            (await second.TakeAsync(3)).Distinct().Count().ShouldBe(3);
            place = second.Place!;
        }

        Deliver(isMaildir, 1);
        await using var third = new Following(Mailbox, place);
        await third.TakeAsync(1);
        await third.ShouldBeSilentAsync();
    }

    [Fact]
    public async Task A_message_that_is_half_written_counts_once_when_it_is_whole()
    {
        var text = Message();
        File.WriteAllText(Mailbox, text[..(text.Length / 2)]);
        await using var follow = new Following(Mailbox, null);
        File.AppendAllText(Mailbox, text[(text.Length / 2)..] + Message());
        (await follow.TakeAsync(2)).Distinct().Count().ShouldBe(2);
        await follow.ShouldBeSilentAsync();
    }

    [Fact]
    public async Task A_mailbox_that_was_rewritten_makes_none_of_its_notices_new()
    {
        File.WriteAllText(Mailbox, Message() + Message() + Message());
        await using var follow = new Following(Mailbox, null);
        await follow.TakeAsync(3);
        // A mail program has removed the first, and another one came.
        _messages = 1;
        File.WriteAllText(Mailbox, Message().Replace("Subject", "Status: O\nSubject", StringComparison.Ordinal) + Message());
        await follow.ShouldBeSilentAsync();
        File.AppendAllText(Mailbox, Message());
        await follow.TakeAsync(1);
        await follow.ShouldBeSilentAsync();
    }

    [Fact]
    public async Task A_message_that_a_mail_program_moves_is_no_new_one()
    {
        Make(isMaildir: true);
        Deliver(isMaildir: true, 2);
        await using var follow = new Following(Mailbox, null);
        await follow.TakeAsync(2);
        foreach (var file in Directory.GetFiles(Path.Combine(Mailbox, "new")))
        {
            File.Move(file, Path.Combine(Mailbox, "cur", Path.GetFileName(file) + ":2,S"));
        }

        await follow.ShouldBeSilentAsync();
    }

    [Fact]
    public async Task Old_notices_are_not_read_at_the_first_start()
    {
        File.WriteAllText(Mailbox, Message(TimeSpan.FromDays(30)) + Message());
        await using var follow = new Following(Mailbox, null);
        await follow.TakeAsync(1);
        await follow.ShouldBeSilentAsync();
    }

    private void Make(bool isMaildir)
    {
        foreach (var name in isMaildir ? (string[])["cur", "new", "tmp"] : [])
        {
            Directory.CreateDirectory(Path.Combine(Mailbox, name));
        }
    }

    private void Deliver(bool isMaildir, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var text = Message();
            if (isMaildir)
            {
                var name = Path.Combine(Mailbox, "tmp", $"{_messages}.mx");
                File.WriteAllText(name, text[(text.IndexOf('\n') + 1)..]);
                File.Move(name, Path.Combine(Mailbox, "new", $"{_messages}.mx"));
            }
            else
            {
                File.AppendAllText(Mailbox, text);
            }
        }
    }

    // Three in a row are alike to the letter, as sessions of one second may be.
    private string Message(TimeSpan ago = default)
    {
        var date = (TimeProvider.System.GetUtcNow() - ago).AddMinutes(-5 + (_messages++ / 3)).ToString("ddd, dd MMM yyyy HH:mm:00 +0000", System.Globalization.CultureInfo.InvariantCulture);
        var real = NoticeSupport.Real.Replace("Wed, 25 Nov 2026 02:23:12 +0100 (CET)", date, StringComparison.Ordinal);
        return $"From MAILER-DAEMON Wed Nov 25 02:23:12 2026\n{real}\n";
    }

    private sealed class Following : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Channel<FollowedNotice> _notices = Channel.CreateUnbounded<FollowedNotice>();
        private readonly Task _run;
        private readonly string _path;

        public Following(string path, SourcePosition? known)
        {
            _path = path;
            _run = new NoticeFollower(path, known, TimeProvider.System, _ => { }).RunAsync(_notices.Writer, _stop.Token);
        }

        public SourcePosition? Place { get; private set; }

        public async Task<ulong[]> TakeAsync(int count)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(60));
            var ids = new ulong[count];
            for (var i = 0; i < count; i++)
            {
                var notice = await _notices.Reader.ReadAsync(limit.Token);
                (ids[i], Place) = (notice.Id, notice.End);
            }

            return ids;
        }

        // A new look, whose only notice is the one that is made for it, shows that there was no other.
        public async Task ShouldBeSilentAsync()
        {
            var text = NoticeSupport.Real.Replace("198.51.100.7", "192.0.2.99", StringComparison.Ordinal)
                .Replace("Wed, 25 Nov 2026 02:23:12 +0100 (CET)", TimeProvider.System.GetUtcNow().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
            if (Directory.Exists(_path))
            {
                var name = $"{Guid.NewGuid()}.mx";
                File.WriteAllText(Path.Combine(_path, "tmp", name), text);
                File.Move(Path.Combine(_path, "tmp", name), Path.Combine(_path, "new", name));
            }
            else
            {
                File.AppendAllText(_path, $"From MAILER-DAEMON Wed Nov 25 02:23:12 2026\n{text}\n");
            }

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(60));
            (await _notices.Reader.ReadAsync(limit.Token)).Notice.Client.ToString().ShouldBe("192.0.2.99");
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _run;
            _stop.Dispose();
        }
    }
}
