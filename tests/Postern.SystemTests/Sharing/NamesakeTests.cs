namespace Postern.SystemTests.Sharing;

/// <summary>Two hosts that were given one name tell of it, and lose nothing of one another.</summary>
public sealed class NamesakeTests
{
    private const string One = "198.51.100.7";
    private const string Two = "198.51.100.8";

    [Fact]
    public async Task Two_hosts_of_one_name_say_so_and_share_all_the_same()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var fleet = await ShareLaboratory.OpenAsync(2, "", ct, new ShareServerKind { HostName = "mx" });
        foreach (var host in fleet.Hosts)
        {
            await host.SaysAsync("another host shares by the name mx, too", ct);
            await ShareLaboratory.UntilAsync(
                async () => (await host.StatusAsync()).GetProperty("sharing").GetProperty("duplicate_name").GetBoolean(), () => host.Words, TimeSpan.FromSeconds(10), ct);
            (await host.AskAsync("status", "--lang", "en")).Output.ShouldContain("Another host shares by the name mx");
        }

        // doctor reads it on the server, where the hosts say it with their next sign of life.
        await ShareLaboratory.UntilAsync(
            async () => (await fleet.DoctorAsync(1)).Contains("Two hosts share by the name mx", StringComparison.Ordinal), () => fleet.Hosts[1].Words, TimeSpan.FromSeconds(30), ct);

        // A ban and its end at the other; failures add up; an allow entry and the protection of one count at the other.
        (await fleet.Hosts[0].AskAsync("ban", One, "--for", "1h")).OrThrow("ban");
        await fleet.HoldAsync([One + "/32"], ct);
        (await fleet.Hosts[1].AskAsync("unban", One)).OrThrow("unban");
        await fleet.HoldAsync([], ct);
        fleet.LogOf(0).Abuse(Two, 6);
        for (var own = 1; (await fleet.Hosts[1].BansAsync()).Count == 0; own++)
        {
            // With what the other has seen, fewer than would do alone.
            own.ShouldBeLessThan(10);
            fleet.LogOf(1).Abuse(Two, 1);
            await Task.Delay(TimeSpan.FromSeconds(1), ct);
        }

        await fleet.HoldAsync([Two + "/32"], ct);
        (await fleet.Hosts[1].AskAsync("allow", Two)).OrThrow("allow");
        await fleet.HoldAsync([], ct);
        await ShareLaboratory.UntilAsync(async () => (await fleet.Hosts[0].AskAsync("allow", "list")).Output.Contains(Two, StringComparison.Ordinal), () => fleet.Hosts[0].Words, TimeSpan.FromSeconds(10), ct);
        fleet.LogOf(1).Abuse("192.0.2.101", 12);
        await fleet.Hosts[1].SaysAsync("spares it: it is an address of this host", ct);
        await fleet.HoldAsync([], ct);
    }
}
