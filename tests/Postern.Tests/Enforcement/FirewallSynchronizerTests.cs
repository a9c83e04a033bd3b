using Microsoft.Extensions.Time.Testing;
using Postern.Enforcement;
using Postern.Facts;

namespace Postern.Tests.Enforcement;

/// <summary>Bans wait for nothing but the step before them, and the firewall is looked at when it should be.</summary>
public sealed class FirewallSynchronizerTests : IAsyncDisposable
{
    private static readonly DateTimeOffset s_end = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private readonly ScriptedFirewall _firewall = new();
    private readonly List<string> _said = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly FakeTimeProvider _time = new(s_end.AddHours(-1));
    private readonly FirewallSynchronizer _synchronizer;
    private readonly List<TimeSpan> _took = [];

    public FirewallSynchronizerTests() => _synchronizer = new FirewallSynchronizer(_firewall, () => [], _time, _said.Add, TimeSpan.FromMinutes(5)) { TookEffect = _took.Add };

    [Fact]
    public async Task What_waits_is_one_step()
    {
        await _synchronizer.OpenAsync(CancellationToken.None);
        for (uint i = 0; i < 10_000; i++)
        {
            Ban(i);
        }

        await RunAsync(() => _firewall.CallsAsync(1));
        _firewall.Applied.Count.ShouldBe(1);
        _firewall.Applied[0].Select(change => change.Network.First).ShouldBe(Enumerable.Range(0, 10_000).Select(i => ClientAddress.FromIPv4((uint)i)));
    }

    [Fact]
    public async Task A_ban_tells_once_how_long_after_its_session_it_took_effect_and_what_is_not_built_does_not()
    {
        await _synchronizer.OpenAsync(CancellationToken.None);
        _firewall.DuringApply = () => _time.Advance(TimeSpan.FromMilliseconds(20));
        _synchronizer.Add(new FirewallChange(ClientNetwork.Of(ClientAddress.FromIPv4(1)), s_end), _time.GetUtcNow() - TimeSpan.FromSeconds(3));
        Ban(2);
        _synchronizer.Waiting.ShouldBe(2);
        await RunAsync(() => _firewall.CallsAsync(1));
        _took.ShouldBe([TimeSpan.FromSeconds(3.02)]);
        _synchronizer.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task A_ban_that_the_firewall_refuses_took_no_effect()
    {
        await _synchronizer.OpenAsync(CancellationToken.None);
        _firewall.DuringApply = () => (_firewall.Trouble, _firewall.State) = ("no route", FirewallState.Failed);
        _synchronizer.Add(new FirewallChange(ClientNetwork.Of(ClientAddress.FromIPv4(1)), s_end), _time.GetUtcNow());
        await RunAsync(() => _firewall.CallsAsync(1));
        _took.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_step_is_never_larger_than_the_kernel_can_tell_of()
    {
        await _synchronizer.OpenAsync(CancellationToken.None);
        for (uint i = 0; i < 45_000; i++)
        {
            Ban(i);
        }

        await RunAsync(() => _firewall.CallsAsync(3));
        _firewall.Applied.Select(changes => changes.Count).ShouldBe([20_000, 20_000, 5_000]);
    }

    [Fact]
    public async Task What_is_decided_during_a_step_is_in_the_next()
    {
        await _synchronizer.OpenAsync(CancellationToken.None);
        _firewall.DuringApply = () =>
        {
            _firewall.DuringApply = null;
            Ban(2);
            Ban(3);
        };
        Ban(1);
        await RunAsync(() => _firewall.CallsAsync(2));
        _firewall.Applied.Select(changes => changes.Count).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task The_wall_is_compared_now_and_then_and_drift_is_said()
    {
        await _synchronizer.OpenAsync(CancellationToken.None);
        await RunAsync(async () =>
        {
            _firewall.Drift = new FirewallDrift(2, 1, WasRebuilt: false);
            await AfterAsync(TimeSpan.FromMinutes(5));
        });
        _firewall.Calls[0].ShouldBe("compare");
        _said.ShouldBe(["scripted: mended 2 bans that were missing or ended at another time, and 1 entries that were none of ours"]);
        _synchronizer.Repairs.ShouldBe((2, 1, 0));
    }

    [Fact]
    public async Task A_comparison_that_finds_nothing_is_not_worth_a_word()
    {
        await _synchronizer.OpenAsync(CancellationToken.None);
        await RunAsync(() => AfterAsync(TimeSpan.FromMinutes(5)));
        _said.ShouldBeEmpty();
    }

    [Fact]
    public async Task Disturbances_that_come_together_are_one_look()
    {
        await _synchronizer.OpenAsync(CancellationToken.None);
        await RunAsync(async () =>
        {
            _firewall.Drift = new FirewallDrift(0, 0, WasRebuilt: true);
            _firewall.Disturb();
            await AfterAsync(TimeSpan.FromMilliseconds(200));
        });
        _firewall.Calls.ShouldBe(["compare", "close"]);
        _said.ShouldBe(["scripted: somebody removed or changed our table; all bans stand again"]);
    }

    [Fact]
    public async Task A_long_wall_that_somebody_removed_is_built_again_long_before_it_is_looked_at_closely()
    {
        await _synchronizer.OpenAsync(CancellationToken.None);
        await RunAsync(async () =>
        {
            // A close look that takes half a minute: the next one has time.
            _firewall.Takes = () => _time.Advance(TimeSpan.FromSeconds(30));
            await AfterAsync(TimeSpan.FromMinutes(5));
            _firewall.Takes = null;
            _firewall.Drift = new FirewallDrift(0, 0, WasRebuilt: true);
            _firewall.Disturb();
            var before = _time.GetUtcNow();
            await AfterAsync(TimeSpan.FromSeconds(1));
            (_time.GetUtcNow() - before).ShouldBeLessThan(TimeSpan.FromSeconds(2));
            // What was built just now needs no close look; but what somebody did to single bans does.
            _firewall.Disturb();
            await AfterAsync(TimeSpan.FromSeconds(1));
            await AfterAsync(TimeSpan.FromSeconds(30));
        });
        _firewall.Calls.ShouldBe(["compare", "glance", "glance", "compare", "close"]);
        _said.ShouldBe(["scripted: somebody removed or changed our table; all bans stand again"]);
    }

    [Fact]
    public async Task A_wall_that_fails_in_a_step_is_looked_at_in_the_same_breath()
    {
        await _synchronizer.OpenAsync(CancellationToken.None);
        _firewall.DuringApply = () => (_firewall.State, _firewall.Drift) = (FirewallState.Failed, new FirewallDrift(0, 0, WasRebuilt: true));
        Ban(1);
        await RunAsync(() => _firewall.CallsAsync(2));
        _firewall.Calls.ShouldBe(["apply", "compare", "close"]);
        _said.ShouldBe(["scripted: somebody removed or changed our table; all bans stand again"]);
    }

    [Fact]
    public async Task A_wall_that_cannot_be_built_is_said_once_and_used_as_soon_as_it_can_be()
    {
        _firewall.Trouble = "no permission";
        await _synchronizer.OpenAsync(CancellationToken.None);
        await RunAsync(async () =>
        {
            await AfterAsync(TimeSpan.FromSeconds(10));
            _said.ShouldBe(["scripted: no permission; bans are only recorded until it can be used"]);
            _firewall.Trouble = null;
            await AfterAsync(TimeSpan.FromSeconds(10));
        });
        _said.ShouldBe(["scripted: no permission; bans are only recorded until it can be used", "scripted: stands now, and bans take effect"]);
    }

    [Fact]
    public async Task A_wall_that_fails_at_each_ban_in_other_words_is_said_once()
    {
        await _synchronizer.OpenAsync(CancellationToken.None);
        await RunAsync(async () =>
        {
            for (uint i = 1; i < 5; i++)
            {
                var number = i;
                _firewall.DuringApply = () => (_firewall.State, _firewall.Trouble) = (FirewallState.Failed, $"no route to {number}");
                Ban(i);
                // The look in the same breath is only after the first.
                await _firewall.CallsAsync(i == 1 ? 2 : 1);
            }

            _firewall.Trouble = null;
            await AfterAsync(TimeSpan.FromSeconds(10));
        });
        _said.ShouldBe(["scripted: no route to 1; what failed is tried again", "scripted: stands again"]);
    }

    [Fact]
    public async Task In_the_end_the_wall_is_taken_down()
    {
        await _synchronizer.OpenAsync(CancellationToken.None);
        await RunAsync(() => Task.CompletedTask);
        _firewall.Calls.ShouldBe(["close"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _synchronizer.DisposeAsync();
        _stop.Dispose();
    }

    private void Ban(uint address) => _synchronizer.Add(new FirewallChange(ClientNetwork.Of(ClientAddress.FromIPv4(address)), s_end));

    // The synchronizer sets its timers on a thread of its own, so time goes on in small steps until it called.
    private async Task AfterAsync(TimeSpan span)
    {
        var called = _firewall.CallsAsync(1);
        var step = span / 10;
        while (!called.IsCompleted)
        {
            _time.Advance(step);
            await Task.WhenAny(called, Task.Delay(5, TestContext.Current.CancellationToken));
        }

        await called;
    }

    private async Task RunAsync(Func<Task> meanwhile)
    {
        var run = Task.Run(() => _synchronizer.RunAsync(_stop.Token), TestContext.Current.CancellationToken);
        await meanwhile();
        await _stop.CancelAsync();
        await run;
    }
}
