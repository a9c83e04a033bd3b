using Microsoft.Extensions.Time.Testing;
using Postern.Cli.Configuration;
using Postern.Cli.Notifications.Mail;
using Postern.Cli.Notifications.Telling;
using Postern.Cli.Storage;

namespace Postern.Tests.Notifications;

/// <summary>The summary of the day comes once, at its time, also on a quiet day and across a restart.</summary>
public sealed class DailyDigestTests : IDisposable
{
    private static readonly TimeSpan s_step = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("postern-digest-");
    private readonly FakeTimeProvider _clock = new(Happenings.Now);
    private readonly List<(string Title, string Text, DateTimeOffset At)> _sent = [];
    private readonly List<string?> _said = [];
    private string? _failure;

    public DailyDigestTests() => _clock.SetLocalTimeZone(TimeZoneInfo.Utc);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task It_counts_over_a_restart_and_comes_once_a_day()
    {
        // 06:00: a restart before 07:00.
        await RunAsync(digest => AddTo(digest, Happenings.Ban(), Happenings.Ban(jail: "dots"), Happenings.Takeover()), () => true);
        await RunAsync(digest => AddTo(digest, Happenings.Ban(), Happenings.Ban() with { Kind = HappeningKind.BanEnded }), () => _sent.Count == 1);
        var (title, text, at) = _sent[0];
        title.ShouldBe("Postern on mx.example.org: summary of 2026-11-25");
        at.ShouldBeInRange(Happenings.Now.AddHours(1), Happenings.Now.AddHours(1) + s_step + s_step);
        text.ShouldContain("Bans made: 3 (active now: 7)\n  postfix: 2\n  dots: 1\n");
        text.ShouldContain("Bans ended or lifted: 1\n");
        text.ShouldContain("Alerts:\n  account takeover: 1\n");
        text.ShouldContain("Problems now:\n  /var/log/mail.log: gone\\n\n");

        // Not again on that day, and on the next one although nothing happened.
        await RunAsync(static _ => { }, () => _sent.Count == 2);
        _sent[1].At.ShouldBeGreaterThan(Happenings.Now.AddHours(24));
        _sent[1].Text.ShouldStartWith("From 2026-11-25 07:");
        _sent[1].Text.ShouldContain("Bans made: 0 ");
    }

    [Fact]
    public async Task One_that_cannot_be_mailed_is_said_once_and_comes_later()
    {
        _failure = "no queue";
        await RunAsync(digest => AddTo(digest, Happenings.Ban()), () =>
        {
            _failure = _clock.GetUtcNow() > Happenings.Now.AddHours(2) ? null : _failure;
            return _sent.Count == 1;
        });
        _sent[0].Text.ShouldContain("Bans made: 1 ");
        _said.ShouldBe(["no queue", null]);
    }

    [Fact]
    public void It_is_in_the_operators_language()
    {
        var digest = Digest("ja");
        AddTo(digest, Happenings.Ban());
        digest.Write().Text.ShouldContain("遮断した件数: 1 件（現在有効: 7 件）");
    }

    private static void AddTo(DailyDigest digest, params Happening[] all)
    {
        foreach (var one in all)
        {
            digest.Take(one);
        }
    }

    private async Task RunAsync(Action<DailyDigest> begin, Func<bool> isOver)
    {
        using var stop = new CancellationTokenSource();
        var digest = Digest("en");
        var work = digest.RunAsync(stop.Token);
        begin(digest);
        await _clock.UntilAsync(isOver, s_step);
        await stop.CancelAsync();
        await work;
    }

    private DailyDigest Digest(string language) => new(
        new NotifySettings { MailTo = ["ann"], Language = language }, new NotificationStore(Path.Combine(_folder.FullName, "notifications.sqlite")), () => (7, ["/var/log/mail.log: gone\n"]),
        (title, text, _) =>
        {
            if (_failure is null)
            {
                _sent.Add((title, text, _clock.GetUtcNow()));
            }

            return Task.FromResult(_failure);
        },
        _said.Add, "mx.example.org", isDryRun: false, _clock);
}
