using Postern.SystemTests.Support;

namespace Postern.SystemTests.Gate;

/// <summary>Sessions with a real Postfix that enforces: what is heard, and how often, and what remains of forged headers.</summary>
[Collection(EnforcingServer.Name)]
public sealed class SessionTests(EnforcingServer fixture)
{
    public static TheoryData<string> Services => [.. GateEntrance.All.Select(service => service.Name)];

    private static readonly (string Header, bool IsForged)[] s_headers =
    [
        ("Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=forged-1", true),
        ("Authentication-Results: other.example.net;\r\n\tspf=pass (kept; as mx.example.org)\r\n   smtp.mailfrom=a@kept-1", false),
        ("X-Postern: genuine; forged-2", true),
        ("AUTHENTICATION-RESULTS: (a \\) comment)\r\n \"MX.example.org\" 1; dkim=pass header.d=forged-3", true),
        ("Authentication-Results: mx.example.org; dmarc=pass header.from=forged-4", true),
        ("Authentication-Results : mx.example.org; dmarc=pass header.from=forged-5", true),
        ("authentication-results:\tMx.eXample.oRg\r\n\t;\r\n\tspf=pass smtp.mailfrom=forged-6", true),
        ("Authentication-Results: mx.example.org.example.net; spf=pass smtp.mailfrom=kept-2", false),
        ("Authentication-Results: mx.example.org.; dkim=pass header.d=forged-7", true),
        ("Authentication-Results: mx.example.org/1; dkim=pass header.d=forged-8", true),
        ("Authentication-Results:   \"mx.ex\\ample.org\"  1 ; dkim=pass header.d=forged-9", true),
        ("Authentication-Results: (mx.example.org) kept.example.net 1;  dkim=pass   header.d=kept-3", false),
        ("Authentication-Results:\r\n (one (two) three)\r\n mx.example.org (four)\r\n 1 (five); arc=pass forged-10", true),
        ("Authentication-Results: \"mx.example.org; arc=pass forged-11", true),
        ("x-postern: forged-12", true),
        ("Authentication-Results: kept.example.net; none; x=\"mx.example.org\"; kept-4", false),
        ("Authentication-Results:mx.example.org;none forged-13", true),
    ];

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Who_is_refused_hears_the_same_however_often_and_in_whatever_way_it_asks(string name)
    {
        var ct = TestContext.Current.CancellationToken;
        var house = await fixture.OpenAsync(ct);
        var service = GateEntrance.Of(name);
        var content = EnforcingServer.Message("mail.bank.example", "ceo@bank.example", subject: "never");
        using var s = await house.ConnectAsync(EnforcingServer.Forged, service, ct);

        var first = await EnforcingServer.SendAsync(s, service, "mail.bank.example", "ceo@bank.example", content);
        first.ShouldStartWith(service.Refusal, Case.Sensitive, s.Transcript);
        first.ShouldContain("198.51.100.140");
        if (service.HasPolicy)
        {
            (await s.Ask($"RCPT TO:<{service.Recipient}>")).ShouldBe(first);
            await s.Ask("RSET");
        }

        // MAIL again, HELO again, both, and all of it in TLS.
        (await EnforcingServer.TransactAsync(s, service, "ceo@bank.example", content)).ShouldBe(first);
        await s.Ask("RSET");
        await s.Ask("HELO mail.bank.example");
        (await EnforcingServer.TransactAsync(s, service, "ceo@bank.example", content)).ShouldBe(first);
        await s.Ask("EHLO mail.bank.example");
        (await EnforcingServer.TransactAsync(s, service, "ceo@bank.example", content)).ShouldBe(first);
        (await s.Ask("STARTTLS")).ShouldStartWith("220 ");
        await s.Encrypt();
        await s.Ask("EHLO mail.bank.example");
        (await EnforcingServer.TransactAsync(s, service, "ceo@bank.example", content)).ShouldBe(first);
        await s.Ask("RSET");

        // And in one breath.
        await s.Send($"MAIL FROM:<ceo@bank.example>\r\nRCPT TO:<{service.Recipient}>\r\nRCPT TO:<{service.Recipient}>\r\nDATA\r\n");
        await s.Out("250 ");
        if (service.HasPolicy)
        {
            (await s.Hear()).ShouldBe(first);
            (await s.Hear()).ShouldBe(first);
            await s.Out("554 ");
        }
        else
        {
            await s.Out("250 ");
            await s.Out("250 ");
            await s.Out("354 ");
            (await s.Ask(content + "\r\n.")).ShouldBe(first);
        }

        (await house.MailAsync(ct)).ShouldNotContain("Subject: never");
        await house.NothingWasBouncedAsync(ct);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_suspect_waits_once_and_not_again_after_a_restart_or_a_kill(string name)
    {
        var ct = TestContext.Current.CancellationToken;
        var house = await fixture.OpenAsync(ct);
        var service = GateEntrance.Of(name);
        Task<string> AskAsync() => house.SendAsync(EnforcingServer.Suspect, service, "pc.nowhere.example", "eve@nowhere.example", ct);

        (await AskAsync()).ShouldStartWith(service.Greylisting);
        await house.Postern.StopAsync();
        await house.Postern.StartAgainAsync(ct);
        string reply;
        var began = TimeProvider.System.GetTimestamp();
        while (!(reply = await AskAsync()).StartsWith("250 ", StringComparison.Ordinal))
        {
            reply.ShouldStartWith(service.Greylisting);
            (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30)).ShouldBeTrue(reply);
        }

        // What a kill may cost is one more greylisting of a suspect.
        await house.Postern.Kill();
        await house.Postern.StartAgainAsync(ct);
        (await house.SendAsync(EnforcingServer.Genuine, service, "mail.good.example", "ann@good.example", ct)).ShouldStartWith("250 ");
        while (!(reply = await AskAsync()).StartsWith("250 ", StringComparison.Ordinal))
        {
            reply.ShouldStartWith(service.Greylisting);
            (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60)).ShouldBeTrue(reply);
        }

        var mail = await house.MailAsync(ct);
        if (service.HasMilter)
        {
            mail.ShouldMatch("X-Postern: suspect; .*came-back=yes");
        }

        await house.NothingWasBouncedAsync(ct);
    }

    [Fact]
    public async Task Forged_results_under_our_name_are_gone_and_others_stay_to_the_byte()
    {
        var ct = TestContext.Current.CancellationToken;
        var house = await fixture.OpenAsync(ct);
        var random = new Random(7);
        foreach (var service in GateEntrance.All.Where(service => service.HasMilter))
        {
            for (var turn = 0; turn < 3; turn++)
            {
                var headers = s_headers.Concat(s_headers).ToArray();
                random.Shuffle(headers);
                var subject = $"results {service.Name} {turn}";
                (await house.SendAsync(EnforcingServer.Genuine, service, "mail.good.example", "ann@good.example", ct, string.Concat(headers.Select(header => header.Header + "\r\n")), subject)).ShouldStartWith("250 ");

                var mail = (await house.MailAsync(ct)).Split("\nFrom ").Single(mail => mail.Contains($"Subject: {subject}\n", StringComparison.Ordinal));
                mail.ShouldNotContain("forged-", Case.Sensitive, mail);
                var kept = string.Concat(headers.Where(header => !header.IsForged).Select(header => header.Header.ReplaceLineEndings("\n") + "\n"));
                mail.ShouldContain(kept, Case.Sensitive);
                mail.ShouldMatch("Authentication-Results: mx\\.example\\.org;\\s+spf=pass smtp\\.mailfrom=ann@good\\.example");
                mail.Split("X-Postern: genuine; advice=accept;").Length.ShouldBe(2, mail);
            }
        }
    }

    [Fact]
    public async Task Clients_that_logged_in_write_in_whatever_name_they_may()
    {
        var ct = TestContext.Current.CancellationToken;
        var house = await fixture.OpenAsync(ct);
        var swaks = $"swaks --server {Network.ServerAddress} --timeout 30 --to postmaster@example.org -tls";
        (await house.RunAsync(EnforcingServer.Forged, swaks + " --helo mail.bank.example --from ceo@bank.example", ct)).ExitCode.ShouldBe(24);
        (await house.RunAsync(EnforcingServer.Genuine, swaks + " --helo mail.good.example --from ann@good.example", ct)).ExitCode.ShouldBe(0);
        (await house.RunAsync(EnforcingServer.Forged, swaks + " --port 587 --helo laptop --from ceo@bank.example --auth PLAIN --auth-user alice@mx.example.org --auth-password secret", ct)).ExitCode.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_ban_holds_here_too_until_it_is_lifted(string name)
    {
        var ct = TestContext.Current.CancellationToken;
        var house = await fixture.OpenAsync(ct);
        var service = GateEntrance.Of(name);
        (await house.Postern.AskAsync("ban", EnforcingServer.Unproven.Address)).ExitCode.ShouldBe(0);
        try
        {
            using var s = await house.ConnectAsync(EnforcingServer.Unproven, service, ct);
            // A milter is asked before the greeting, and Postfix has words of its own for a client that it does not greet.
            await s.Out(service.HasMilter ? "421 " : "220 ");
            if (!service.HasMilter)
            {
                await s.Ask("EHLO mail.plain.example");
                await s.Ask("MAIL FROM:<ann@plain.example>");
                (await s.Ask($"RCPT TO:<{service.Recipient}>")).ShouldMatch("^421 4\\.7\\.0 ", s.Transcript);
            }
        }
        finally
        {
            (await house.Postern.AskAsync("unban", EnforcingServer.Unproven.Address)).ExitCode.ShouldBe(0);
        }

        (await house.SendAsync(EnforcingServer.Unproven, service, "mail.plain.example", "ann@plain.example", ct)).ShouldStartWith("250 ");
        (await house.SendAsync(EnforcingServer.Unproven, service, "mail.plain.example", "", ct)).ShouldStartWith("250 ");
    }
}
