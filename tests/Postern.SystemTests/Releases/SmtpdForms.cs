namespace Postern.SystemTests.Releases;

/// <summary>What smtpd says of clients.</summary>
internal static class SmtpdForms
{
    private const string Hello = "EHLO client.example";
    private const string From = "MAIL FROM:<a@sender.example>";
    private const string To = "RCPT TO:<alice@example.org>";
    private const string TlsHello = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n\x8a\x10\r\n";

    /// <summary>Connections, greetings, and words that are no SMTP.</summary>
    public static IReadOnlyList<Form> Talk { get; } =
    [
        new("connects and leaves", FormServer.Smtp, "hangup", c => c.SayAsync()) { Says = "lost connection after CONNECT" },
        new("greets and takes its leave", FormServer.Smtp, "probe-and-quit", c => c.SayAsync(Hello, "QUIT")),
        new("NOOP, RSET and QUIT", FormServer.Smtp, "probe-and-quit", c => c.SayAsync(Hello, "NOOP", "RSET", "QUIT")),
        new("a lone dot", FormServer.Smtp, "lone-dot", c => c.SayAsync(".")),
        new("blank lines", FormServer.Smtp, "blank-line", c => c.SayAsync("", "", "QUIT")),
        new("garbage", FormServer.Smtp, "garbage-command", c => c.SayAsync(Hello, "XYZZY", "PLUGH one", "QUIT")),
        new("an HTTP request", FormServer.Smtp, "http-request", c => c.SayAsync("GET / HTTP/1.1")) { Says = "non-SMTP command from" },
        new("a proxy request", FormServer.Smtp, "http-request", c => c.SayAsync("CONNECT mail.example:25 HTTP/1.0")) { Says = "non-SMTP command from" },
        new("a TLS hello", FormServer.Smtp, "tls-on-plaintext", c => c.SayAsync(TlsHello)),
        new("a TLS hello before the greeting", FormServer.Busy, "tls-on-plaintext", c => c.AheadAsync(TlsHello)) { Says = "improper command pipelining after CONNECT" },
        new("talks before the greeting", FormServer.Busy, "early-talker", c => c.AheadAsync("EHLO early.example\r\nMAIL FROM:<a@sender.example>\r\n")) { Says = "improper command pipelining after CONNECT" },
        new("sends ahead after HELO", FormServer.Smtp, "pipelining-abuse", c => c.SayAsync("HELO client.example\r\nMAIL FROM:<a@sender.example>\r\nRCPT TO:<alice@example.org>")),
        new("sends ahead of DATA", FormServer.Smtp, "pipelining-abuse", c => c.SayAsync("HELO client.example", From, $"{To}\r\nDATA\r\nQUIT")),
        new("goes on after QUIT", FormServer.Smtp, "probe-and-quit", c => c.SayAsync(Hello, "QUIT\r\n\x15\x03\x03\x00\x1a\r\n")),
        new("too many errors", FormServer.FewErrors, "too-many-errors user-enumeration", c => c.SayAsync(Hello, From, "RCPT TO:<x1@example.org>", "RCPT TO:<x2@example.org>", "RCPT TO:<x3@example.org>")) { Says = "too many errors after RCPT" },
        new("falls silent", FormServer.Impatient, "hangup", c => c.AheadAsync("")) { Says = "timeout after CONNECT" },
        new("falls silent after EHLO", FormServer.Impatient, "hangup", async c =>
        {
            using var s = await c.Open(c.Port, "");
            await s.Hear();
            await s.Ask(Hello);
            await s.Hear(Caller.Patience);
        }) { Says = "timeout after EHLO" },
        new("a haproxy header that is none", FormServer.Upstream, "hangup", c => c.AheadAsync("PROXY nonsense\r\n")),
        new("ETRN", FormServer.Smtp, "?", c => c.SayAsync(Hello, "ETRN elsewhere.example", "QUIT")) { Never = "probe-and-quit" },
        new("ETRN of no name", FormServer.Smtp, "?", c => c.SayAsync(Hello, "ETRN -x-", "QUIT")) { Never = "probe-and-quit" },
        new("VRFY of nobody", FormServer.Smtp, "user-enumeration", c => c.SayAsync(Hello, "VRFY nobody@example.org", "QUIT")) { Says = "reject: VRFY" },
        new("VRFY where it is disabled", FormServer.StrictSyntax, "user-enumeration", c => c.SayAsync(Hello, "VRFY nobody@example.org", "QUIT")),
        new("address with wrong syntax", FormServer.StrictSyntax, "rejected-mail", c => c.SayAsync(Hello, "MAIL FROM: a@sender.example", "QUIT")),
    ];

    /// <summary>TLS and logins.</summary>
    public static IReadOnlyList<Form> TlsAndLogins { get; } =
    [
        new("leaves after STARTTLS", FormServer.Smtp, "tls-handshake-failure", c => c.SayAsync(Hello, "STARTTLS")) { Says = "lost connection after STARTTLS" },
        new("garbage after STARTTLS", FormServer.Smtp, "tls-handshake-failure", c => c.SayAsync(Hello, "STARTTLS", "what is this, no TLS?")) { Says = "SSL_accept error" },
        new("falls silent after STARTTLS", FormServer.Impatient, "tls-handshake-failure", async c =>
        {
            using var s = await c.Open(c.Port, "");
            await s.Hear();
            await s.Ask(Hello);
            await s.Ask("STARTTLS");
            await s.Hear(Caller.Patience);
        }) { Says = "SSL_accept error" },
        new("sends ahead of STARTTLS", FormServer.Smtp, "tls-handshake-failure", c => c.SayAsync(Hello, "STARTTLS\r\nEHLO injected.example")),
        new("greets and leaves in TLS", FormServer.Smtp, "probe-and-quit", c => c.SayInTlsAsync(Hello, "QUIT")) { Says = "TLS connection established from" },
        new("plain text on the wrapped port", FormServer.Wrapped, "tls-handshake-failure", c => c.AheadAsync("EHLO client.example\r\n")) { Says = "SSL_accept error" },
        // The second session is no handshake, which counts all the same (one that takes up an old session does not); the third is refused.
        new("too many TLS sessions", FormServer.TlsRate, "probe-and-quit server-trouble tls-handshake-failure", async c =>
        {
            await c.SayInTlsAsync(Hello, "QUIT");
            await c.SayAsync(Hello, "STARTTLS", "QUIT");
            await c.SayAsync(Hello, "STARTTLS", "QUIT");
        }) { Says = "New TLS session rate limit exceeded" },
        new("TLS that is not available", FormServer.BrokenTls, "probe-and-quit server-trouble", c => c.SayAsync(Hello, "STARTTLS", "QUIT")),
        new("wrong password", FormServer.Smtp, "auth-failure", c => c.SayAsync(Hello, "AUTH PLAIN AGFsaWNlAHdyb25n", "QUIT")) { Says = "SASL PLAIN authentication failed" },
        new("wrong password by LOGIN", FormServer.Smtp, "auth-failure", c => c.SayAsync(Hello, "AUTH LOGIN", "YWxpY2U=", "d3Jvbmc=", "QUIT")) { Says = "SASL LOGIN authentication failed" },
        new("a login that it aborts", FormServer.Smtp, "?", c => c.SayAsync(Hello, "AUTH LOGIN", "*", "QUIT")) { Says = "authentication aborted", Never = "auth-not-offered probe-and-quit" },
        new("leaves in the midst of a login", FormServer.Smtp, "?", c => c.SayAsync(Hello, "AUTH LOGIN", "YWxpY2U=")) { Says = "lost connection after AUTH", Never = "auth-not-offered probe-and-quit" },
        new("a mechanism that is not there", FormServer.Smtp, "?", c => c.SayAsync(Hello, "AUTH NTLM", "QUIT")) { Says = "SASL NTLM authentication failed", Never = "auth-brute-force probe-and-quit" },
        new("a login that is no base 64", FormServer.Smtp, "?", c => c.SayAsync(Hello, "AUTH PLAIN ????", "QUIT")) { Says = "SASL PLAIN authentication failed", Never = "auth-not-offered auth-brute-force probe-and-quit" },
        new("too many logins", FormServer.LoginLimit, "?", c => c.SayAsync(Hello, "AUTH PLAIN AGFsaWNlAHdyb25n", "AUTH PLAIN AGFsaWNlAHdyb25n", "QUIT")) { Says = "rate limit exceeded", Never = "auth-not-offered auth-brute-force" },
        new("a login where none is offered", FormServer.NoLogin, "auth-not-offered", c => c.SayAsync(Hello, "AUTH PLAIN AGFsaWNlAHdyb25n", "QUIT")),
        new("a login before TLS on submission", FormServer.Submission, "?", c => c.SayAsync(Hello, "AUTH PLAIN AGFsaWNlAHdyb25n", "QUIT")),
        new("the right password", FormServer.Submission, "delivered", c => c.SayInTlsAsync(Hello, "AUTH PLAIN AGFsaWNlQG14LmV4YW1wbGUub3JnAHNlY3JldA==", From, To, "DATA", "Subject: x\r\n\r\nx\r\n.", "QUIT")) { Says = "sasl_username=alice" },
        new("submission without a login", FormServer.Submission, "rejected-mail", c => c.SayInTlsAsync(Hello, From, "RCPT TO:<friend@elsewhere.example>", "QUIT")),
        new("a login service that is away", FormServer.BrokenLogin, "server-trouble", c => c.SayAsync(Hello)),
    ];

    /// <summary>Limits and the server's own trouble.</summary>
    public static IReadOnlyList<Form> Trouble { get; } =
    [
        new("connects too often", FormServer.ConnectionRate, "?", async c =>
        {
            await c.SayAsync(Hello, "QUIT");
            await c.SayAsync();
        }) { Says = "Connection rate limit exceeded" },
        new("connects twice at once", FormServer.ConnectionCount, "?", async c =>
        {
            using var first = await c.Open(c.Port, "");
            await first.Hear();
            await c.SayAsync();
            await first.Ask("QUIT");
        }) { Says = "Connection concurrency limit exceeded" },
        new("too many messages", FormServer.MessageRate, "delivered rejected-mail server-trouble", c => c.SayAsync(Hello, From, To, "DATA", "x\r\n.", From, "QUIT")) { Says = "Message delivery request rate limit exceeded" },
        new("too many recipients", FormServer.RecipientRate, "?", c => c.SayAsync(Hello, From, To, "RCPT TO:<bob@example.org>", "RSET", "QUIT")) { Says = "Recipient address rate limit exceeded", Never = "probe-and-quit" },
        new("a table that is not there", FormServer.BrokenTable, "rejected-mail server-trouble", c => c.SayAsync(Hello, From, To, "QUIT")),
        new("a table that does not answer", FormServer.PerUserTable, "rejected-mail server-trouble", c => c.SayAsync(Hello, From, To, "QUIT")) { Says = "Temporary lookup failure" },
        new("a policy server that is away", FormServer.DeadPolicy, "rejected-mail server-trouble", c => c.SayAsync(Hello, From, To, "QUIT")) { Says = "Server configuration problem" },
        // Since 3.10.8 Postfix hangs up at once (421), before any mail is refused.
        new("a milter that is away", FormServer.DeadMilter, "server-trouble", c => c.SayAsync(Hello, From, To, "QUIT")) { May = "rejected-mail" },
        new("a filter that is away", FormServer.DeadProxy, "out-of-step rejected-mail server-trouble", c => c.BringAsync("Subject: x\n\nx")),
        new("a disk that is full", FormServer.FullDisk, "rejected-mail server-trouble", c => c.SayAsync(Hello, From, To, "QUIT")),
        new("a DNS list that does not answer", FormServer.OpenList, "delivered", c => c.BringAsync("Subject: x\n\nx")),
    ];

    /// <summary>Refusals of every stage.</summary>
    public static IReadOnlyList<Form> Refusals { get; } =
    [
        new("a client that is not wanted", FormServer.AtOnce, "rejected-mail", c => c.SayAsync(Hello, "QUIT")) { Says = "reject: CONNECT" },
        new("a client without a name", FormServer.NoName, "rejected-mail", c => c.SayAsync(Hello, From, To, "QUIT")) { Says = "cannot find your hostname" },
        new("a domain that is not there", FormServer.NoName, "rejected-mail", c => c.SayAsync(Hello, "MAIL FROM:<a@nowhere.example>", To, "QUIT")) { Address = "192.0.2.200", Says = "Domain not found" },
        new("our own name", FormServer.Smtp, "helo-forgery", c => c.SayAsync("EHLO mx.example.org", From, To, "QUIT")) { Says = "You are not me" },
        new("a HELO that is no name", FormServer.Smtp, "rejected-mail", c => c.SayAsync("EHLO -bad-.example", From, To, "QUIT")) { Says = "Invalid name" },
        new("a sender that is not wanted", FormServer.Smtp, "rejected-mail", c => c.SayAsync(Hello, "MAIL FROM:<bad@sender.example>", To, "QUIT")) { Says = "not wanted" },
        new("a sender without a domain", FormServer.Smtp, "rejected-mail", c => c.SayAsync(Hello, "MAIL FROM:<bad>", To, "QUIT")) { Says = "need fully-qualified address" },
        new("an unknown recipient", FormServer.Smtp, "rejected-mail", c => c.SayAsync(Hello, From, "RCPT TO:<nobody@example.org>", "QUIT")) { Says = "User unknown" },
        new("a relay", FormServer.Smtp, "relay-probe", c => c.SayAsync(Hello, From, "RCPT TO:<v@elsewhere.example>", "QUIT")) { Says = "Relay access denied" },
        new("greylisted", FormServer.Smtp, "rejected-mail", c => c.SayAsync(Hello, From, "RCPT TO:<grey@example.org>", "QUIT")) { Says = "Greylisted" },
        new("a full mailbox", FormServer.Smtp, "rejected-mail", c => c.SayAsync(Hello, From, "RCPT TO:<full@example.org>", "QUIT")) { Says = "Mailbox is full" },
        new("SPF", FormServer.Smtp, "rejected-mail", c => c.SayAsync(Hello, From, "RCPT TO:<fq@example.org>", "QUIT")) { Says = "SPF fail" },
        new("refused at DATA", FormServer.DataRefused, "rejected-mail", c => c.SayAsync(Hello, From, To, "DATA", "QUIT")) { Says = "reject: DATA" },
        new("refused at the end", FormServer.EndOfData, "rejected-mail", c => c.BringAsync("Subject: x\n\nx")) { Says = "END-OF-MESSAGE" },
        new("on a DNS list", FormServer.Listed, "dnsbl-listed", c => c.SayAsync(Hello, From, To, "QUIT")) { Address = "192.0.2.201", Says = "blocked using" },
        new("a sender that cannot be verified", FormServer.Verifying, "rejected-mail", c => c.SayAsync(Hello, "MAIL FROM:<nobody@example.org>", To, "QUIT")),
        new("a size that is too large", FormServer.Small, "rejected-mail", c => c.SayAsync(Hello, "MAIL FROM:<a@sender.example> SIZE=99999", "QUIT")),
        new("a message that is too large", FormServer.Small, "?", c => c.BringAsync(string.Concat(Enumerable.Repeat("twenty characters ok\n", 400)))) { Never = "probe-and-quit delivered" },
        new("a header line that is refused", FormServer.Content, "rejected-mail", c => c.BringAsync("Subject: refuse\n\nx")) { Says = "reject: header" },
        new("a body that is refused", FormServer.Content, "rejected-mail", c => c.BringAsync("Subject: x\n\ncheap pills")) { Says = "reject: body" },
        new("a header line that drops it", FormServer.Content, "?", c => c.BringAsync("Subject: discard\n\nx")) { Says = "discard: header", Never = "delivered probe-and-quit" },
        new("a header line that holds it", FormServer.Content, "delivered", c => c.BringAsync("Subject: hold\n\nx")) { Says = "hold: header" },
        new("a header line that warns", FormServer.Content, "delivered", c => c.BringAsync("Subject: warn\n\nx")) { Says = "warning: header" },
        new("a header line that is noted", FormServer.Content, "delivered", c => c.BringAsync("Subject: info\n\nx")) { Says = "info: header" },
        new("a header line that is replaced", FormServer.Content, "delivered", c => c.BringAsync("Subject: replace\n\nx")) { Says = "replace: header" },
        new("a header line before which one is put", FormServer.Content, "delivered", c => c.BringAsync("Subject: prepend\n\nx")) { Says = "prepend: header" },
        new("a header line that sends it elsewhere", FormServer.Content, "delivered", c => c.BringAsync("Subject: redirect\n\nx")) { Says = "redirect: header" },
        new("a sender that is dropped", FormServer.Smtp, "?", c => c.BringAsync("Subject: x\n\nx", from: "gone@sender.example")) { Says = "discard: RCPT", Never = "delivered probe-and-quit" },
        new("a sender that is held", FormServer.Smtp, "delivered", c => c.BringAsync("Subject: x\n\nx", from: "hold@sender.example")) { Says = "hold: RCPT" },
        new("a sender that is warned of", FormServer.Smtp, "delivered", c => c.BringAsync("Subject: x\n\nx", from: "warn@sender.example")) { Says = "warn: RCPT" },
        new("a filter that refuses", FormServer.Proxy, "rejected-mail", c => c.BringAsync("Subject: refuse\n\nx")),
        new("a filter that accepts", FormServer.Proxy, "delivered", c => c.BringAsync("Subject: x\n\nx")),
        new("a bare line feed", FormServer.BareNewline, "smuggling-attempt", BareAsync) { Says = "bare <LF>" },
    ];

    /// <summary>Mail, and connections that are lost in it.</summary>
    public static IReadOnlyList<Form> Mail { get; } =
    [
        new("a message", FormServer.Smtp, "delivered", c => c.BringAsync("Subject: x\n\nx")),
        new("a message by BDAT", FormServer.Smtp, "delivered", c => c.SayAsync(Hello, From, To, "BDAT 3 LAST\r\nx", "QUIT")),
        new("BDAT without a size", FormServer.Smtp, "?", c => c.SayAsync(Hello, From, To, "BDAT", "QUIT")) { Never = "probe-and-quit" },
        new("BDAT of no number", FormServer.Smtp, "?", c => c.SayAsync(Hello, From, To, "BDAT many LAST", "QUIT")) { Never = "probe-and-quit" },
        new("leaves in BDAT", FormServer.Smtp, "hangup", c => c.SayAsync(Hello, From, $"{To}\r\nBDAT 500 LAST\r\nhello")) { Says = "lost connection after BDAT" },
        new("leaves in DATA", FormServer.Smtp, "hangup", async c =>
        {
            using var s = await c.Open(c.Port, "");
            await s.Hear();
            foreach (var line in new[] { Hello, From, To, "DATA" })
            {
                await s.Ask(line);
            }

            await s.Send("Subject: lost\r\n\r\nhalf of it");
        }) { Says = "lost connection after DATA" },
        new("falls silent in DATA", FormServer.Impatient, "hangup", async c =>
        {
            using var s = await c.Open(c.Port, "");
            await s.Hear();
            foreach (var line in new[] { Hello, From, To, "DATA" })
            {
                await s.Ask(line);
            }

            await s.Send("Subject: slow\r\n");
            await s.Hear(Caller.Patience);
        }) { Says = "timeout after DATA" },
        new("leaves after RCPT", FormServer.Smtp, "hangup", c => c.SayAsync(Hello, From, To)) { Says = "lost connection after RCPT" },
        new("goes on after a refusal", FormServer.Smtp, "out-of-step rejected-mail", c => c.SayAsync(Hello, From, "RCPT TO:<nobody@example.org>", "DATA", "Subject: hello", "QUIT")),
    ];

    private static async Task BareAsync(Caller c)
    {
        using var s = await c.Open(c.Port, "");
        await s.Hear();
        foreach (var line in new[] { Hello, From, To, "DATA" })
        {
            await s.Ask(line);
        }

        await s.Send("Subject: x\r\n\r\nfirst\nsecond\r\n.\r\n");
        await s.Hear();
        await s.Ask("QUIT");
    }
}
