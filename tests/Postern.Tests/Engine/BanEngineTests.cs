using Microsoft.Extensions.Time.Testing;
using Postern.Decisions.Brake;
using Postern.Enforcement;
using Postern.Engine;
using Postern.Engine.Bans;
using Postern.Engine.Ledger;
using Postern.Engine.Protection;
using Postern.Engine.Supervision;
using Postern.Facts;
using Postern.Tests.Enforcement;

namespace Postern.Tests.Engine;

/// <summary>What a start takes up, and what a ledger in trouble costs.</summary>
public sealed class BanEngineTests : IAsyncDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 10, 0, 0, TimeSpan.Zero);
    private static readonly ClientNetwork s_abuser = ScriptedFirewall.Network("192.0.2.1");
    private readonly ScriptedLedger _ledger = new();
    private readonly ScriptedFirewall _firewall = new();
    private readonly FakeTimeProvider _time = new(s_now);
    private readonly CancellationTokenSource _stop = new();
    private readonly Heard _heard = new();
    private readonly BanEngine _engine;
    private Task<PartFault?> _run = Task.FromResult<PartFault?>(null);

    public BanEngineTests()
    {
        var bans = new StandingBans();
        _engine = new BanEngine(
            new BanEngineOptions(), _ledger, bans, [new FirewallSynchronizer(_firewall, () => bans.Entries(null), _time, _ => { }, TimeSpan.FromMinutes(1))], null, _time, _heard);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_was_allowed_by_command_is_not_banned_by_what_is_made_up_for_at_the_start(bool isAllowed)
    {
        _ledger.State = _ledger.State with
        {
            Allowed = isAllowed ? [new("192.0.2.1", s_now)] : [],
            Failures = [.. Enumerable.Range(1, 12).Select(i => new Failure
            {
                Id = (ulong)i,
                Client = s_abuser.First,
                Mark = new SessionMark(LogTime.From(s_now.AddSeconds(-i)), BehaviourSet.Of(Behaviour.LoneDot), SessionTraits.None),
                Source = "mail.log",
            })],
        };
        await StartAsync();
        (await BansAsync()).ShouldBe(isAllowed ? 0 : 1);
    }

    [Fact]
    public async Task A_ban_whose_time_ended_while_nobody_ran_is_lifted_from_the_walls_and_ended_in_the_ledger()
    {
        _ledger.State = _ledger.State with { Lapsed = [Ban(s_now.AddMinutes(-1))] };
        await StartAsync();
        await _firewall.CallsAsync(1);
        _firewall.Applied[0].ShouldBe([new FirewallChange(s_abuser, null)]);
        _ledger.Ended.ShouldBe([new EndedBan(s_abuser, "postfix", s_now, IsPardon: false) { From = Ban(s_now.AddMinutes(-1)).From, Until = s_now.AddMinutes(-1) }]);
    }

    [Fact]
    public async Task One_that_another_ban_follows_stays_in_the_walls()
    {
        _ledger.State = _ledger.State with { Lapsed = [Ban(s_now.AddMinutes(-1))], Bans = [Ban(s_now.AddHours(1)) with { Jail = "other" }] };
        await StartAsync();
        await BanAsync("192.0.2.2");
        await _firewall.CallsAsync(1);
        _firewall.Applied[0].Select(change => change.Network.ToString()).ShouldBe(["192.0.2.2/32"]);
    }

    [Fact]
    public async Task A_ledger_that_was_set_aside_gets_all_that_stands_again_at_once()
    {
        _ledger.State = _ledger.State with { Bans = [Ban(s_now.AddHours(1))] };
        await StartAsync();
        await _engine.AllowAsync([new AllowedEntry("198.51.100.1", s_now)], Stop);
        _ledger.Bans.Clear();
        _ledger.Allowed.Clear();
        _ledger.Troubles.Enqueue(LedgerTrouble.Corrupt);
        await BanAsync("192.0.2.2");
        _ledger.Bans.Select(ban => ban.Network.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ShouldBe(["192.0.2.1/32", "192.0.2.2/32"]);
        _ledger.Allowed.ShouldHaveSingleItem();
        _heard.Ledger.ShouldBe(["Corrupt", "well"]);
    }

    [Fact]
    public async Task A_full_disk_is_said_once_and_tried_again_now_and_then()
    {
        await StartAsync();
        _ledger.Troubles.Enqueue(LedgerTrouble.DiskFull);
        for (var i = 1; i < 20; i++)
        {
            await BanAsync($"192.0.2.{i}");
        }

        _ledger.Tries.ShouldBe(1);
        (await BansAsync()).ShouldBe(19);
        await _firewall.CallsAsync(1);

        _time.Advance(TimeSpan.FromSeconds(6));
        await BanAsync("192.0.2.20");
        _ledger.Bans.Count.ShouldBe(20);
        _heard.Ledger.ShouldBe(["DiskFull", "well"]);
    }

    [Fact]
    public async Task A_frozen_disk_keeps_nobody_waiting_who_asks_whether_a_client_is_banned()
    {
        await StartAsync();
        await BanAsync("192.0.2.2");
        using var disk = new ManualResetEventSlim();
        _ledger.Disk = disk;
        var ban = BanAsync("192.0.2.3");
        _ledger.IsWriting.Wait(TimeSpan.FromSeconds(10), Stop).ShouldBeTrue();
        // On threads of their own: one that waited for the lock would never come back while the disk is frozen.
        var answers = await Task.WhenAll(Enumerable.Range(2, 3).Select(i => Task.Run(() => _engine.IsBanned(ScriptedFirewall.Network($"192.0.2.{i}").First), Stop))).WaitAsync(TimeSpan.FromSeconds(10), Stop);
        answers.ShouldBe([true, true, false]);
        _engine.StandingBans.ShouldBe(2);
        ban.IsCompleted.ShouldBeFalse();
        disk.Set();
        await ban;
    }

    [Fact]
    public async Task A_frozen_disk_keeps_neither_a_ban_nor_a_command_waiting_for_more_than_a_second()
    {
        await StartAsync();
        await BanAsync("192.0.2.2");
        using var disk = new ManualResetEventSlim();
        _ledger.Disk = disk;
        var ban = BanAsync("192.0.2.3");
        _ledger.IsWriting.Wait(TimeSpan.FromSeconds(10), Stop).ShouldBeTrue();
        while (!ban.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(1, Stop);
        }

        // From now on nobody waits at all: the clock stands still.
        (await BansAsync().WaitAsync(TimeSpan.FromSeconds(30), Stop)).ShouldBe(2);
        await BanAsync("192.0.2.4").WaitAsync(TimeSpan.FromSeconds(30), Stop);
        await _firewall.CallsAsync(3);
        _firewall.Applied.SelectMany(changes => changes).Select(change => change.Network.ToString()).ShouldBe(["192.0.2.2/32", "192.0.2.3/32", "192.0.2.4/32"]);
        _ledger.Bans.ShouldHaveSingleItem();
        disk.Set();
        // Nobody waits for the write that ends now; what was decided meanwhile follows it.
        while (_heard.Ledger.Count < 2 || _ledger.Bans.Count < 3)
        {
            await BansAsync();
        }

        _ledger.Bans.Count.ShouldBe(3);
        _heard.Ledger.ShouldBe(["the disk of the ledger does not answer", "well"]);
    }

    [Fact]
    public async Task A_ledger_that_was_set_aside_gets_the_correspondents_with_the_key_of_their_hashes_and_the_days_of_senders()
    {
        var key = new byte[32];
        key[0] = 7;
        var day = DateOnly.FromDateTime(s_now.UtcDateTime);
        _ledger.State = _ledger.State with
        {
            CorrespondentKey = key,
            Correspondents = [new Correspondent(42, day)],
            Days = [new SenderDay(s_abuser.First, day, Delivered: true, Hostile: false, LoggedIn: false), new SenderDay(s_abuser.First, day.AddDays(-2), Delivered: false, Hostile: true, LoggedIn: true)],
        };
        await StartAsync();
        _ledger.Troubles.Enqueue(LedgerTrouble.Corrupt);
        await BanAsync("192.0.2.2");
        _ledger.Key.ShouldBe(key);
        _ledger.Correspondents.ShouldBe([new Correspondent(42, day)]);
        _ledger.Days.ShouldBe(_ledger.State.Days);
    }

    [Fact]
    public async Task A_fault_that_comes_again_each_time_ends_the_run_with_its_walls()
    {
        await StartAsync();
        _heard.MayFail = true;
        _ledger.IsFaulty = true;
        _ = BanAsync("192.0.2.2");
        while (!_run.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1, Stop);
        }

        (await _run).ShouldNotBeNull().ShouldSatisfyAllConditions(fault => fault.IsFinal.ShouldBeTrue(), fault => fault.Exception.Message.ShouldBe("a fault of our own"));
        _heard.Faults.Count(fault => !fault.IsFinal && fault.Part is "the engine").ShouldBe(1);
        _firewall.State.ShouldBe(FirewallState.Closed);
    }

    [Fact]
    public async Task A_fault_that_passes_costs_nothing_that_was_decided()
    {
        await StartAsync();
        _heard.MayFail = true;
        _ledger.IsFaulty = true;
        var ban = BanAsync("192.0.2.2");
        for (; _heard.Faults.IsEmpty; await Task.Delay(1, Stop))
        {
            _run.IsCompleted.ShouldBeFalse();
        }

        _ledger.IsFaulty = false;
        for (; !ban.IsCompleted; await Task.Delay(1, Stop))
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        _ledger.Bans.ShouldHaveSingleItem();
        await _firewall.CallsAsync(1);
        _engine.Supervisor.Troubles.ShouldHaveSingleItem().ShouldStartWith("the engine failed at ");
    }

    [Fact]
    public async Task A_wall_that_fails_by_a_fault_of_its_own_is_built_anew_with_all_that_stands()
    {
        await StartAsync();
        _heard.MayFail = true;
        _firewall.DuringApply = () => throw new InvalidOperationException("a fault of the firewall's");
        await BanAsync("192.0.2.2");
        for (; _heard.Faults.IsEmpty; await Task.Delay(1, Stop))
        {
            _time.Advance(TimeSpan.Zero);
        }

        _firewall.DuringApply = null;
        _firewall.State = FirewallState.Failed;
        for (; _firewall.State != FirewallState.Standing; await Task.Delay(1, Stop))
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        await BanAsync("192.0.2.3");
        for (; _firewall.Applied.Count < 2; await Task.Delay(1, Stop))
        {
            _run.IsCompleted.ShouldBeFalse();
        }

        _heard.Faults.ShouldHaveSingleItem().Part.ShouldBe("the firewall scripted");
    }

    [Fact]
    public async Task A_question_that_fails_is_told_to_who_asked_and_nobody_else()
    {
        await StartAsync();
        (await Should.ThrowAsync<InvalidOperationException>(() => _engine.AskAsync<int>((_, _, _) => throw new InvalidOperationException("odd"), Stop))).Message.ShouldBe("odd");
        (await BansAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_began_and_gives_up_before_it_ran_leaves_no_firewall(bool isOpen)
    {
        if (isOpen)
        {
            await _engine.OpenAsync(_ => Task.FromResult(new ProtectedNetworks()), Stop);
        }

        await _engine.DisposeAsync();
        _firewall.State.ShouldBe(FirewallState.Closed);
        _firewall.Calls.Contains("close").ShouldBe(isOpen);
        // Once is enough, and a run that ended took it down itself.
        await _engine.DisposeAsync();
        _firewall.Calls.Count(call => string.Equals(call, "close", StringComparison.Ordinal)).ShouldBe(isOpen ? 1 : 0);
    }

    [Fact]
    public void Changes_that_cannot_be_kept_cost_bounded_memory_and_never_a_ban()
    {
        var changes = new LedgerChanges();
        for (var i = 1; i <= 250; i++)
        {
            changes.Failures.Add(new Failure { Id = (ulong)i, Client = s_abuser.First, Mark = default, Source = "mail.log" });
            changes.Bans.Add(Ban(s_now));
            changes.Note(new SourcePosition("mail.log", 1, i));
            changes.Note(new SourcePosition("other.log", 1, i));
            changes.Limit(100);
        }

        changes.Failures.Count.ShouldBeLessThanOrEqualTo(100);
        changes.Failures[^1].Id.ShouldBe(250ul);
        changes.Bans.Count.ShouldBe(250);
        changes.Positions.Select(place => (place.Source, place.Offset)).ShouldBe([("mail.log", 250), ("other.log", 250)]);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
        _ledger.Dispose();
    }

    private async Task StartAsync()
    {
        await _engine.OpenAsync(
            allowed => Task.FromResult(new ProtectedNetworks { Allowed = [.. allowed.Select(one => (ScriptedFirewall.Network(one.Entry), one.Entry))] }), Stop);
        _run = Task.Run(() => _engine.RunAsync(_stop.Token), Stop);
    }

    private Task<int> BansAsync() => _engine.AskAsync((decider, _, _) => decider.Book.Count, Stop);

    private Task<Ban> BanAsync(string network) => _engine.AskAsync((decider, _, now) => decider.BanByOperator(ScriptedFirewall.Network(network), TimeSpan.FromHours(1), "ordered", now), Stop);

    private static Ban Ban(DateTimeOffset until) => new()
    {
        Network = s_abuser,
        Client = s_abuser.First,
        Jail = "postfix",
        From = until.AddHours(-1),
        Until = until,
        Reason = "12 lone-dot within 10m",
    };

    private sealed class Heard : IBanEngineEvents
    {
        public List<string> Ledger { get; } = [];

        public void Banned(Ban ban)
        {
        }

        public void TakenOver(AccountTakeover takeover)
        {
        }

        public void Spared(SuppressedBan suppressed)
        {
        }

        public void Refused(string jail, string named, ClientAddress sender, string line)
        {
        }

        public bool MayFail { get; set; }

        public System.Collections.Concurrent.ConcurrentQueue<PartFault> Faults { get; } = new();

        public void Failed(PartFault fault)
        {
            Faults.Enqueue(fault);
            if (!MayFail)
            {
                Assert.Fail(fault.Exception.ToString());
            }
        }

        public void Braked(BrakeChange change, int bans)
        {
        }

        public void NotBannable(string jail, string id)
        {
        }

        public void LedgerTrouble(string? message) => Ledger.Add(message ?? "well");

        public void LedgerSetAside(string path) => Ledger.Add(path);
    }
}
