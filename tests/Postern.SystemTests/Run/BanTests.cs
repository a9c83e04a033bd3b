using System.Text.Json;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run;

/// <summary>The daemon beside a real Postfix and a real firewall, in a network of their own.</summary>
public sealed class BanTests
{
    private static readonly Host s_abuser = new("198.51.100.66");
    private static readonly Host s_other = new("203.0.113.66");
    private static readonly Host s_monitor = new("192.0.2.50");
    private static readonly Host s_sender = new("192.0.2.51", "mail.partner.example");
    private static readonly Host s_outOfStep = new("192.0.2.52", "mail.clumsy.example");
    private static readonly Host s_astray = new("192.0.2.53", "mail.astray.example");
    private static readonly Host s_relaying = new("192.0.2.54", "mail.relaying.example");
    private static readonly Host s_bot = new("203.0.113.77");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_knocks_with_lone_dots_is_kept_out_and_nobody_else(bool isOlderReply)
    {
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        await using var laboratory = await Laboratory.OpenAsync(
            isOlderReply ? PostfixSettings.OlderReply : PostfixSettings.Current, [s_abuser, s_other, s_monitor, s_sender, s_outOfStep, s_astray, s_relaying, s_bot], [], ct);
        var before = await Rules(laboratory);
        await using var postern = await RunningPostern.StartAsync(laboratory.Postfix.Log, laboratory.Server, "", ct);

        await Task.WhenAll(
            Repeat(laboratory.Client(s_abuser.Address), 14, Abuse, ct),
            Repeat(laboratory.Client(s_other.Address), 6, Abuse, ct),
            Repeat(laboratory.Client(s_monitor.Address), 60, Look, ct),
            Repeat(laboratory.Client(s_sender.Address), 12, Deliver, ct),
            Repeat(laboratory.Client(s_outOfStep.Address), 50, GoOn, ct),
            Repeat(laboratory.Client(s_astray.Address), 6, GoOnElsewhere, ct),
            Repeat(laboratory.Client(s_relaying.Address), 30, GoOnElsewhere, ct),
            Bot(laboratory.Client(s_bot.Address), ct));
        await postern.UntilAsync(bans => bans is ["192.0.2.54/32", "198.51.100.66/32", "203.0.113.77/32"], ct);

        (await CanConnect(laboratory, s_abuser, ct)).ShouldBeFalse();
        foreach (var host in (Host[])[s_other, s_monitor, s_sender, s_outOfStep, s_astray])
        {
            (await CanConnect(laboratory, host, ct)).ShouldBeTrue(host.Address);
        }

        var explained = (await postern.AskAsync("explain", s_abuser.Address)).OrThrow("explain").Output;
        explained.ShouldContain("unknown=0/1");
        var sender = JsonDocument.Parse((await postern.AskAsync("explain", s_sender.Address, "--format", "json")).OrThrow("explain").Output).RootElement;
        sender.GetProperty("days")[0].GetProperty("delivered").GetBoolean().ShouldBeTrue();
        var proven = sender.GetProperty("standing").EnumerateArray().Single(row => row.GetProperty("reason").ValueEquals("proven-sender"u8));
        (proven.GetProperty("days").GetInt32(), proven.GetProperty("holds").GetBoolean()).ShouldBe((1, false));

        (await postern.AskAsync("unban", s_abuser.Address)).ExitCode.ShouldBe(0);
        await UntilConnects(laboratory, s_abuser, ct);
        (await postern.AskAsync("unban", s_abuser.Address)).ExitCode.ShouldBe(1);

        await postern.StopAsync();
        (await Rules(laboratory)).ShouldBe(before);
        await laboratory.Postfix.StopAsync(ct);
    }

    [Fact]
    public async Task A_ban_ends_at_its_time_and_a_flushed_ruleset_comes_back()
    {
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        await using var laboratory = await Laboratory.OpenAsync(PostfixSettings.Current, [s_abuser, s_other], [], ct);
        await using var postern = await RunningPostern.StartAsync(laboratory.Postfix.Log, laboratory.Server, "", ct);

        (await postern.AskAsync("ban", s_other.Address, "--for", "1h", "--reason", "test")).ExitCode.ShouldBe(0);
        (await postern.AskAsync("ban", s_abuser.Address, "--for", "3s")).ExitCode.ShouldBe(0);
        await UntilConnects(laboratory, s_abuser, ct);
        (await CanConnect(laboratory, s_other, ct)).ShouldBeFalse();

        await Inside(laboratory, "nft flush ruleset");
        await UntilAsync(async () => !await CanConnect(laboratory, s_other, ct), ct);
        postern.Words.ShouldContain("somebody removed or changed our table");
        await postern.StopAsync();
    }

    [Fact]
    public async Task The_sessions_of_a_banned_client_leave_the_server_at_once()
    {
        const int Sessions = 50;
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        await using var laboratory = await Laboratory.OpenAsync(PostfixSettings.Current, [s_abuser, s_other], [], ct);
        await using var postern = await RunningPostern.StartAsync(laboratory.Postfix.Log, laboratory.Server, "", ct);
        List<Dialogue> sessions = [];
        try
        {
            for (var i = 0; i < Sessions; i++)
            {
                sessions.Add(await laboratory.Client(s_abuser.Address).ConnectAsync(ct));
                await sessions[^1].Out("220");
            }

            using var other = await laboratory.Client(s_other.Address).ConnectAsync(ct);
            await other.Out("220");
            (await postern.AskAsync("ban", s_abuser.Address)).ExitCode.ShouldBe(0);

            // smtpd's own time-out is five minutes.
            await UntilAsync(async () => (await File.ReadAllLinesAsync(laboratory.Postfix.Log, ct)).Count(line => line.Contains($"disconnect from unknown[{s_abuser.Address}]", StringComparison.Ordinal)) == Sessions, ct);
            (await other.Ask("NOOP")).ShouldStartWith("250");
        }
        finally
        {
            sessions.ForEach(session => session.Dispose());
        }

        await postern.StopAsync();
    }

    [Fact]
    public async Task A_kill_loses_no_ban_in_the_kernel_and_the_next_start_agrees_with_it()
    {
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        await using var laboratory = await Laboratory.OpenAsync(PostfixSettings.Current, [s_abuser, s_other], [], ct);
        await using var postern = await RunningPostern.StartAsync(laboratory.Postfix.Log, laboratory.Server, "", ct);
        await Repeat(laboratory.Client(s_abuser.Address), 12, Abuse, ct);
        await postern.UntilAsync(bans => bans is ["198.51.100.66/32"], ct);

        await postern.Kill();
        (await CanConnect(laboratory, s_abuser, ct)).ShouldBeFalse();
        await postern.StartAgainAsync(ct);
        (await postern.BansAsync()).ShouldBe(["198.51.100.66/32"]);
        (await CanConnect(laboratory, s_abuser, ct)).ShouldBeFalse();
        (await CanConnect(laboratory, s_other, ct)).ShouldBeTrue();
        await postern.StopAsync();
    }

    private static async Task Repeat(ClientHost me, int times, Func<Dialogue, Task> session, CancellationToken ct)
    {
        for (var i = 0; i < times; i++)
        {
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
                limit.CancelAfter(TimeSpan.FromSeconds(10));
                using var dialogue = await me.ConnectAsync(limit.Token).WaitAsync(limit.Token);
                await session(dialogue);
            }
            catch (Exception e) when (e is System.Net.Sockets.SocketException or IOException or OperationCanceledException && !ct.IsCancellationRequested)
            {
                // Kept out: that is what a ban is.
                return;
            }
        }
    }

    // One accepted message buys a bot no immunity.
    private static async Task Bot(ClientHost me, CancellationToken ct)
    {
        await Repeat(me, 1, Deliver, ct);
        await Repeat(me, 14, Abuse, ct);
    }

    private static async Task Abuse(Dialogue s)
    {
        await s.Hear();
        await s.Send(".\r\n");
        await s.Hear(TimeSpan.FromSeconds(2));
    }

    private static async Task Look(Dialogue s)
    {
        await s.Hear();
        await s.Ask("QUIT");
    }

    private static async Task Deliver(Dialogue s)
    {
        await s.Hear();
        await s.Ask("EHLO mail.partner.example");
        await s.Ask("MAIL FROM:<ann@partner.example>");
        await s.Ask("RCPT TO:<alice@example.org>");
        await s.Ask("DATA");
        await s.Ask("Subject: hello\r\n\r\nhello\r\n.");
        await s.Ask("QUIT");
    }

    // A sender with a bug: it goes on with its message after its recipient was refused.
    private static async Task GoOn(Dialogue s)
    {
        await s.Hear();
        await s.Ask("EHLO mail.clumsy.example");
        await s.Ask("MAIL FROM:<bob@clumsy.example>");
        await s.Ask("RCPT TO:<gone@example.org>");
        await s.Ask("DATA");
        await s.Send("Subject: hello\r\n\r\nhello\r\n.\r\n");
        await s.Hear(TimeSpan.FromSeconds(2));
    }

    // Its recipient is of another domain, and it does not even ask for DATA: a few times a mistake (a domain that has moved), and
    // an attempt to relay where it does not end.
    private static async Task GoOnElsewhere(Dialogue s)
    {
        await s.Hear();
        await s.Ask("EHLO mail.astray.example");
        await s.Ask("MAIL FROM:<bob@astray.example>");
        await s.Ask("RCPT TO:<nobody@elsewhere.example>");
        await s.Send("Subject: hello\r\n\r\nhello\r\n.\r\n");
        await s.Hear(TimeSpan.FromSeconds(2));
    }

    private static Task<CommandResult> Inside(Laboratory laboratory, string shell) =>
        Command.RunAsync(["ip", "netns", "exec", laboratory.Server, "sh", "-c", shell], TimeSpan.FromSeconds(20));

    private static async Task<string> Rules(Laboratory laboratory) => (await Inside(laboratory, "nft list ruleset")).OrThrow("nft list ruleset").Output;

    private static async Task<bool> CanConnect(Laboratory laboratory, Host host, CancellationToken ct)
    {
        var me = laboratory.Client(host.Address);
        return (await me.RunAsync($"timeout 2 bash -c 'exec 3<>/dev/tcp/{me.Server}/25'", 10, ct)).ExitCode == 0;
    }

    private static Task UntilConnects(Laboratory laboratory, Host host, CancellationToken ct) => UntilAsync(() => CanConnect(laboratory, host, ct), ct);

    private static Task UntilAsync(Func<Task<bool>> isSo, CancellationToken ct) => Waiting.UntilAsync(isSo, TimeSpan.FromSeconds(60), ct);
}
