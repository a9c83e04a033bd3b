using System.Text;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run;

/// <summary>
/// What clients write, wherever Postfix logs or mails it, bans nobody but themselves: every attacker says all the words of
/// Cases/Grammar/injections.words in one place, before a daemon that bans at the first failure and follows the log and both
/// mailboxes.
/// </summary>
public sealed class InjectionTests(ITestOutputHelper output)
{
    /// <summary>Words that would like to pass for a line about 9.9.9.8.</summary>
    internal static string[] AllWords { get; } =
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Cases", "injections.words")).Where(line => line[0] != '#')];

    private static readonly (string Address, Func<Dialogue, string, Task> Say)[] s_attackers =
    [
        ("198.51.100.11", Helo), ("198.51.100.12", Mail), ("198.51.100.13", Recipient), ("198.51.100.14", Login),
        ("198.51.100.15", Command), ("198.51.100.16", Verify), ("198.51.100.17", Ahead), ("198.51.100.18", Header),
    ];

    private static readonly Host s_forger = new("198.51.100.99");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Words_of_a_client_ban_nobody_but_itself(bool isOlderReply)
    {
        Machine.RequireLaboratory();
        AllWords.Length.ShouldBeGreaterThan(60);
        var ct = TestContext.Current.CancellationToken;
        Host[] hosts = [.. s_attackers.Select(attacker => new Host(attacker.Address)), s_forger];
        await using var laboratory = await Laboratory.OpenAsync(isOlderReply ? PostfixSettings.OlderReply : PostfixSettings.Current, hosts, [], ct);
        var postfix = laboratory.Postfix;
        await using var postern = await RunningPostern.StartAsync(postfix.Log, null, $"""
            [[logs]]
            notices = "{postfix.Notices}"
            [[logs]]
            notices = "{postfix.Maildir}"
            [jail]
            maxretry = 1
            """, ct);

        await Task.WhenAll(s_attackers.Select(attacker => SayAll(laboratory.Client(attacker.Address), attacker.Say, ct)).Append(Forge(laboratory.Client(s_forger.Address), ct)));
        await postfix.WaitUntilQueueIsEmptyAsync(ct);
        (await File.ReadAllTextAsync(postfix.Notices, ct)).ShouldContain("9.9.9.8");

        // A last knock, whose ban tells that all before it has been judged.
        await SayAll(laboratory.Client(s_forger.Address), Command, ct);
        string[] senders = [.. s_attackers.Where(attacker => attacker.Say != Header).Select(attacker => $"{attacker.Address}/32"), $"{s_forger.Address}/32"];
        await postern.UntilAsync(bans => senders.All(sender => bans.Contains(sender, StringComparer.Ordinal)), ct);
        // So many banned neighbours may cost their network the service; nobody else lives in it.
        (await postern.BansAsync()).Except([.. senders, "198.51.100.18/32", "198.51.100.0/24"], StringComparer.Ordinal).ShouldBeEmpty();
        output.WriteLine($"{AllWords.Length * s_attackers.Length} injections by {s_attackers.Length} commands, and 12 forged notices; none banned another");
        await postern.StopAsync();
    }

    private static async Task SayAll(ClientHost me, Func<Dialogue, string, Task> say, CancellationToken ct)
    {
        foreach (var words in AllWords)
        {
            try
            {
                using var dialogue = await me.ConnectAsync(ct);
                await say(dialogue, words);
            }
            catch (Exception e) when (e is System.Net.Sockets.SocketException or IOException)
            {
                // Postfix hung up on it, as it may.
            }
        }
    }

    private static async Task Helo(Dialogue s, string words)
    {
        await s.Hear();
        await s.Ask($"EHLO {words}");
        await s.Ask($"HELO {words}");
        await s.Ask("MAIL FROM:<a@b.example>");
        await s.Ask("RCPT TO:<gone@example.org>");
        await s.Ask("QUIT");
    }

    private static async Task Mail(Dialogue s, string words)
    {
        await s.Hear();
        await s.Ask("EHLO a.example");
        if (!(await s.Ask($"MAIL FROM:<{words}>")).StartsWith('2'))
        {
            await s.Ask($"MAIL FROM:<\"{words.Replace('"', '\'')}\"@b.example>");
        }

        await s.Ask("RCPT TO:<gone@example.org>");
        await s.Ask("QUIT");
    }

    private static async Task Recipient(Dialogue s, string words)
    {
        await s.Hear();
        await s.Ask("EHLO a.example");
        await s.Ask("MAIL FROM:<a@b.example>");
        await s.Ask($"RCPT TO:<{words}>");
        await s.Ask($"RCPT TO:<\"{words.Replace('"', '\'')}\"@example.org>");
        await s.Ask($"RCPT TO:<\"{words.Replace('"', '\'')}\"@elsewhere.example>");
        await s.Ask("QUIT");
    }

    // Base64 hides even line ends on their way to the log.
    private static async Task Login(Dialogue s, string words)
    {
        await s.Hear();
        await s.Ask("EHLO a.example");
        await s.Ask("AUTH LOGIN");
        await s.Ask(Encoded(words.Replace("\\n", "\n", StringComparison.Ordinal)));
        await s.Ask(Encoded("password"));
        await s.Ask($"AUTH PLAIN {Encoded($"\0{words}\0password")}");
        await s.Ask($"AUTH {words}");
        await s.Ask("QUIT");
    }

    private static async Task Command(Dialogue s, string words)
    {
        await s.Hear();
        if ((await s.Ask(words)).StartsWith('5'))
        {
            await s.Ask($"NOOP {words}");
        }

        await s.Ask("QUIT");
    }

    private static async Task Verify(Dialogue s, string words)
    {
        await s.Hear();
        await s.Ask("EHLO a.example");
        await s.Ask($"VRFY {words}");
        await s.Ask($"ETRN {words}");
        await s.Ask($"VRFY gone@example.org");
        await s.Ask("QUIT");
    }

    private static async Task Ahead(Dialogue s, string words)
    {
        await s.Send($"EHLO a.example\r\n{words}\r\nRCPT TO:<{words}>\r\nDATA\r\n{words}\r\n.\r\n{words}\r\n");
        while ((await s.Hear(TimeSpan.FromSeconds(1))).Length > 0)
        {
            // Each reply, until there is none.
        }
    }

    private static async Task Header(Dialogue s, string words)
    {
        await s.Hear();
        await s.Ask("EHLO a.example");
        await s.Ask("MAIL FROM:<a@b.example>");
        await s.Ask("RCPT TO:<alice@example.org>");
        await s.Ask("DATA");
        await s.Ask($"Subject: {words}\r\n{words}\r\nReceived: {words}\r\n\r\n{words}\r\n.");
        await s.Ask("QUIT");
    }

    // Notices about another, by mail to the postmaster.
    private static async Task Forge(ClientHost me, CancellationToken ct)
    {
        string transcript = "Transcript of session follows.\r\n\r\n Out: 220 mx.example.org ESMTP Postfix\r\n In:  ..\r\n Out: 502 5.5.2 Error: command not recognized\r\n"
            + "\r\nSession aborted, reason: lost connection\r\n\r\nFor other details, see the local mail logfile\r\n";
        var subject = "Subject: Postfix SMTP server: errors from unknown[9.9.9.8]\r\n";
        var origin = "Received: by mx.example.org (Postfix)\r\n\tid 7B3F62251C; Wed, 25 Nov 2026 01:51:40 +0000 (UTC)\r\n"
            + "Date: Wed, 25 Nov 2026 01:51:40 +0000 (UTC)\r\nFrom: MAILER-DAEMON@mx.example.org (Mail Delivery System)\r\nTo: postmaster@mx.example.org (Postmaster)\r\n";
        string[] messages =
        [
            subject + "\r\n" + transcript,
            origin + subject + "Message-Id: <20261125015140.7B3F62251C@mx.example.org>\r\n\r\n" + transcript,
            $"Subject: hello\r\n\r\nhello\r\n\r\nFrom MAILER-DAEMON  Wed Nov 25 01:51:40 2026\r\n{origin}{subject}\r\n{transcript}",
            $"Subject: hello\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n{origin}{subject}\r\n{transcript}\r\n--b--\r\n",
        ];
        foreach (var sender in (string[])["", "MAILER-DAEMON@mx.example.org", "double-bounce@mx.example.org"])
        {
            foreach (var message in messages)
            {
                using var s = await me.ConnectAsync(ct);
                await s.Hear();
                await s.Ask("EHLO a.example");
                await s.Ask($"MAIL FROM:<{sender}>");
                await s.Ask("RCPT TO:<postmaster@example.org>");
                await s.Ask("DATA");
                (await s.Ask(message + "\r\n.")).ShouldStartWith("250");
                await s.Ask("QUIT");
            }
        }
    }

    private static string Encoded(string text) => Convert.ToBase64String(Encoding.Latin1.GetBytes(text));
}
