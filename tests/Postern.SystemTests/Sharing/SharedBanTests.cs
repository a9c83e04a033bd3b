using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Postern.SystemTests.Sharing;

/// <summary>Four daemons with a firewall each, and one Redis: what one of them decides holds at all.</summary>
public sealed class SharedBanTests
{
    private const string One = "198.51.100.7";

    [Fact]
    public async Task Bans_travel_and_end_everywhere_and_whom_one_host_protects_all_spare()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var fleet = await ShareLaboratory.OpenAsync(4, "", ct);

        // The jail of one host bans, and the kernels of all.
        fleet.LogOf(1).Abuse(One, 12);
        await fleet.HoldAsync([One + "/32"], ct);
        (await ShareLaboratory.BansOfAsync(fleet.Hosts[3])).ShouldBe([(One + "/32", "mx1")]);
        (await fleet.Hosts[3].AskAsync("bans")).Output.ShouldContain("(by mx1)");

        // The operator lifts it elsewhere.
        (await fleet.Hosts[2].AskAsync("unban", One)).ExitCode.ShouldBe(0);
        await fleet.HoldAsync([], ct);

        // An attack in parts, of which no host sees enough.
        const string Spread = "198.51.100.8";
        foreach (var host in (int[])[0, 1, 2])
        {
            fleet.LogOf(host).Abuse(Spread, 3);
        }

        await Task.Delay(TimeSpan.FromSeconds(1.5), ct);
        (await fleet.Hosts[0].BansAsync()).ShouldBeEmpty();
        fleet.LogOf(3).Abuse(Spread, 2);
        await fleet.HoldAsync([Spread + "/32"], ct);

        // Another's protection: the address of host 0, which the log of host 1 accuses.
        fleet.LogOf(1).Abuse("192.0.2.101", 12);
        await fleet.Hosts[1].SaysAsync("mx0 spares it: it is an address of this host", ct);
        await fleet.HoldAsync([Spread + "/32"], ct);

        // Days with mail at one host make a proven sender at another.
        const string Proven = "198.51.100.9";
        await File.AppendAllTextAsync(fleet.LogOf(0).Path, string.Concat(Enumerable.Range(1, 4).Select(day => Delivery(Proven, day))), ct);
        await ShareLaboratory.UntilAsync(
            async () => (await fleet.Hosts[2].AskAsync("explain", Proven, "--format", "json")).Output is { Length: > 0 } text && JsonDocument.Parse(text).RootElement.GetProperty("days").GetArrayLength() >= 4,
            () => "the days did not arrive", TimeSpan.FromSeconds(10), ct);
        fleet.LogOf(2).Abuse(Proven, 15);
        await fleet.Hosts[2].SaysAsync("it delivered mail on 4 days", ct);
        await fleet.HoldAsync([Spread + "/32"], ct);

        // Whom a command allows at one host, none bans.
        (await fleet.Hosts[3].AskAsync("allow", Spread)).ExitCode.ShouldBe(0);
        await fleet.HoldAsync([], ct);
        await ShareLaboratory.UntilAsync(async () => (await fleet.Hosts[0].AskAsync("allow", "list")).Output.Contains(Spread, StringComparison.Ordinal), () => fleet.Hosts[0].Words, TimeSpan.FromSeconds(10), ct);
        (await fleet.Hosts[0].AskAsync("ban", Spread)).ExitCode.ShouldBe(1);

        var hosts = JsonDocument.Parse((await fleet.Hosts[0].AskAsync("hosts", "--format", "json")).OrThrow("hosts").Output).RootElement;
        hosts.GetProperty("schema").GetString().ShouldBe("postern.hosts/1");
        hosts.GetProperty("hosts").EnumerateArray().Select(static host => host.GetProperty("name").GetString()).ShouldBe(["mx0", "mx1", "mx2", "mx3"]);
    }

    [Fact]
    public async Task Who_has_no_key_can_ban_nobody()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var fleet = await ShareLaboratory.OpenAsync(2, "", ct);
        (await fleet.Hosts[0].AskAsync("ban", One)).ExitCode.ShouldBe(0);
        await fleet.HoldAsync([One + "/32"], ct);

        // A stranger in the server writes whatever he likes, the words of a host with one byte changed among it.
        await fleet.RedisAsync("eval", """
            local e = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1][2][2]
            redis.call('XADD', KEYS[1], '*', 'r', (string.gsub(e, string.char(198, 51, 100, 7), string.char(198, 51, 100, 8))))
            redis.call('XADD', KEYS[1], '*', 'r', 'nonsense')
            redis.call('PUBLISH', 'postern:{example}:wake', 'x')
            return 1
            """, "1", "postern:{example}:changes");
        foreach (var host in fleet.Hosts)
        {
            await host.SaysAsync("no host of this site has written with its key", ct);
        }

        await fleet.HoldAsync([One + "/32"], ct);
    }

    [Fact]
    public async Task Greylisting_knows_who_waited_at_the_other_host()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var fleet = await ShareLaboratory.OpenAsync(2, "[policy]\nlisten = \"unix:{folder}/policy{i}\"\nmode = \"enforce\"\n[greylisting]\nleast = \"2s\"", ct);
        (await AskAsync(fleet.PolicyOf(0), ct)).ShouldContain("4.7.");
        // At another host within the time it has still to wait, which shows that it is no stranger there.
        await Task.Delay(TimeSpan.FromSeconds(2.5), ct);
        (await AskAsync(fleet.PolicyOf(1), ct)).ShouldNotContain("4.7.");
    }

    private static string Delivery(string client, int daysAgo)
    {
        var stamp = TimeProvider.System.GetLocalNow().AddDays(-daysAgo).ToString("MMM dd HH:mm:ss", CultureInfo.InvariantCulture);
        return $"{stamp} mx postfix/smtpd[{900 + daysAgo}]: connect from mail.good.example[{client}]\n"
            + $"{stamp} mx postfix/smtpd[{900 + daysAgo}]: 4ABCDE{daysAgo}: client=mail.good.example[{client}]\n"
            + $"{stamp} mx postfix/smtpd[{900 + daysAgo}]: disconnect from mail.good.example[{client}] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5\n";
    }

    private static async Task<string> AskAsync(string path, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes("request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=ESMTP\nclient_address=198.51.100.50\nclient_name=unknown\nhelo_name=[198.51.100.50]\nsender=ann@nowhere.example\nrecipient=bob@example.org\n\n"), cancellationToken);
        var answer = new byte[2048];
        var length = await socket.ReceiveAsync(answer, cancellationToken);
        return Encoding.ASCII.GetString(answer, 0, length);
    }
}
