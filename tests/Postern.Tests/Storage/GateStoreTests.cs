using Microsoft.Extensions.Time.Testing;
using Postern.Cli.Daemon.Gate;
using Postern.Cli.Storage;
using Postern.Facts;
using Postern.Gate;

namespace Postern.Tests.Storage;

public sealed class GateStoreTests : IDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-gate-store-").FullName;
    private readonly FakeTimeProvider _clock = new(s_now);
    private readonly List<string> _troubles = [];

    private string StoreFile => Path.Combine(_folder, GateStore.FileName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Who_was_deferred_before_a_restart_and_comes_back_within_the_window_passes_and_is_remembered()
    {
        await using (var memory = Open())
        {
            Ask(memory, s_now).ShouldBe(GreylistAnswer.Wait);
        }

        await using (var memory = Open())
        {
            Ask(memory, s_now.AddHours(47)).ShouldBe(GreylistAnswer.CameBack);
        }

        await using (var memory = Open())
        {
            Ask(memory, s_now.AddDays(30)).ShouldBe(GreylistAnswer.CameBack);
        }

        _troubles.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_kill_costs_no_more_than_the_last_moment()
    {
        var memory = Open();
        Ask(memory, s_now);
        // A moment passes, over and over until the writer has seen it.
        while (GateStoreRows() == 0)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        // Never disposed: as a kill leaves it.
        using (var store = new GateStore(Path.Combine(Copy(), GateStore.FileName), _clock))
        {
            var (secret, rows) = store.Load(s_now, 1000);
            new GreylistTable(new GreylistingOptions(), secret, rows).Ask(Client, "ann@example.com", "bob@example.org", s_now.AddHours(1)).ShouldBe(GreylistAnswer.CameBack);
        }

        await memory.DisposeAsync();
    }

    [Fact]
    public async Task A_broken_file_is_set_aside_and_the_gate_goes_on()
    {
        await File.WriteAllTextAsync(StoreFile, "no database at all, but long enough to be taken for one".PadRight(200), TestContext.Current.CancellationToken);
        await using (var memory = Open())
        {
            Ask(memory, s_now).ShouldBe(GreylistAnswer.Wait);
        }

        _troubles.Count.ShouldBe(1);
        Directory.GetFiles(_folder, "*.corrupt-*").Length.ShouldBe(1);
        await using (var memory = Open())
        {
            Ask(memory, s_now.AddHours(1)).ShouldBe(GreylistAnswer.CameBack);
        }

        _troubles.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_is_told_once_and_keeps_nobody_waiting()
    {
        Directory.CreateDirectory(StoreFile);
        await using (var memory = Open())
        {
            Ask(memory, s_now).ShouldBe(GreylistAnswer.Wait);
            Ask(memory, s_now.AddHours(1)).ShouldBe(GreylistAnswer.CameBack);
        }

        _troubles.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Decisions_are_counted_by_the_hour_over_restarts_and_old_ones_go()
    {
        await CountAsync(s_now.AddDays(-8), Decision(Legitimacy.Forged, GateAction.Reject));
        await CountAsync(s_now.AddHours(-3), Decision(Legitimacy.Forged, GateAction.Reject), Decision(Legitimacy.Forged, GateAction.Reject), GateDecision.Pass(GateCause.Own));
        await CountAsync(s_now, Decision(Legitimacy.Forged, GateAction.Reject), Decision(Legitimacy.Genuine, GateAction.Pass));

        GateStore.ReadCounts(StoreFile, s_now.AddHours(-3.2)).OrderBy(row => row.Verdict, StringComparer.Ordinal).ShouldBe(
            [new("policy", "forged", "reject", false, 3), new("policy", "genuine", "pass", false, 1), new("policy", "own", "pass", true, 1)]);
        GateStore.ReadCounts(StoreFile, s_now.AddHours(-1)).Sum(row => row.Number).ShouldBe(2);
        GateStore.ReadCounts(StoreFile, DateTimeOffset.MinValue).Sum(row => row.Number).ShouldBe(5);
        GateStore.ReadCounts(StoreFile + ".none", s_now).ShouldBeEmpty();
    }

    [Fact]
    public void Every_kind_of_decision_has_a_number_of_its_own()
    {
        var counts = new GateCounts();
        var all =
            from service in (string[])["policy", "milter"]
            from cause in Enum.GetValues<GateCause>()
            from action in Enum.GetValues<GateAction>()
            from isEnforced in (bool[])[true, false]
            from legitimacy in Enum.GetValues<Legitimacy>()
            select (service, new GateDecision(action, isEnforced, cause, GateFixtureAnswer(legitimacy)));
        foreach (var (service, decision) in all)
        {
            counts.Add(service, decision);
        }

        var taken = counts.Take();
        taken.Select(count => count with { Number = 0 }).Distinct().Count().ShouldBe(taken.Count);
        taken.Sum(count => count.Number).ShouldBe(all.Count());
        taken.Single(count => count is { IsMilter: true, Finding: GateFinding.Banned, Action: GateAction.Defer, IsEnforced: true }).Number.ShouldBe(Enum.GetValues<Legitimacy>().Length);
        counts.Take().ShouldBeEmpty();
        counts.Return(taken);
        counts.Take().ShouldBe(taken);
        // What is taken for the hour stays counted since the start.
        counts.Totals.ShouldBe(taken);
        counts.Add("policy", new GateDecision(GateAction.Pass, true, GateCause.Own, null));
        counts.Take().ShouldHaveSingleItem().Number.ShouldBe(1);
        counts.Totals.Sum(count => count.Number).ShouldBe(all.Count() + 1);
    }

    private static ClientAddress Client => ClientAddress.TryParse("192.0.2.7", out var address) ? address : default;

    private static GreylistAnswer Ask(GateMemory memory, DateTimeOffset at) => memory.Book.Ask(Client, "ann@example.com", "bob@example.org", at);

    private static GateAnswer GateFixtureAnswer(Legitimacy legitimacy) => Gate.GateFixture.Of(legitimacy, Advice.Reject, -6, "ptr");

    private static GateDecision Decision(Legitimacy legitimacy, GateAction action) => new(action, false, GateCause.Verdict, GateFixtureAnswer(legitimacy));

    private async Task CountAsync(DateTimeOffset at, params GateDecision[] decisions)
    {
        if (at > _clock.GetUtcNow())
        {
            _clock.SetUtcNow(at);
        }

        var clock = new FakeTimeProvider(at);
        await using var memory = GateMemory.Open(new GateStore(StoreFile, clock), new GreylistingOptions(), () => TimeSpan.FromDays(7.5), _troubles.Add, clock);
        foreach (var decision in decisions)
        {
            memory.Counts.Add("policy", decision);
        }
    }

    private GateMemory Open() => GateMemory.Open(new GateStore(StoreFile, _clock), new GreylistingOptions(), () => TimeSpan.FromDays(90), _troubles.Add, _clock);

    private string Copy()
    {
        var copy = Directory.CreateDirectory(Path.Combine(_folder, Path.GetRandomFileName())).FullName;
        foreach (var file in Directory.EnumerateFiles(_folder).Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return copy;
    }

    private int GateStoreRows()
    {
        using var store = new GateStore(Path.Combine(Copy(), GateStore.FileName), _clock);
        return store.Load(s_now, 1000).Rows.Count;
    }
}
