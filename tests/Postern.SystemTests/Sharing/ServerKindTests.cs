namespace Postern.SystemTests.Sharing;

/// <summary>Redis and Valkey, with the user of the package's ACL file and with TLS.</summary>
public sealed class ServerKindTests
{
    private const string One = "198.51.100.7";

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Hosts_share_as_a_user_that_can_do_nothing_else(bool isValkey, bool isTls)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var fleet = await ShareLaboratory.OpenAsync(2, "", ct, new ShareServerKind { IsValkey = isValkey, IsTls = isTls, HasUsers = true });
        (await fleet.Hosts[0].AskAsync("ban", One, "--for", "1h")).OrThrow("ban");
        await fleet.HoldAsync([One + "/32"], ct);
        await fleet.RedisAsync("flushall");
        (await fleet.Hosts[1].AskAsync("unban", One)).OrThrow("unban");
        await fleet.HoldAsync([], ct);
        (await fleet.RedisAsync("info", "server")).ShouldContain(isValkey ? "valkey_version:" : "redis_version:");
        (await fleet.RedisAsync("acl", "log")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_certificate_of_another_CA_is_refused_with_one_clear_message()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var fleet = await ShareLaboratory.OpenAsync(1, "", ct, new ShareServerKind { IsTls = true, IsDistrusted = true });
        await fleet.Hosts[0].SaysAsync("certificate", ct);
        (await fleet.Hosts[0].AskAsync("ban", One, "--for", "1h")).OrThrow("ban");
        await fleet.HoldAsync([One + "/32"], ct);
        await Task.Delay(TimeSpan.FromSeconds(3), ct);
        var told = fleet.Hosts[0].Words.Split('\n').Where(static line => line.Contains("sharing:", StringComparison.Ordinal)).ToList();
        told.ShouldHaveSingleItem().ShouldContain("the certificate of the server is not of the CA in");
        (await fleet.DoctorAsync(0)).ReplaceLineEndings(" ").ShouldContain("The server that the hosts share, rediss:");
    }
}
