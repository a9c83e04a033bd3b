using Postern.Enforcement;
using Postern.Enforcement.DryRun;

namespace Postern.Tests.Enforcement;

/// <summary>A rehearsal says that it is one, and has nothing to mend.</summary>
public sealed class DryRunWallTests
{
    [Fact]
    public async Task A_dry_run_calls_itself_so_from_start_to_end()
    {
        var stop = TestContext.Current.CancellationToken;
        WallEntry entry = new(ScriptedWall.Network("192.0.2.1"), DateTimeOffset.MaxValue);
        await using var wall = new DryRunWall();
        wall.State.ShouldBe(WallState.Closed);
        await wall.OpenAsync([entry], stop);
        wall.State.ShouldBe(WallState.DryRun);
        await wall.ApplyAsync([new WallChange(entry.Network, null)], stop);
        (await wall.CompareAsync(() => [entry], isThorough: true, stop)).IsNone.ShouldBeTrue();
        (await wall.ReadAsync(stop)).ShouldBeEmpty();
        wall.Trouble.ShouldBeNull();
        await wall.CloseAsync(stop);
        wall.State.ShouldBe(WallState.Closed);
    }
}
