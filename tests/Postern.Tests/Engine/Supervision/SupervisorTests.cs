using Microsoft.Extensions.Time.Testing;
using Postern.Engine.Supervision;

namespace Postern.Tests.Engine.Supervision;

/// <summary>What fails begins again, is told once, and ends the program only where it must.</summary>
public sealed class SupervisorTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 25, 10, 0, 0, TimeSpan.Zero));
    private readonly List<PartFault> _told = [];
    private readonly Supervisor _supervisor;
    private readonly List<DateTimeOffset> _runs = [];

    public SupervisorTests() => _supervisor = new Supervisor(_time, _told.Add);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_part_that_fails_begins_again_after_a_pause_that_grows()
    {
        using var stop = new CancellationTokenSource();
        var part = _supervisor.Start("the part", FailAsync, stop.Token);
        await PassUntilAsync(() => _runs.Count >= 9);
        // The same fault is told once, and counted.
        _told.ShouldHaveSingleItem().IsFinal.ShouldBeFalse();
        _supervisor.Troubles.ShouldHaveSingleItem().ShouldMatch("^the part failed [0-9]+ times, last at 2026-11-25 ");
        await stop.CancelAsync();
        await part.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        var pauses = _runs.Zip(_runs.Skip(1), (one, next) => (next - one).TotalSeconds).Take(8).ToArray();
        pauses.Zip((double[])[1, 2, 4, 8, 16, 32, 60, 60]).ShouldAllBe(pair => pair.First >= pair.Second);
        _supervisor.GivenUp.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_part_that_the_run_needs_is_given_up_after_so_many_failures_in_a_row()
    {
        using var stop = new CancellationTokenSource();
        var part = _supervisor.Start("the part", FailAsync, most: 3, stop.Token);
        await PassUntilAsync(() => part.IsCompleted);
        _runs.Count.ShouldBe(3);
        (await _supervisor.GivenUp).ShouldBe(_told[^1]);
        _told[^1].IsFinal.ShouldBeTrue();
        _told[^1].Exception.StackTrace.ShouldNotBeNull().ShouldContain(nameof(FailAsync));
    }

    [Fact]
    public async Task What_ran_well_for_a_while_has_not_failed_in_a_row()
    {
        using var stop = new CancellationTokenSource();
        var part = _supervisor.Start("the part", async token =>
        {
            await FailOnceWellAsync(token);
            throw new InvalidOperationException("it broke");
        }, most: 2, stop.Token);
        await PassUntilAsync(() => _runs.Count >= 5);
        _supervisor.GivenUp.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();
        await part.WaitAsync(TimeSpan.FromSeconds(30), Stop);
    }

    [Fact]
    public async Task A_part_that_ends_by_itself_or_is_stopped_is_no_fault()
    {
        using var stop = new CancellationTokenSource();
        await _supervisor.Start("once", _ => Task.CompletedTask, stop.Token).WaitAsync(TimeSpan.FromSeconds(30), Stop);
        var part = _supervisor.Start("until stopped", token => Task.Delay(Timeout.Infinite, token), stop.Token);
        await stop.CancelAsync();
        await part.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        _told.ShouldBeEmpty();
        _supervisor.Troubles.ShouldBeEmpty();
    }

    [Fact]
    public void What_failed_an_hour_ago_is_for_the_log()
    {
        _supervisor.Note("a check", new InvalidOperationException("odd"));
        _supervisor.Troubles.ShouldHaveSingleItem().ShouldBe($"a check failed at {_time.GetLocalNow():yyyy-MM-dd HH:mm:ss zzz} (InvalidOperationException: odd); the log has the place");
        _time.Advance(TimeSpan.FromHours(1));
        _supervisor.Troubles.ShouldBeEmpty();
    }

    private Task FailAsync(CancellationToken stop)
    {
        _runs.Add(_time.GetUtcNow());
        throw new InvalidOperationException("it broke");
    }

    private Task FailOnceWellAsync(CancellationToken stop)
    {
        _runs.Add(_time.GetUtcNow());
        return Task.Delay(Supervisor.Well, _time, stop);
    }

    private async Task PassUntilAsync(Func<bool> isSo)
    {
        for (var i = 0; i < 30_000 && !isSo(); i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(i % 10 == 0 ? 1 : 0, Stop);
        }

        isSo().ShouldBeTrue();
    }
}
