namespace Postern.SystemTests.Releases;

/// <summary>What postscreen and its helpers say of clients.</summary>
internal static class PostscreenForms
{
    private const string Hello = "EHLO client.example";
    private const string From = "MAIL FROM:<a@sender.example>";
    private const string To = "RCPT TO:<alice@example.org>";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Form> All { get; } =
    [
        new("is new", FormServer.Postscreen, "?", c => c.SayAsync(Hello, From, To, "QUIT")) { Says = "450 4.3.2 Service currently unavailable", Never = "server-trouble probe-and-quit" },
        new("leaves before the greeting", FormServer.Postscreen, "hangup", async c => (await c.Open(c.Port, "")).Dispose()) { Says = "HANGUP after" },
        new("talks before postscreen", FormServer.Postscreen, "early-talker", c => c.AheadAsync("EHLO early.example\r\n")) { Says = "PREGREET" },
        new("a TLS hello to postscreen", FormServer.Postscreen, "tls-on-plaintext", c => c.AheadAsync("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n\x8a\r\n")) { Says = "PREGREET" },
        new("sends ahead to postscreen", FormServer.Postscreen, "pipelining-abuse", c => c.SayAsync("HELO client.example\r\nMAIL FROM:<a@sender.example>\r\nRCPT TO:<alice@example.org>")) { Says = "COMMAND PIPELINING" },
        new("an HTTP request to postscreen", FormServer.Postscreen, "http-request", c => c.SayAsync("GET / HTTP/1.1")) { Says = "NON-SMTP COMMAND" },
        new("a bare line feed to postscreen", FormServer.Postscreen, "smuggling-attempt", async c =>
        {
            using var s = await c.Open(c.Port, "");
            await s.Hear();
            await s.Ask(Hello);
            await s.Send("NOOP\n");
            await s.Hear();
        }) { Says = "BARE NEWLINE" },
        new("too many commands", FormServer.Postscreen, "too-many-errors", c => c.SayAsync(Hello, "NOOP", "NOOP", "NOOP", "NOOP", "NOOP", "NOOP")) { Says = "COMMAND COUNT LIMIT" },
        new("too slow", FormServer.Postscreen, "hangup", async c =>
        {
            using var s = await c.Open(c.Port, "");
            await s.Hear();
            await s.Ask(Hello);
            await s.Hear(Caller.Patience);
        }) { Says = "COMMAND TIME LIMIT" },
        new("a line that is too long", FormServer.Postscreen, "garbage-command", c => c.SayAsync(Hello, $"NOOP {new string('x', 3000)}", "QUIT")) { Says = "COMMAND LENGTH LIMIT" },
        new("garbage after postscreen's STARTTLS", FormServer.Postscreen, "tls-handshake-failure", c => c.SayAsync(Hello, "STARTTLS", "what is this, no TLS?")) { Says = "TLS handshake failed" },
        new("leaves after postscreen's STARTTLS", FormServer.Postscreen, "tls-handshake-failure", c => c.SayAsync(Hello, "STARTTLS")),
        new("DATA without a recipient", FormServer.Postscreen, "rejected-mail", c => c.SayAsync(Hello, From, "DATA")) { Says = "DATA without valid RCPT" },
        new("BDAT without a recipient", FormServer.Postscreen, "rejected-mail", c => c.SayAsync(Hello, From, "BDAT 5 LAST")) { Says = "BDAT without valid RCPT" },
        new("on postscreen's DNS list", FormServer.Postscreen, "dnsbl-listed", c => c.SayAsync(Hello, From, To, "QUIT")) { Address = "192.0.2.202", Says = "DNSBL rank" },
        new("a DNS list's error", FormServer.Postscreen, "?", c => c.SayAsync(Hello, From, To, "QUIT")) { Address = "192.0.2.203", Never = "dnsbl-listed" },
        new("denied by postscreen", FormServer.Postscreen, "rejected-mail", c => c.SayAsync(Hello, From, To, "QUIT")) { Address = "192.0.2.199" },
        new("allowed by postscreen", FormServer.Postscreen, "delivered", c => c.BringAsync("Subject: x\n\nx")) { Address = "192.0.2.198" },
        new("postscreen is busy", FormServer.BusyPostscreen, "?", async c =>
        {
            var waiting = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => c.Open(c.Port, "")));
            await c.AheadAsync("");
            foreach (var session in waiting)
            {
                session.Dispose();
            }
        }) { Says = "all screening ports busy" },
    ];
}
