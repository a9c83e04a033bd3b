using Postern.SystemTests.Support;

namespace Postern.SystemTests.Gate;

/// <summary>A real Postfix does in its sessions what Postern advises, and never has a bounce to send.</summary>
public sealed class VerdictTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Each_kind_of_sender_gets_what_it_deserves_and_nothing_is_bounced(bool policy, bool milter)
    {
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        await using var house = await GateHouse.OpenAsync(policy, milter, "enforce", ct);

        var genuine = await house.SendAsync(GateHouse.Genuine, "mail.good.example", "ann@good.example", ct);
        var unproven = await house.SendAsync(GateHouse.Unproven, "mail.plain.example", "ann@plain.example", ct);
        var bounce = await house.SendAsync(GateHouse.Unproven, "mail.plain.example", "", ct);
        var forged = await house.SendAsync(GateHouse.Forged, "mail.bank.example", "ceo@bank.example", ct);
        var suspect = await house.SendAsync(GateHouse.Suspect, "pc.nowhere.example", "eve@nowhere.example", ct);

        genuine.End.ShouldStartWith("250 ");
        unproven.End.ShouldStartWith("250 ");
        bounce.End.ShouldStartWith("250 ");
        Last(forged).ShouldMatch(policy ? "^554 5\\.7\\.23 .*198\\.51\\.100\\.40" : "^550 5\\.7\\.2[36] ");
        Last(suspect).ShouldMatch(policy ? "^450 4\\.7\\." : "^451 4\\.7\\.");

        // A genuine server would come back.
        await Task.Delay(TimeSpan.FromSeconds(2), ct);
        (await house.SendAsync(GateHouse.Suspect, "pc.nowhere.example", "eve@nowhere.example", ct)).End.ShouldStartWith("250 ");
        (await house.SendAsync(GateHouse.Forged, "mail.bank.example", "ceo@bank.example", ct)).End.ShouldNotStartWith("2");

        var mail = await house.MailAsync(ct);
        mail.ShouldContain("X-Postern: genuine; advice=accept;");
        mail.ShouldContain("came-back=yes");
        mail.ShouldNotContain("bank.example");
        if (milter)
            mail.ShouldMatch("Authentication-Results: mx\\.example\\.org;\\s+spf=pass smtp\\.mailfrom=ann@good\\.example");
        var log = await house.Postfix.ReadLogAsync(ct);
        log.ShouldNotContain("non-delivery");
        log.ShouldNotContain("status=bounced");
        log.ShouldNotContain("warning: milter");
        log.ShouldNotContain("warning: problem talking to server");
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Who_watches_refuses_nobody(bool policy, bool milter)
    {
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        await using var house = await GateHouse.OpenAsync(policy, milter, "observe", ct);

        (await house.SendAsync(GateHouse.Forged, "mail.bank.example", "ceo@bank.example", ct)).End.ShouldStartWith("250 ");
        (await house.SendAsync(GateHouse.Suspect, "pc.nowhere.example", "eve@nowhere.example", ct)).End.ShouldStartWith("250 ");

        var mail = await house.MailAsync(ct);
        mail.ShouldContain("would=reject");
        mail.ShouldContain("would=defer");
        house.Postern.Words.ShouldContain("would reject 198.51.100.40");
        // What is recorded goes to its file behind the session's back.
        string report;
        var began = TimeProvider.System.GetTimestamp();
        do
            report = (await house.Postern.AskAsync("report")).OrThrow("report").Output;
        while (!report.Contains("would reject", StringComparison.Ordinal) && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30));
        report.ShouldMatch("would reject +-[0-9.]+ +1 +198\\.51\\.100\\.40 +bank\\.example");
    }

    [Fact]
    public async Task Forged_results_under_our_name_are_gone_and_others_stay()
    {
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        await using var house = await GateHouse.OpenAsync(false, true, "observe", ct);
        const string Headers =
            "Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=forged-1\r\nAuthentication-Results: other.example.net; spf=pass smtp.mailfrom=kept-1\r\n"
            + "X-Postern: genuine; forged-2\r\nAUTHENTICATION-RESULTS: (a \\) comment)\r\n \"MX.example.org\" 1; dkim=pass header.d=forged-3\r\n"
            + "Authentication-Results: mx.example.org; dmarc=pass header.from=forged-4\r\nAuthentication-Results : mx.example.org; dmarc=pass header.from=forged-5\r\n"
            + "Authentication-Results: mx.example.org.example.net; spf=pass smtp.mailfrom=kept-2\r\nAuthentication-Results: mx.example.org; arc=pass forged-6\r\n";

        (await house.SendAsync(GateHouse.Genuine, "mail.good.example", "ann@good.example", ct, Headers)).End.ShouldStartWith("250 ");

        var mail = await house.MailAsync(ct);
        mail.ShouldNotContain("forged-");
        mail.ShouldContain("kept-1");
        mail.ShouldContain("kept-2");
        mail.Split("Authentication-Results:").Length.ShouldBe(4, mail);
    }

    [Fact]
    public async Task Pipelined_and_encrypted_sessions_and_logins_fare_the_same()
    {
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        await using var house = await GateHouse.OpenAsync(true, true, "enforce", ct);

        using (var s = await house.ConnectAsync(GateHouse.Forged, ct))
        {
            await s.Out("220 ");
            await s.Ask("EHLO mail.bank.example");
            await s.Send("MAIL FROM:<ceo@bank.example>\r\nRCPT TO:<postmaster@example.org>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n");
            await s.Out("250 ");
            await s.Out("554 5.7.23 ");
            await s.Out("554 5.7.23 ");
            await s.Out("554 ");
        }

        const string Swaks = "swaks --server $MX --timeout 30 --to postmaster@example.org";
        (await house.RunAsync(GateHouse.Forged, Swaks.Replace("$MX", Network.ServerAddress, StringComparison.Ordinal) + " -tls --helo mail.bank.example --from ceo@bank.example", 60, ct)).ExitCode.ShouldBe(24);
        (await house.RunAsync(GateHouse.Genuine, Swaks.Replace("$MX", Network.ServerAddress, StringComparison.Ordinal) + " -tls --helo mail.good.example --from ann@good.example", 60, ct)).ExitCode.ShouldBe(0);
        // A user may sit anywhere, and writes in whatever name Postfix lets her.
        (await house.RunAsync(GateHouse.Forged, Swaks.Replace("$MX", Network.ServerAddress, StringComparison.Ordinal)
            + " --port 587 -tls --helo laptop --from ceo@bank.example --auth PLAIN --auth-user alice@mx.example.org --auth-password secret", 60, ct)).ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_ban_holds_here_too_until_it_is_lifted(bool policy, bool milter)
    {
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        await using var house = await GateHouse.OpenAsync(policy, milter, "enforce", ct, walls: false);
        (await house.Postern.AskAsync("ban", GateHouse.Unproven.Address)).ExitCode.ShouldBe(0);

        using (var s = await house.ConnectAsync(GateHouse.Unproven, ct))
        {
            // A milter is asked before the greeting, and Postfix has words of its own for a client that it does not greet.
            await s.Out(milter ? "421 " : "220 ");
            if (policy)
            {
                await s.Ask("EHLO mail.plain.example");
                await s.Ask("MAIL FROM:<ann@plain.example>");
                (await s.Ask("RCPT TO:<postmaster@example.org>")).ShouldMatch("^421 4\\.7\\.0 ", s.Transcript);
            }
        }

        (await house.Postern.AskAsync("unban", GateHouse.Unproven.Address)).ExitCode.ShouldBe(0);
        (await house.SendAsync(GateHouse.Unproven, "mail.plain.example", "ann@plain.example", ct)).End.ShouldStartWith("250 ");
    }

    private static string Last((string Recipient, string End) replies) => replies.End.Length > 0 ? replies.End : replies.Recipient;
}
