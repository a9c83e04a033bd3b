using System.Globalization;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run.Attacks;

/// <summary>Very many bans: a kill, a start, and whoever flushes the firewall, lose none of them. 20,000 here, 200,000 in <c>tests/attacks</c>.</summary>
public sealed class ManyBansTests(ITestOutputHelper output)
{
    private const int MostMegabytes = 300;
    private static readonly int s_bans = Environment.GetEnvironmentVariable("POSTERN_ATTACKS") is "all" ? 200_000 : 20_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Very_many_bans_outlive_a_kill_and_a_flush()
    {
        Machine.RequireLaboratory();
        await using var network = await Network.CreateAsync([], latePort: 0, Stop);
        using var log = new AbuseLog();
        await using var postern = await RunningPostern.StartAsync(log.Path, network.Server, "", Stop);
        var list = string.Join('\n', Enumerable.Range(0, s_bans).Select(n => string.Create(CultureInfo.InvariantCulture, $"{20 + (n / 62_500)}.{n / 250 % 250}.{n % 250}.7")));
        (await PosternProgram.RunAsync(["ban", "-", "--for", "1d", "--config", postern.Config], list)).OrThrow("ban");
        await UntilAsync(network.Server, s_bans);

        await postern.Kill();
        await postern.StartAgainAsync(Stop);
        (await postern.BansAsync()).Count.ShouldBe(s_bans);
        await UntilAsync(network.Server, s_bans);

        (await NftAsync(network.Server, "flush", "ruleset")).OrThrow("nft");
        await UntilAsync(network.Server, s_bans);
        (await postern.BansAsync()).Count.ShouldBe(s_bans);
        var peak = Daemon.PeakMegabytes(postern.Pid);
        peak.ShouldBeLessThan(MostMegabytes);
        output.WriteLine($"{s_bans} bans after a kill and a flush; the daemon took {peak} MB at most");
        await postern.StopAsync();
        (await NftAsync(network.Server, "list", "ruleset")).OrThrow("nft").Output.ShouldBeEmpty();
    }

    private static async Task UntilAsync(string server, int count)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var found = (await NftAsync(server, "list", "table", "inet", "postern")).Output.Split(" timeout ").Length - 1;
            if (found >= count)
            {
                return;
            }

            (TimeProvider.System.GetElapsedTime(began) < s_patience).ShouldBeTrue($"{found} of {count} stand in the kernel");
            await Task.Delay(TimeSpan.FromMilliseconds(200), Stop);
        }
    }

    private static Task<CommandResult> NftAsync(string server, params string[] command) =>
        Command.RunAsync(["ip", "netns", "exec", server, "nft", .. command], TimeSpan.FromSeconds(60), cancellationToken: Stop);
}
