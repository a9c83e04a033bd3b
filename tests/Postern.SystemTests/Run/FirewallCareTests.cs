using System.Globalization;
using System.Text.RegularExpressions;
using Postern.Enforcement;
using Postern.Enforcement.Nftables;

namespace Postern.SystemTests.Run;

using static FirewallLaboratory;

/// <summary>What others do to the firewall is noticed and mended; what is not ours stays as it is.</summary>
public sealed partial class FirewallCareTests : IAsyncLifetime
{
    private const string Abuser = "192.0.2.10";
    private FirewallLaboratory _laboratory = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _laboratory = await CreateAsync();

    public ValueTask DisposeAsync() => _laboratory?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [InlineData("flush ruleset", 0, 0, true)]
    [InlineData("delete table inet postern", 0, 0, true)]
    [InlineData("flush chain inet postern bans", 0, 0, true)]
    [InlineData("insert rule inet postern bans tcp dport 25 accept", 0, 0, true)]
    [InlineData("add table inet postern { flags dormant; }", 0, 0, true)]
    [InlineData("add set inet postern more { type ipv4_addr; }", 0, 0, true)]
    [InlineData("flush set inet postern v4_32", 1, 0, false)]
    [InlineData("delete element inet postern v4_32 { 192.0.2.10 }", 1, 0, false)]
    [InlineData("delete element inet postern v4_32 { 192.0.2.10 }; add element inet postern v4_32 { 192.0.2.10 timeout 10s }", 1, 0, false)]
    [InlineData("add element inet postern v4_24 { 198.51.100.0 timeout 1h }; add element inet postern v6_64 { 2001:db8:: }", 0, 2, false)]
    public async Task What_others_do_to_the_wall_wakes_us_and_is_undone(string command, int missing, int foreign, bool wasRebuilt)
    {
        FirewallEntry[] standing = [Entry(Abuser), Entry("203.0.113.0/25")];
        var firewall = _laboratory.Firewall();
        await firewall.OpenAsync([], Stop);
        var began = TimeProvider.System.GetTimestamp();
        await firewall.ApplyAsync([.. standing.Select(entry => new FirewallChange(entry.Network, entry.Until))], Stop);
        var disturbed = firewall.DisturbedAsync(Stop);
        var before = Sorted(await _laboratory.NftAsync("--stateless", "list", "ruleset"));

        await _laboratory.NftAsync(command);

        await disturbed.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        (await firewall.CompareAsync(() => standing, isThorough: true, Stop)).ShouldBe(new FirewallDrift(missing, foreign, wasRebuilt));
        (await _laboratory.ReachesAsync(Abuser)).ShouldBeFalse();
        (await firewall.CompareAsync(() => standing, isThorough: true, Stop)).IsNone.ShouldBeTrue();
        var after = Sorted(await _laboratory.NftAsync("--stateless", "list", "ruleset"));
        after.Select(line => EntryTime().Replace(line, "")).ShouldBe(before.Select(line => EntryTime().Replace(line, "")));
        // An entry tells the time that it had when it was made: what was made again has less of it, by what has passed.
        var passed = TimeProvider.System.GetElapsedTime(began) + TimeSpan.FromSeconds(1);
        foreach (var (now, first) in Times(after).Zip(Times(before)))
        {
            now.ShouldBeInRange(first - passed, first);
        }
    }

    [Fact]
    public async Task Neither_our_own_changes_nor_those_of_other_tables_wake_us()
    {
        var firewall = _laboratory.Firewall();
        await firewall.OpenAsync([Entry(Abuser)], Stop);
        var disturbed = firewall.DisturbedAsync(Stop);
        await firewall.ApplyAsync([Ban("192.0.2.11"), Ban("10.0.0.0/9"), Lift(Abuser)], Stop);
        await firewall.CompareAsync(() => [Entry("192.0.2.11"), Entry("203.0.113.1")], isThorough: true, Stop);
        await _laboratory.NftAsync("add table inet filter; add set inet filter postern { type ipv4_addr; }; add element inet filter postern { 192.0.2.10 }");
        await _laboratory.NftAsync("delete table inet filter");
        disturbed.IsCompleted.ShouldBeFalse();

        // The news come in their order: when this one is heard, all before it was.
        await _laboratory.NftAsync("flush set inet postern v4_32");
        await disturbed.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        disturbed = firewall.DisturbedAsync(Stop);
        await firewall.ApplyAsync([Ban(Abuser)], Stop);
        disturbed.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task What_was_decided_and_not_told_yet_is_no_drift()
    {
        var firewall = _laboratory.Firewall();
        await firewall.OpenAsync([Entry("198.51.100.7")], Stop);
        (await firewall.CompareAsync(() => [Entry(Abuser)], isThorough: true, Stop)).IsNone.ShouldBeTrue();
        (await firewall.ReadAsync(Stop)).Select(entry => entry.Network).ShouldBe([Net(Abuser)]);
    }

    [Fact]
    public async Task A_ban_in_a_wall_that_somebody_removed_stands_after_the_next_look()
    {
        var firewall = _laboratory.Firewall();
        await firewall.OpenAsync([], Stop);
        await _laboratory.NftAsync("flush ruleset");
        await firewall.ApplyAsync([Ban(Abuser), Ban("203.0.113.0/26")], Stop);
        firewall.State.ShouldBe(FirewallState.Failed);
        (await firewall.CompareAsync(() => [Entry(Abuser)], isThorough: true, Stop)).ShouldBe(new FirewallDrift(0, 0, WasRebuilt: true));
        firewall.State.ShouldBe(FirewallState.Standing);
        firewall.Trouble.ShouldBeNull();
        (await _laboratory.ReachesAsync(Abuser)).ShouldBeFalse();
        await firewall.ApplyAsync([Ban("203.0.113.0/26")], Stop);
        firewall.Trouble.ShouldBeNull();
    }

    [Fact]
    public async Task The_ruleset_is_the_same_before_and_after()
    {
        await _laboratory.NftAsync(
            "add table ip filter; add chain ip filter INPUT { type filter hook input priority 0; policy accept; }; add rule ip filter INPUT ct state established accept; " +
            "add table inet other; add set inet other bans { type ipv4_addr; flags interval; elements = { 203.0.113.0/24 }; }");
        var before = await _laboratory.NftAsync("list", "ruleset");
        var firewall = _laboratory.Firewall();
        await firewall.OpenAsync([Entry(Abuser)], Stop);
        await firewall.ApplyAsync([Ban("203.0.113.0/25"), Ban("2001:db8::/64")], Stop);
        (await _laboratory.NftAsync("list", "ruleset")).ShouldStartWith(before);
        await firewall.CloseAsync(Stop);
        (await _laboratory.NftAsync("list", "ruleset")).ShouldBe(before);
        firewall.State.ShouldBe(FirewallState.Closed);
    }

    [Fact]
    public async Task What_an_earlier_run_left_can_be_read_and_is_replaced()
    {
        var killed = _laboratory.Firewall(new NftablesOptions { Ports = [25], Verdict = NftablesVerdict.Reject });
        await killed.OpenAsync([Entry(Abuser), Entry("198.51.100.0/24", 60), Entry("2001:db8::/64", 9000), Entry("203.0.113.8/30")], Stop);
        await killed.DisposeAsync();

        var firewall = _laboratory.Firewall();
        var left = await firewall.ReadAsync(Stop);
        left.Select(entry => entry.Network).ShouldBe([Net(Abuser), Net("198.51.100.0/24"), Net("2001:db8::/64"), Net("203.0.113.8/30")], ignoreOrder: true);
        left.Single(entry => entry.Network == Net("2001:db8::/64")).Until.ShouldBe(TimeProvider.System.GetUtcNow().AddSeconds(9000), TimeSpan.FromSeconds(10));
        await firewall.OpenAsync([Entry("192.0.2.11")], Stop);
        (await firewall.ReadAsync(Stop)).Select(entry => entry.Network).ShouldBe([Net("192.0.2.11")]);
        (await _laboratory.NftAsync("list", "table", "inet", "postern")).ShouldNotContain("reject");
    }

    [Fact]
    public async Task Ten_thousand_bans_are_one_step()
    {
        var firewall = _laboratory.Firewall();
        await firewall.OpenAsync([], Stop);
        await firewall.ApplyAsync([.. Enumerable.Range(0, 10_000).Select(i => Ban($"10.{i >> 16}.{i >> 8 & 255}.{i & 255}")), Ban(Abuser)], Stop);
        firewall.Trouble.ShouldBeNull();
        (await firewall.ReadAsync(Stop)).Count.ShouldBe(10_001);
        (await _laboratory.ReachesAsync(Abuser)).ShouldBeFalse();
    }

    [Fact]
    public async Task Without_the_right_to_change_the_firewall_it_says_so_and_waits_for_it()
    {
        var firewall = _laboratory.Firewall(isPowerless: true);
        (await firewall.ReadAsync(Stop)).ShouldBeEmpty();
        await firewall.OpenAsync([Entry(Abuser)], Stop);
        firewall.State.ShouldBe(FirewallState.Failed);
        firewall.Trouble.ShouldBe("no permission to change the firewall: CAP_NET_ADMIN is missing");
        await firewall.ApplyAsync([Ban(Abuser)], Stop);
        (await firewall.CompareAsync(() => [Entry(Abuser)], isThorough: true, Stop)).IsNone.ShouldBeTrue();
        firewall.DisturbedAsync(Stop).IsCompleted.ShouldBeFalse();
        await firewall.CloseAsync(Stop);
        firewall.State.ShouldBe(FirewallState.Closed);
        (await _laboratory.NftAsync("list", "ruleset")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_keeper_mends_within_a_moment_what_somebody_flushed()
    {
        List<string> said = [];
        FirewallEntry[] standing = [Entry(Abuser)];
        var firewall = _laboratory.Firewall();
        var keeper = new FirewallSynchronizer(firewall, () => standing, TimeProvider.System, said.Add, TimeSpan.FromMinutes(5));
        await keeper.OpenAsync(Stop);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var run = keeper.RunAsync(stop.Token);
        await _laboratory.NftAsync("flush ruleset");
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(30);
        while (said.Count == 0 && TimeProvider.System.GetUtcNow() < deadline)
        {
            await Task.Delay(20, Stop);
        }

        said.ShouldBe(["nftables: somebody removed or changed our table; all bans stand again"]);
        (await _laboratory.ReachesAsync(Abuser)).ShouldBeFalse();
        await stop.CancelAsync();
        await run;
        (await _laboratory.NftAsync("list", "ruleset")).ShouldBeEmpty();
    }

    private static TimeSpan[] Times(string[] lines) =>
    [
        .. lines.SelectMany(line => EntryTime().Matches(line)).Select(entry => TimeSpan.FromSeconds((60 * Number(entry.Groups["m"])) + Number(entry.Groups["s"]))),
    ];

    private static int Number(Group group) => group.Success ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@" timeout ((?<m>\d+)m)?((?<s>\d+)s)?(?= )", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EntryTime();

    // Which of several sets and elements comes first is the kernel's own business.
    private static string[] Sorted(string ruleset) => [.. ruleset.Split('\n').Select(line => line.Trim()).Order(StringComparer.Ordinal)];
}
