using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run.Attacks;

/// <summary>Notices reach a daemon that runs as a user of its own, from the users that Postfix delivers as and from nobody else.</summary>
public sealed class NoticeUserTests(ITestOutputHelper output)
{
    private const string Account = "postern:x:64999:64999::/nonexistent:/usr/sbin/nologin";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Postfixs_users_hand_notices_over_and_others_do_not()
    {
        Machine.RequireLaboratory();
        await using var network = await Network.CreateAsync([new Host("198.51.100.66")], latePort: 0, Stop);
        // A user that only this namespace knows.
        await File.WriteAllTextAsync($"/etc/netns/{network.Server}/passwd", await File.ReadAllTextAsync("/etc/passwd", Stop) + Account + "\n", Stop);
        await File.WriteAllTextAsync($"/etc/netns/{network.Server}/group", await File.ReadAllTextAsync("/etc/group", Stop) + "postern:x:64999:\n", Stop);
        await using var postern = await RunningPostern.PrepareAsync(
            "/nonexistent/mail.log", network.Server, "[nftables]\nenabled = false\n[jail]\nmaxretry = 1",
            "set -- setpriv --reuid=64999 --regid=64999 --clear-groups \"$@\"", Stop);
        (await Command.RunAsync(["sh", "-ec", $"chown -R 64999:64999 {postern.Folder}; chmod 755 {postern.Folder}; chmod 644 {postern.Config}"], s_patience, cancellationToken: Stop)).OrThrow("chown");
        await postern.StartAgainAsync(Stop);

        var address = 0;
        foreach (var user in (string[])["nobody", "postfix", "root"])
        {
            var result = await HandOverAsync(network.Server, postern, user, ++address);
            result.Error.ShouldBeEmpty(user);
        }

        // A notice waits a while for its session in the log.
        await postern.UntilAsync(bans => bans.Count == address, Stop);

        // Any other user is heard nowhere, and told so; mail is not delayed by it.
        var refused = await HandOverAsync(network.Server, postern, "daemon", 99);
        refused.Error.ShouldContain("the notice is lost: this user may hand over no notices");
        // The socket takes nothing else.
        var order = await Command.RunAsync(["ip", "netns", "exec", network.Server, "setpriv", "--reuid=nobody", "--clear-groups", PosternProgram.Path, "ban", "198.18.9.98", "--config", postern.Config], s_patience, cancellationToken: Stop);
        order.ExitCode.ShouldBe(2);
        (await postern.BansAsync()).Count.ShouldBe(3);

        await postern.StopAsync();
        (await HandOverAsync(network.Server, postern, "nobody", 97)).Error.ShouldContain("the notice is lost: the daemon is not running");
        output.WriteLine("3 users handed notices over, 1 was refused, 1 notice was lost and told of");
    }

    private static async Task<CommandResult> HandOverAsync(string server, RunningPostern postern, string user, int address)
    {
        const string host = "mx.example.org";
        var now = TimeProvider.System.GetUtcNow().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", System.Globalization.CultureInfo.InvariantCulture);
        var notice = $"Received: by {host} (Postfix)\n\tid 7B3F62251C; {now} (UTC)\nDate: {now} (UTC)\nFrom: MAILER-DAEMON@{host} (Mail Delivery System)\nTo: postmaster@{host} (Postmaster)\n"
            + $"Subject: Postfix SMTP server: errors from unknown[198.18.9.{address}]\nMessage-Id: <20261125015140.7B3F62251C{address}@{host}>\n\nTranscript of session follows.\n\n Out: 220 {host} ESMTP Postfix\n In:  .\n"
            + " Out: 502 5.5.2 Error: command not recognized\n In:\n Out: 500 5.5.2 Error: bad syntax\n\nSession aborted, reason: lost connection\n\nFor other details, see the local mail logfile\n";
        var result = await Command.RunAsync(
            ["ip", "netns", "exec", server, "setpriv", $"--reuid={user}", "--clear-groups", PosternProgram.Path, "notice", "--config", postern.Config], s_patience, notice, cancellationToken: Stop);
        result.ExitCode.ShouldBe(0);
        return result;
    }
}
