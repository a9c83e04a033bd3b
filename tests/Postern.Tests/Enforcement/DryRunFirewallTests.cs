using Postern.Enforcement;
using Postern.Enforcement.DryRun;

namespace Postern.Tests.Enforcement;

/// <summary>A rehearsal says that it is one, and has nothing to mend.</summary>
public sealed class DryRunFirewallTests
{
    [Fact]
    public async Task A_dry_run_calls_itself_so_from_start_to_end()
    {
        var stop = TestContext.Current.CancellationToken;
        FirewallEntry entry = new(ScriptedFirewall.Network("192.0.2.1"), DateTimeOffset.MaxValue);
        await using var firewall = new DryRunFirewall();
        firewall.State.ShouldBe(FirewallState.Closed);
        await firewall.OpenAsync([entry], stop);
        firewall.State.ShouldBe(FirewallState.DryRun);
        await firewall.ApplyAsync([new FirewallChange(entry.Network, null)], stop);
        (await firewall.CompareAsync(() => [entry], isThorough: true, stop)).IsNone.ShouldBeTrue();
        (await firewall.ReadAsync(stop)).ShouldBeEmpty();
        firewall.Trouble.ShouldBeNull();
        await firewall.CloseAsync(stop);
        firewall.State.ShouldBe(FirewallState.Closed);
    }
}
