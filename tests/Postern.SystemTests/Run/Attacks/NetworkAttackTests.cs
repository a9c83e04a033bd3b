namespace Postern.SystemTests.Run.Attacks;

/// <summary>Attackers with whole networks: each address alone does too little to be banned, and one good address among them frees nobody.</summary>
public sealed class NetworkAttackTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Fifty_addresses_of_a_24_and_sixty_64s_of_a_48_are_judged_together()
    {
        await using var laboratory = await AttackLaboratory.OpenAsync();
        // No network in which the server itself has an address: that would protect it as a whole.
        string[] four = [.. Enumerable.Range(100, 50).Select(i => $"198.18.7.{i}")];
        string[] six = [.. Enumerable.Range(1, 60).Select(i => $"2001:db8:5:{i:x}::1")];
        await laboratory.OwnAsync(four, "198.18.7.0/24");
        await laboratory.OwnAsync(six, "2001:db8:5::/48");
        foreach (var address in four.Concat(six))
        {
            await laboratory.AbuseAsync(address);
        }

        await laboratory.Postern.UntilAsync(
            bans => bans.Contains("198.18.7.0/24", StringComparer.Ordinal) && bans.Contains("2001:db8:5::/48", StringComparer.Ordinal), TestContext.Current.CancellationToken);
        (await laboratory.Postern.BansAsync()).Count.ShouldBe(2);
        output.WriteLine($"{four.Length + six.Length} sessions from as many addresses, two networks banned");
        await laboratory.Postern.StopAsync();
    }

    [Fact]
    public async Task One_allowed_address_of_a_64_is_let_in_and_the_rest_is_kept_out()
    {
        var ct = TestContext.Current.CancellationToken;
        // With the firewall: in the kernel stand the networks around it.
        await using var laboratory = await AttackLaboratory.OpenAsync("");
        string[] addresses = ["2001:db8:7::25", .. Enumerable.Range(1, 12).Select(i => $"2001:db8:7::bad:{i:x}")];
        await laboratory.OwnAsync(addresses, "2001:db8:7::/48");
        (await laboratory.Postern.AskAsync("allow", "2001:db8:7::25")).OrThrow("allow");
        // A new address for every session.
        foreach (var address in addresses.Skip(1).Take(10))
        {
            await laboratory.AbuseAsync(address);
        }

        await laboratory.Postern.UntilAsync(bans => bans is ["2001:db8:7::/64"], ct);
        (await CanConnectAsync(laboratory, "2001:db8:7::25")).ShouldBeTrue();
        foreach (var address in addresses.Skip(1))
        {
            (await CanConnectAsync(laboratory, address)).ShouldBeFalse(address);
        }

        (await laboratory.Postern.AskAsync("bans", "--wide")).OrThrow("bans").Output.ShouldContain("except 2001:db8:7::25");

        // A restart, and the end of the ban.
        await laboratory.Postern.Kill();
        await laboratory.Postern.StartAgainAsync(ct);
        (await CanConnectAsync(laboratory, "2001:db8:7::25")).ShouldBeTrue();
        (await CanConnectAsync(laboratory, addresses[1])).ShouldBeFalse();
        (await laboratory.Postern.AskAsync("unban", "2001:db8:7::/64")).OrThrow("unban");
        for (var i = 0; i < 20 && !await CanConnectAsync(laboratory, addresses[1]); i++)
        {
            await Task.Delay(100, ct);
        }

        (await CanConnectAsync(laboratory, addresses[2])).ShouldBeTrue();
        output.WriteLine($"10 sessions from as many addresses of a /64; {addresses.Length - 1} addresses kept out, one let in");
        await laboratory.Postern.StopAsync();
    }

    private static async Task<bool> CanConnectAsync(AttackLaboratory laboratory, string address)
    {
        try
        {
            using var s = await laboratory.ConnectAsync(address).WaitAsync(TimeSpan.FromSeconds(1.5), TestContext.Current.CancellationToken);
            return (await s.Hear()).StartsWith("220", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is TimeoutException or System.Net.Sockets.SocketException or IOException)
        {
            return false;
        }
    }
}
