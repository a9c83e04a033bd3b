namespace Postern.SystemTests.Sharing;

/// <summary>Whatever happens to the server, each host goes on, and afterwards all hold the same bans within 10 s.</summary>
public sealed class ServerTroubleTests
{
    [Fact]
    public async Task Whatever_happens_to_the_server_all_hosts_hold_the_same_bans_afterwards()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var fleet = await ShareLaboratory.OpenAsync(3, "", ct);
        await BanAsync(0, "198.51.100.1");
        await BanAsync(1, "198.51.100.2");
        await fleet.HoldAsync(["198.51.100.1/32", "198.51.100.2/32"], ct);

        // Killed, with all that it knew: bans at each, and an unban of what another decided.
        await fleet.KillRedisAsync();
        await BanAsync(2, "198.51.100.3");
        (await fleet.Hosts[2].AskAsync("unban", "198.51.100.1")).ExitCode.ShouldBe(0);
        await fleet.StartRedisAsync(ct);
        await fleet.HoldAsync(["198.51.100.2/32", "198.51.100.3/32"], ct);

        // It hangs; a host that begins anew meanwhile has its bans from its own database.
        await fleet.SignalRedisAsync("STOP");
        await BanAsync(0, "198.51.100.4");
        await fleet.Hosts[1].Kill();
        await fleet.Hosts[1].StartAgainAsync(ct);
        await BanAsync(1, "198.51.100.5");
        (await fleet.Hosts[1].AskAsync("unban", "198.51.100.3")).ExitCode.ShouldBe(0);
        // Nobody waits for it.
        (await fleet.Hosts[1].StatusAsync()).GetProperty("sharing").GetProperty("state").GetString().ShouldBe("disconnected");
        await fleet.Hosts[1].Kill();
        await fleet.Hosts[1].StartAgainAsync(ct);
        await fleet.SignalRedisAsync("CONT");
        await fleet.HoldAsync(["198.51.100.2/32", "198.51.100.4/32", "198.51.100.5/32"], ct);

        // It loses its data while it runs.
        await fleet.RedisAsync("flushall");
        (await fleet.Hosts[0].AskAsync("unban", "198.51.100.2")).ExitCode.ShouldBe(0);
        await fleet.HoldAsync(["198.51.100.4/32", "198.51.100.5/32"], ct);
        await fleet.Hosts[2].SaysAsync("the server has lost its data", ct);

        // It takes no changes for a while, and is full.
        await fleet.RedisAsync("replicaof", "127.0.0.1", "1");
        await BanAsync(2, "198.51.100.6");
        await fleet.RedisAsync("replicaof", "no", "one");
        await fleet.HoldAsync(["198.51.100.4/32", "198.51.100.5/32", "198.51.100.6/32"], ct);
        await fleet.RedisAsync("config", "set", "maxmemory", "1");
        await BanAsync(1, "198.51.100.7");
        await fleet.Hosts[1].SaysAsync("OOM", ct);
        await fleet.RedisAsync("config", "set", "maxmemory", "0");
        await fleet.HoldAsync(["198.51.100.4/32", "198.51.100.5/32", "198.51.100.6/32", "198.51.100.7/32"], ct);

        // The network parts one of them from it.
        await fleet.AtServerAsync("nft", "add table ip part; add chain ip part c { type filter hook input priority 0; }; add rule ip part c ip saddr 192.0.2.103 drop");
        await BanAsync(2, "198.51.100.8");
        await BanAsync(0, "198.51.100.9");
        (await fleet.Hosts[2].AskAsync("unban", "198.51.100.4")).ExitCode.ShouldBe(0);
        await fleet.Hosts[2].SaysAsync("the server does not answer", ct);
        await fleet.AtServerAsync("nft", "delete table ip part");
        await fleet.HoldAsync(["198.51.100.5/32", "198.51.100.6/32", "198.51.100.7/32", "198.51.100.8/32", "198.51.100.9/32"], ct);

        async Task BanAsync(int host, string address) => (await fleet.Hosts[host].AskAsync("ban", address, "--for", "1h")).OrThrow("ban");
    }
}
