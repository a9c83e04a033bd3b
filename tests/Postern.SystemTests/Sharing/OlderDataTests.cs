namespace Postern.SystemTests.Sharing;

/// <summary>A server that is back with data of some minutes before undoes nothing.</summary>
public sealed class OlderDataTests
{
    private const string Lifted = "198.51.100.1";
    private const string Later = "198.51.100.2";
    private const string Last = "198.51.100.3";

    [Fact]
    public async Task What_ended_after_the_dump_stays_ended_and_what_began_after_it_stays()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var fleet = await ShareLaboratory.OpenAsync(3, "", ct);
        (await fleet.Hosts[0].AskAsync("ban", Lifted, "--for", "1h")).OrThrow("ban");
        await fleet.HoldAsync([Lifted + "/32"], ct);
        await fleet.RedisAsync("save");

        // What the dump does not have.
        (await fleet.Hosts[1].AskAsync("unban", Lifted)).OrThrow("unban");
        (await fleet.Hosts[2].AskAsync("ban", Later, "--for", "1h")).OrThrow("ban");
        await fleet.HoldAsync([Later + "/32"], ct);
        await fleet.KillRedisAsync();
        await fleet.StartRedisAsync(ct);
        (await fleet.RedisAsync("eval", "return #redis.call('XRANGE', KEYS[1], '-', '+')", "1", "postern:{example}:changes")).ShouldBe("1");

        // Hosts that run notice it, and a host that knows nothing of its own believes what they say.
        await fleet.Hosts[0].SaysAsync("back with older data", ct);
        await fleet.Hosts[0].Kill();
        Directory.Delete(fleet.Hosts[0].State, recursive: true);
        Directory.CreateDirectory(fleet.Hosts[0].State);
        await fleet.Hosts[0].StartAgainAsync(ct);
        await fleet.HoldAsync([Later + "/32"], ct);

        // Nobody ran who could notice it: what ended is known from the hosts' own files.
        await fleet.RedisAsync("save");
        (await fleet.Hosts[1].AskAsync("unban", Later)).OrThrow("unban");
        (await fleet.Hosts[0].AskAsync("ban", Last, "--for", "1h")).OrThrow("ban");
        await fleet.HoldAsync([Last + "/32"], ct);
        await Task.WhenAll(fleet.Hosts.Select(host => host.Kill()));
        await fleet.KillRedisAsync();
        await fleet.StartRedisAsync(ct);
        await Task.WhenAll(fleet.Hosts.Select(host => host.StartAgainAsync(ct)));
        await fleet.HoldAsync([Last + "/32"], ct);

        // Somebody else has written meanwhile: that the server has something later does not hide what it lacks.
        await fleet.RedisAsync("save");
        (await fleet.Hosts[2].AskAsync("unban", Last)).OrThrow("unban");
        await fleet.HoldAsync([], ct);
        await fleet.Hosts[1].Signal("STOP");
        await fleet.KillRedisAsync();
        await fleet.StartRedisAsync(ct);
        (await fleet.Hosts[0].AskAsync("ban", Lifted, "--for", "1h")).OrThrow("ban");
        await fleet.Hosts[1].Signal("CONT");
        await fleet.HoldAsync([Lifted + "/32"], ct);
    }
}
