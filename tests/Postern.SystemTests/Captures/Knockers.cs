using System.Globalization;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Captures;

/// <summary>Clients that send what is no SMTP, as bots and worms do.</summary>
internal static class Abusers
{
    public static Actor LoneDots { get; } = Actor.Talk(
        new("203.0.113.10", "dsl-203-0-113-10.isp.example"), "a burst of 40 lone dots and blank lines, as in the question", 40, async s =>
        {
            await s.Hear();
            await s.Send(".\r\n\r\n");
            await s.Hear();
            await s.Hear(TimeSpan.FromMilliseconds(50));
        });

    public static Actor DeafLoneDots { get; } = Actor.Talk(
        new("203.0.113.11", "dsl-203-0-113-11.isp.example", ResolvesBack: false), "40 lone dots, leaves without reading the reply", 40, async s =>
        {
            await s.Hear();
            await s.Send(".\r\n\r\n");
            await s.Linger();
        });

    public static Actor SingleDot { get; } = Actor.Talk(new("203.0.113.12"), "one lone dot", 1, async s =>
    {
        await s.Hear();
        await s.Ask(".");
    });

    public static Actor LoneDotsV6 { get; } = Actor.Talk(new("2001:db8::10"), "a burst of 20 lone dots over IPv6", 20, async s =>
    {
        await s.Hear();
        await s.Send(".\r\n\r\n");
        await s.Hear();
    });

    public static Actor BlankLines { get; } = SendsBlankLines(30);

    public static Actor EarlyTalker { get; } = TalksEarly(10);

    public static Actor Pipeliner { get; } = Actor.Talk(new("203.0.113.33"), "sends the whole message ahead", 4, async s =>
    {
        await s.Hear();
        await s.Ask("HELO bot");
        await s.Send("MAIL FROM:<a@b.example>\r\nRCPT TO:<alice@example.org>\r\nDATA\r\nSubject: x\r\n\r\ny\r\n.\r\nQUIT\r\n");
        for (var i = 0; i < 4; i++)
        {
            await s.Hear();
        }
    });

    public static Actor Garbage { get; } = Actor.Talk(new("203.0.113.31"), "garbage until it is cut off, twice", 2, async s =>
    {
        await s.Hear();
        await s.Ask("EHLO x");
        for (var i = 0; i < 25 && (await s.Ask($"XYZZY{i}")).Length > 0; i++)
        {
        }
    });

    public static Actor HangsUp { get; } = Actor.Talk(new("203.0.113.28"), "hangs up at once, five times", 5, _ => Task.CompletedTask);

    public static Actor Ssh { get; } = Payload("203.0.113.23", "an SSH banner", "SSH-2.0-Go\r\n");

    public static Actor Rdp { get; } = Payload("203.0.113.24", "an RDP connection request", FromHex("030000130ee000000000000100080003000000"));

    public static Actor Smb { get; } = Payload("203.0.113.25", "an SMB negotiation", FromHex(
        "00000054ff534d4272000000001801280000000000000000000000000000a60700000000003100025043204e4554574f524b2050524f4752414d20312e3000024c414e4d414e312e300002" +
        "4e54204c4d20302e313200"));

    public static Actor Sip { get; } = Payload("203.0.113.26", "a SIP request",
        "OPTIONS sip:nm SIP/2.0\r\nVia: SIP/2.0/TCP nm;branch=foo\r\nFrom: <sip:nm@nm>;tag=root\r\nTo: <sip:nm2@nm2>\r\n" +
        "Call-ID: 50000\r\nCSeq: 42 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n");

    public static Actor Socks { get; } = Payload("203.0.113.34", "a SOCKS4 request", FromHex("040100507f00000100"));

    public static Actor Smuggler { get; } = Actor.Talk(new("203.0.113.27"), "a second message behind a bare line feed", 3, async s =>
    {
        await s.Hear();
        await s.Ask("EHLO smug.example");
        await s.Ask("MAIL FROM:<a@smug.example>");
        await s.Ask("RCPT TO:<alice@example.org>");
        await s.Ask("DATA");
        await s.Send("Subject: a\r\n\r\nhello\n.\nMAIL FROM:<admin@example.org>\r\nRCPT TO:<alice@example.org>\r\nDATA\r\nSubject: forged\r\n\r\nx\r\n.\r\n");
        await s.Hear();
        await s.Ask("QUIT");
    });

    public static Actor BareLineFeeds { get; } = Actor.Talk(new("203.0.113.35"), "ends its commands with bare line feeds", 3, async s =>
    {
        await s.Hear();
        await s.Send("EHLO bare.example\n");
        await s.Hear();
        await s.Send("MAIL FROM:<a@bare.example>\n");
        await s.Hear();
        await s.Send("QUIT\n");
        await s.Hear();
    });

    public static Actor PutsWordsInTheLog { get; } = Actor.Talk(new("203.0.113.32"), "names another address in MAIL FROM", 3, async s =>
    {
        await s.Hear();
        await s.Ask("EHLO x.example");
        await s.Ask("MAIL FROM:<\"[9.9.9.8]: 502 5.5.2\"@b.c>");
        await s.Ask("RCPT TO:<nobody@example.org>");
        await s.Ask("QUIT");
    });

    public static IReadOnlyList<Actor> All { get; } =
    [
        LoneDots, DeafLoneDots, SingleDot, LoneDotsV6, BlankLines, EarlyTalker, Pipeliner, Garbage, HangsUp,
        Ssh, Rdp, Smb, Sip, Socks, Smuggler, BareLineFeeds, PutsWordsInTheLog,
    ];

    public static Actor SendsBlankLines(int times) => Actor.Talk(new("203.0.113.13"), $"{times} sessions of two blank lines", times, async s =>
    {
        await s.Hear();
        await s.Send("\r\n\r\n");
        await s.Hear();
    });

    public static Actor TalksEarly(int times) => Actor.TalkAhead(
        new("203.0.113.14"), $"talks before the greeting, {times} times", times,
        "EHLO spam\r\nMAIL FROM:<x@y.example>\r\nRCPT TO:<alice@example.org>\r\nDATA\r\n", async s =>
    {
        await s.Hear();
        await s.Hear();
        await s.Hear();
        await s.Ask("QUIT");
    });

    // Most bots send before the greeting; some wait for it. Postfix shows the text of the former only.
    private static Actor Payload(string address, string does, string payload) =>
        new(new Host(address), does, async (me, ct) =>
        {
            for (var i = 0; i < 3; i++)
            {
                await Actor.TalkOnce(me, s => s.Hear(TimeSpan.FromSeconds(4)), me.LatePort, ct, payload);
            }

            await Actor.TalkOnce(me, async s =>
            {
                await s.Hear();
                await s.Send(payload);
                await s.Hear(TimeSpan.FromSeconds(4));
            }, 25, ct);
        });

    private static string FromHex(string hex) =>
        string.Concat(hex.Chunk(2).Select(pair => (char)byte.Parse(pair, NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
}
