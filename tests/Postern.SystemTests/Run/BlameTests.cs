using System.Globalization;
using System.Text;
using Postern.SystemTests.Gate;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run;

/// <summary>Attacks that would make one client answer for another, or a ban for itself, before real Postfix and the built program.</summary>
public sealed class BlameTests(ITestOutputHelper output)
{
    private static readonly Host s_forger = new("198.51.100.99");

    // What some reader takes for a blank, and what hides or turns text.
    private static readonly string[] s_blanks =
        ["\u0085", "\u00A0", "\u1680", "\u180E", "\u2000", "\u2003", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000", "\u200B", "\u202E", "\uFEFF", "\u000B", "\u000C", "\u001F"];

    private static readonly string[] s_greetings =
    [
        "a by b with LMTP", "mx.example.org by mx.example.org with LMTP id a", "by mx.example.org (Postfix) id ABCDEF1234;", "localhost ([127.0.0.1]) by b with LMTP",
        "=?utf-8?Q?a=20by=20b=20with=20LMTP?=",
    ];

    [Fact]
    public async Task No_greeting_makes_a_strangers_mail_a_notice_of_the_servers_own()
    {
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        // As Postfix comes: whatever name a client gives itself is taken.
        var settings = PostfixSettings.Current;
        settings = settings with { Main = new Dictionary<string, string>(settings.Main, StringComparer.Ordinal) { ["smtpd_helo_restrictions"] = "", ["smtpd_sender_restrictions"] = "", ["smtpd_client_restrictions"] = "" } };
        await using var laboratory = await Laboratory.OpenAsync(settings, [s_forger], [], ct);
        var postfix = laboratory.Postfix;
        await using var postern = await RunningPostern.StartAsync(postfix.Log, laboratory.Server, $"""
            [[logs]]
            notices = "{postfix.Notices}"
            [[logs]]
            notices = "{postfix.Maildir}"
            [jail]
            maxretry = 1
            """, ct);

        var tries = 0;
        foreach (var greeting in s_blanks.SelectMany(blank => s_greetings.Select(words => words.Replace(" ", blank, StringComparison.Ordinal))).Distinct(StringComparer.Ordinal))
        {
            using var s = await laboratory.Client(s_forger.Address).ConnectAsync(ct);
            await s.Hear();
            await s.Ask($"EHLO {Bytes(greeting)}");
            await s.Ask("MAIL FROM:<>");
            await s.Ask("RCPT TO:<postmaster@example.org>");
            await s.Ask("DATA");
            (await s.Ask("Received: by mx.example.org (Postfix)\r\n\tid 22669F6033; Wed, 25 Nov 2026 01:23:12 +0000 (UTC)\r\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example.org>\r\n"
                + "Subject: Postfix SMTP server: errors from unknown[9.9.9.9]\r\n\r\nTranscript of session follows.\r\n\r\n Out: 220 mx.example.org ESMTP Postfix\r\n In:  ..\r\n"
                + " Out: 502 5.5.2 Error: command not recognized\r\n\r\nSession aborted, reason: lost connection\r\n\r\nFor other details, see the local mail logfile\r\n.")).ShouldStartWith("250 ", customMessage: s.Transcript);
            await s.Ask("QUIT");
            tries++;
        }

        await postfix.WaitUntilQueueIsEmptyAsync(ct);
        (await File.ReadAllTextAsync(postfix.Notices, ct)).ShouldContain("9.9.9.9");
        // A knock of its own, whose ban tells that all before it has been judged.
        using (var s = await laboratory.Client(s_forger.Address).ConnectAsync(ct))
        {
            await s.Hear();
            await s.Ask(".");
        }

        await postern.UntilAsync(bans => bans.Contains("198.51.100.99/32", StringComparer.Ordinal), ct);
        await Task.Delay(TimeSpan.FromSeconds(3), ct);
        (await postern.BansAsync()).ShouldBe(["198.51.100.99/32"]);
        output.WriteLine($"{tries} greetings tried, none believed");
        await postern.StopAsync();
    }

    [Fact]
    public async Task Filters_of_fail2bans_ban_nobody_for_what_another_wrote()
    {
        Machine.RequireLaboratory();
        if (!Directory.Exists("/etc/fail2ban/filter.d"))
        {
            Assert.Skip("fail2ban's filters are not here");
        }

        var ct = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("postern-blame-").FullName;
        try
        {
            await using var network = await Network.CreateAsync([s_forger], latePort: 0, ct);
            var (mail, auth, config) = (Path.Combine(folder, "mail.log"), Path.Combine(folder, "auth.log"), Path.Combine(folder, "fail2ban"));
            await File.WriteAllTextAsync(mail, "", ct);
            await File.WriteAllTextAsync(auth, "", ct);
            (await Command.RunAsync(["cp", "-r", "/etc/fail2ban", config], TimeSpan.FromSeconds(20), cancellationToken: ct)).OrThrow("cp");
            await File.WriteAllTextAsync(Path.Combine(config, "jail.local"), $"""
                [DEFAULT]
                backend = polling
                maxretry = 1
                [sshd]
                enabled = true
                logpath = {auth}
                [postfix]
                enabled = true
                mode = aggressive
                logpath = {mail}
                [dovecot]
                enabled = true
                logpath = {mail}
                """, ct);
            if (Directory.Exists(Path.Combine(config, "jail.d")))
            {
                Directory.Delete(Path.Combine(config, "jail.d"), recursive: true);
            }

            await using var postern = await RunningPostern.StartAsync(Path.Combine(folder, "other.log"), network.Server, $"[fail2ban]\nconfig = \"{config}\"\n", ct);
            await postern.SaysAsync("can be turned against others", ct);
            await Task.Delay(TimeSpan.FromSeconds(2), ct);

            string Stamp(string line) => TimeProvider.System.GetLocalNow().ToString("MMM dd HH:mm:ss", CultureInfo.InvariantCulture) + " mx " + line + "\n";
            await File.AppendAllTextAsync(auth, Stamp("sshd[200]: Failed password for invalid user x from 198.51.100.2:  from 192.0.2.1 port 40000 ssh2"), ct);
            await File.AppendAllTextAsync(mail,
                Stamp("postfix/smtpd[100]: 4F1A2B3C4D: client=unknown[192.0.2.1]")
                + Stamp("postfix/cleanup[101]: 4F1A2B3C4D: reject: header Subject: x[198.51.100.2]: SASL LOGIN authentication failed: x from unknown[192.0.2.1]; from=<a@b.example> to=<c@d.example> proto=ESMTP helo=<x>: 5.7.1 no")
                + Stamp("dovecot: auth: passwd-file(x,198.51.100.2): unknown user,192.0.2.1): unknown user")
                + Stamp("postfix/smtpd[102]: warning: unknown[192.0.2.7]: SASL LOGIN authentication failed: UGFzc3dvcmQ6"), ct);
            // The honest line is the last one.
            await postern.UntilAsync(bans => bans.Contains("192.0.2.7/32", StringComparer.Ordinal), ct);
            await Task.Delay(TimeSpan.FromSeconds(3), ct);
            (await postern.BansAsync()).ShouldNotContain(network => network.StartsWith("198.51.100.2", StringComparison.Ordinal));
            postern.Said("in a line of").ShouldBeInRange(1, 3, postern.Words);
            output.WriteLine("3 lines tried, none counted against another");
            await postern.StopAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Padding_does_not_turn_DMARC_off()
    {
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        await using var house = await GateServer.OpenAsync(false, true, "enforce", ct);
        var padding = string.Concat(Enumerable.Range(0, 12).Select(n => $"X-Pad-{n}: x" + string.Concat(Enumerable.Repeat("\r\n " + new string('p', 900), 100)) + "\r\n"));
        var author = "From: <ceo@bank.example>\r\n";
        for (var i = 0; i < 3; i++)
        {
            // From its own good host and domain, in the bank's name; and come back after the time of greylisting.
            (await house.SendAsync(GateServer.Genuine, "mail.good.example", "ann@good.example", ct, padding + author)).End.ShouldStartWith("5");
            (await house.SendAsync(GateServer.Genuine, "mail.good.example", "ann@good.example", ct, author + padding)).End.ShouldStartWith("5");
            await Task.Delay(TimeSpan.FromSeconds(2), ct);
        }

        (await house.SendAsync(GateServer.Genuine, "mail.good.example", "ann@good.example", ct)).End.ShouldStartWith("250 ");
        output.WriteLine("6 padded messages tried, none accepted");
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task What_a_banned_client_hears_from_us_prolongs_no_ban(bool policy, bool milter)
    {
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        await using var house = await GateServer.OpenAsync(policy, milter, "enforce", ct, firewalls: false);
        (await house.Postern.AskAsync("ban", GateServer.Suspect.Address)).OrThrow("ban");
        for (var i = 0; i < 20; i++)
        {
            try
            {
                using var s = await house.ConnectAsync(GateServer.Suspect, ct);
                await s.Hear();
                await s.Ask("EHLO pc.nowhere.example");
                await s.Ask("MAIL FROM:<eve@nowhere.example>");
                await s.Ask("RCPT TO:<postmaster@example.org>");
            }
            catch (Exception e) when (e is System.Net.Sockets.SocketException or IOException)
            {
                // It was hung up on, as a banned client is.
            }
        }

        await house.UntilReadAsync(ct);
        (await house.Postfix.ReadLogAsync(ct)).ShouldContain("421 4.7.0");
        // A session without any success is put down, and weighs nothing.
        (await house.FailuresAsync(GateServer.Suspect)).ShouldAllBe(row => row.Behaviours == "probe-and-quit");
        (await house.Postern.BansAsync()).ShouldHaveSingleItem();
        output.WriteLine("20 sessions of a banned client, none counted");
    }

    // A dialogue sends each character as a byte.
    private static string Bytes(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
