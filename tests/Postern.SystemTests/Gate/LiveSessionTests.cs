using Postern.SystemTests.Support;

namespace Postern.SystemTests.Gate;

/// <summary>What a real Postfix tells the milter of its sessions leads to bans without any log, and counts once beside one.</summary>
public sealed class LiveSessionTests
{
    // A lone dot reaches a milter only where Postfix lets it.
    private static readonly PostfixSettings s_older = PostfixSettings.OlderReply;

    [Fact]
    public async Task Lone_dots_are_a_ban_without_any_log_and_genuine_senders_are_none()
    {
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        await using var house = await GateServer.OpenAsync(false, true, "enforce", ct, log: "/nonexistent/mail.log", settings: s_older);

        for (var i = 0; i < 12; i++)
        {
            (await house.SendAsync(GateServer.Genuine, "mail.good.example", "ann@good.example", ct)).End.ShouldStartWith("250 ");
        }

        for (var i = 0; i < 9; i++)
        {
            await AbuseAsync(house, GateServer.Suspect, ".", ct);
        }

        await house.UntilFailuresAsync(GateServer.Suspect, 9, ct);
        (await house.Postern.BansAsync()).ShouldBeEmpty();
        await AbuseAsync(house, GateServer.Suspect, ".", ct);
        await house.Postern.UntilAsync(bans => bans is ["198.51.100.50/32"], ct);

        var rows = await house.FailuresAsync(GateServer.Suspect);
        rows.Count.ShouldBe(10);
        rows.ShouldAllBe(row => row.Behaviours == "lone-dot" && row.Source == "milter");
        (await house.FailuresAsync(GateServer.Genuine)).ShouldBeEmpty();
        house.Postern.Words.ShouldContain("198.51.100.50");
        // The kernel keeps it out.
        (await house.RunAsync(GateServer.Suspect, $"timeout 3 bash -c '</dev/tcp/{Network.ServerAddress}/25'", 20, ct)).ExitCode.ShouldNotBe(0);
        (await house.SendAsync(GateServer.Genuine, "mail.good.example", "ann@good.example", ct)).End.ShouldStartWith("250 ");
    }

    [Fact]
    public async Task A_ban_needs_no_right_to_the_firewall_either()
    {
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        await using var house = await GateServer.OpenAsync(false, true, "enforce", ct, firewalls: false, log: "/nonexistent/mail.log", settings: s_older);

        // Relays are refused by Postfix, which tells the milter why; each refusal counts.
        for (var i = 0; i < 4; i++)
        {
            using var s = await house.ConnectAsync(GateServer.Suspect, ct);
            await s.Out("220 ");
            await s.Ask("EHLO pc.nowhere.example");
            await s.Ask("MAIL FROM:<eve@nowhere.example>");
            for (var j = 0; j < 3; j++)
            {
                (await s.Ask($"RCPT TO:<victim{j}@elsewhere.example>")).ShouldStartWith("554 5.7.1 ");
            }

            await s.Ask("QUIT");
        }

        await house.Postern.UntilAsync(bans => bans is ["198.51.100.50/32"], ct);
        (await house.FailuresAsync(GateServer.Suspect)).ShouldAllBe(row => row.Behaviours == "relay-probe");
        using (var s = await house.ConnectAsync(GateServer.Suspect, ct))
        {
            await s.Out("421 ");
        }

        (await house.SendAsync(GateServer.Genuine, "mail.good.example", "ann@good.example", ct)).End.ShouldStartWith("250 ");
    }

    [Fact]
    public async Task A_session_that_the_log_tells_of_too_counts_once()
    {
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        await using var house = await GateServer.OpenAsync(false, true, "enforce", ct, settings: s_older);

        for (var i = 0; i < 9; i++)
        {
            await AbuseAsync(house, GateServer.Suspect, ".", ct);
        }
        // Another's knock, last of all, shows that all lines have been read.
        await AbuseAsync(house, GateServer.Forged, "XYZZY", ct);
        await house.UntilReadAsync(ct);
        await house.UntilFailuresAsync(GateServer.Forged, 1, ct);

        var rows = await house.FailuresAsync(GateServer.Suspect);
        rows.Count.ShouldBe(9, string.Join('\n', rows));
        // The log of this Postfix counts the commands, and the milter alone is told what they were.
        rows.ShouldAllBe(row => row.Behaviours == "lone-dot" && row.Source == house.Postfix.Log && row.Lines.Contains("unknown=0/1", StringComparison.Ordinal));
        (await house.Postern.BansAsync()).ShouldBeEmpty();
        await AbuseAsync(house, GateServer.Suspect, ".", ct);
        await house.Postern.UntilAsync(bans => bans is ["198.51.100.50/32"], ct);
    }

    [Fact]
    public async Task Who_logs_in_is_not_banned_for_what_its_program_does_wrong()
    {
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        await using var house = await GateServer.OpenAsync(false, true, "enforce", ct, log: "/nonexistent/mail.log", settings: s_older);

        var login = $"swaks --server {Network.ServerAddress} --port 587 -tls --auth PLAIN --auth-user alice@mx.example.org --auth-password secret --timeout 30 --helo pc.home.example --from alice@example.org --to postmaster@example.org";
        (await house.RunAsync(GateServer.Unproven, login, 60, ct)).ExitCode.ShouldBe(0);
        // A device beside it sends without a login.
        for (var i = 0; i < 12; i++)
        {
            await RelayAsync(house, GateServer.Unproven, ct);
        }

        await house.UntilFailuresAsync(GateServer.Unproven, 12, ct);
        await house.Postern.SaysAsync("203.0.113.30", ct);
        (await house.Postern.BansAsync()).ShouldBeEmpty();
        (await house.Postern.AskAsync("explain", GateServer.Unproven.Address)).Output.ShouldContain("logged in");

        // No mail program says this.
        for (var i = 0; i < 10; i++)
        {
            await AbuseAsync(house, GateServer.Unproven, "XYZZY", ct);
        }

        await house.Postern.UntilAsync(bans => bans is ["203.0.113.30/32"], ct);
    }

    private static async Task RelayAsync(GateServer house, Host from, CancellationToken ct)
    {
        using var s = await house.ConnectAsync(from, ct);
        await s.Out("220 ");
        await s.Ask("EHLO printer.home.example");
        await s.Ask("MAIL FROM:<scanner@example.org>");
        (await s.Ask("RCPT TO:<boss@customer.example>")).ShouldStartWith("554 5.7.1 ");
        await s.Ask("QUIT");
    }

    private static async Task AbuseAsync(GateServer house, Host from, string command, CancellationToken ct)
    {
        using var s = await house.ConnectAsync(from, ct);
        await s.Out("220 ");
        (await s.Ask(command)).ShouldStartWith("500 5.5.2 ");
        await s.Ask("QUIT");
    }
}
