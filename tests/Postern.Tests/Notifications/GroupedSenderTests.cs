using Microsoft.Extensions.Time.Testing;
using Postern.Cli.Notifications.Telling;

namespace Postern.Tests.Notifications;

/// <summary>Several that come together are one message, messages keep their distance, and a failure is said once.</summary>
public sealed class GroupedSenderTests
{
    private static readonly TimeSpan s_gather = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _clock = new(Happenings.Now);
    private readonly List<(int Told, long More, DateTimeOffset At)> _sent = [];
    private readonly List<string?> _said = [];
    private string? _failure;
    private int _tries;

    [Fact]
    public async Task What_comes_together_is_one_message_and_the_next_one_keeps_its_distance()
    {
        using var stop = new CancellationTokenSource();
        var sender = Sender();
        var work = sender.RunAsync(stop.Token);
        sender.Add(Happenings.Ban());
        sender.Add(Happenings.Ban());
        await _clock.UntilAsync(() => _sent.Count == 1, s_step);
        for (var i = 0; i < 70; i++)
        {
            sender.Add(Happenings.Ban());
        }

        await _clock.UntilAsync(() => _sent.Count == 2, s_step);
        _sent.Select(one => (one.Told, one.More)).ShouldBe([(2, 0L), (50, 20L)]);
        (_sent[1].At - _sent[0].At).ShouldBeGreaterThanOrEqualTo(s_interval);
        await stop.CancelAsync();
        await work;
        _sent.Count.ShouldBe(2);
        _said.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_failure_is_said_once_and_what_could_not_be_sent_is_sent_later()
    {
        using var stop = new CancellationTokenSource();
        var sender = Sender();
        _failure = "it is down";
        var work = sender.RunAsync(stop.Token);
        sender.Add(Happenings.Takeover());
        await _clock.UntilAsync(() => Volatile.Read(ref _tries) >= 3, s_step);
        _said.ShouldBe(["it is down"]);
        sender.Add(Happenings.Ban());
        _failure = null;
        await _clock.UntilAsync(() => _sent.Count == 1, s_step);
        _sent[0].Told.ShouldBe(2);
        await _clock.UntilAsync(() => _said.Count == 2, s_step);
        _said[1].ShouldBeNull();
        await stop.CancelAsync();
        await work;
    }

    [Fact]
    public async Task What_waits_at_the_end_is_sent_before_it()
    {
        using var stop = new CancellationTokenSource();
        var sender = Sender();
        var work = sender.RunAsync(stop.Token);
        sender.Add(Happenings.Ban());
        await stop.CancelAsync();
        await work;
        _sent.Select(one => one.Told).ShouldBe([1]);
    }

    [Fact]
    public void Nobody_waits_for_a_place()
    {
        var sender = Sender();
        for (var i = 0; i < 5000; i++)
        {
            sender.Add(Happenings.Ban());
        }
    }

    private GroupedSender Sender() => new(
        (all, more, _) =>
        {
            Interlocked.Increment(ref _tries);
            if (_failure is null)
            {
                _sent.Add((all.Count, more, _clock.GetUtcNow()));
            }

            return Task.FromResult(_failure);
        },
        s_gather, s_interval, _said.Add, _clock);
}
