using Microsoft.Extensions.Time.Testing;
using Postern.Cli.Daemon.Logging;

namespace Postern.Tests.Daemon.Logging;

/// <summary>The latest events, for whoever watches.</summary>
public sealed class RecentEventsTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(25);
    private readonly FakeTimeProvider _time = new();
    private readonly RecentEvents _events;

    public RecentEventsTests() => _events = new RecentEvents(_time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_kept_until_somebody_watches_and_after_nobody_does()
    {
        _events.IsWatched.ShouldBeFalse();
        (await _events.AfterAsync(null, s_patience, Stop)).Next.ShouldBe(0);
        _events.IsWatched.ShouldBeTrue();
        _time.Advance(TimeSpan.FromMinutes(3));
        _events.IsWatched.ShouldBeFalse();
    }

    [Fact]
    public async Task Who_waits_hears_of_the_next_event_and_asks_on_from_there()
    {
        var waiting = _events.AfterAsync(0, s_patience, Stop);
        waiting.IsCompleted.ShouldBeFalse();
        _events.Add(Row("first"));
        var (events, lost, next) = await waiting;
        (events.Single().Action, lost, next).ShouldBe(("first", 0, 1));
        _events.Add(Row("second"));
        _events.Add(Row("third"));
        (events, lost, next) = await _events.AfterAsync(next, s_patience, Stop);
        (string.Join(' ', events.Select(row => row.Action)), lost, next).ShouldBe(("second third", 0, 3));
    }

    [Fact]
    public async Task Patience_ends_and_a_number_of_an_earlier_run_begins_anew()
    {
        var waiting = _events.AfterAsync(0, s_patience, Stop);
        _time.Advance(s_patience);
        var (events, _, next) = await waiting;
        (events.Count, next).ShouldBe((0, 0));
        (await _events.AfterAsync(700, s_patience, Stop)).Next.ShouldBe(0);
    }

    [Fact]
    public async Task Of_a_flood_the_latest_are_kept_and_the_lost_are_counted()
    {
        for (var i = 0; i < 5000; i++)
        {
            _events.Add(Row("session"));
        }

        var (events, lost, next) = await _events.AfterAsync(10, s_patience, Stop);
        (events.Count, lost, next).ShouldBe((200, 3990, 4200));
    }

    private static EventRow Row(string action) => new(DateTimeOffset.UnixEpoch, action);
}
