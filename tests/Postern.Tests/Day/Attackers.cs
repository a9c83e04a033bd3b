namespace Postern.Tests.Day;

/// <summary>Attackers of all kinds, each of which an operator would want banned within the day.</summary>
internal static class Attackers
{
    private const string Unknown = "550 5.1.1 <{0}>: Recipient address rejected: User unknown in virtual mailbox table";
    private static readonly string[] s_names = ["info", "admin", "sales", "test", "root", "postmaster", "office", "contact", "support", "mail", "billing", "user"];

    /// <summary>The parts, with how many play each: 300.</summary>
    public static void Cast(DayLog day)
    {
        day.Cast("lone dots in a burst", 30, false, _ => day.Bot(), (d, c) => Burst(d, c, d.Random.Next(14, 60), 8, Dot));
        day.Cast("three lone dots each four minutes", 12, false, _ => day.Bot(), (d, c) => AllDay(d, c, 240, 3, Dot));
        day.Cast("a lone dot each five minutes", 8, false, _ => day.Bot(), (d, c) => AllDay(d, c, 300, 1, Dot));
        day.Cast("random words", 15, false, _ => day.Bot(), (d, c) => Burst(d, c, d.Random.Next(14, 40), 15, Words));
        day.Cast("blank lines", 10, false, _ => day.Bot(), (d, c) => Burst(d, c, 30, 10, Blanks));
        day.Cast("password guesser in haste", 40, false, _ => day.Bot(), (d, c) => Burst(d, c, d.Random.Next(12, 60), 5, Guess));
        day.Cast("password guesser who tries a name once", 10, false, _ => day.Bot(), (d, c) => Burst(d, c, 40, 12, GuessOnce));
        day.Cast("slow password guesser", 25, false, _ => day.Bot(), (d, c) => AllDay(d, c, d.Pick(240, 360, 480, 720), 1, GuessOnce));
        day.Cast("password guesser of a subnet", 10, false, i => Subnet(250, i), (d, c) => AllDay(d, c, 900, 1, GuessOnce));
        day.Cast("guesser where no login is offered", 10, false, _ => day.Bot(), (d, c) => Burst(d, c, 60, 5, GuessInVain));
        day.Cast("address harvester", 20, false, _ => day.Bot(), (d, c) => Burst(d, c, d.Random.Next(4, 20), 20, Harvest));
        day.Cast("address harvester by VRFY", 5, false, _ => day.Bot(), (d, c) => Burst(d, c, 12, 20, Verify));
        day.Cast("relay probe", 25, false, _ => day.Bot(), (d, c) => Burst(d, c, d.Random.Next(14, 30), 12, Relay));
        day.Cast("spam bot on a DNS list", 25, false, _ => day.Bot(), (d, c) => Burst(d, c, d.Random.Next(14, 60), 15, Listed));
        day.Cast("TLS scanner", 8, false, _ => day.Bot(), TlsScan);
        day.Cast("HTTP requests", 8, false, _ => day.Bot(), (d, c) => Burst(d, c, 16, 10, Http));
        day.Cast("other protocols", 7, false, _ => day.Bot(), (d, c) => Burst(d, c, 16, 10, Foreign));
        day.Cast("early talker", 8, false, _ => day.Bot(), (d, c) => Burst(d, c, 40, 8, Early));
        day.Cast("sender ahead of its turn", 4, false, _ => day.Bot(), (d, c) => Burst(d, c, 40, 8, Ahead));
        day.Cast("forger of our own name", 10, false, _ => day.Bot() with { Helo = "mx.example.org" }, (d, c) => Burst(d, c, 20, 20, Forge));
        day.Cast("blind spam bot", 10, false, _ => day.Bot(), (d, c) => Burst(d, c, 20, 15, Blind));
    }

    private static Client Subnet(int third, int i) => new($"251.7.{third}.{30 + i}", "unknown", $"pc-{i}");

    private static void Burst(DayLog day, Client client, int times, double pause, Action<DayLog, Client, double, int> session)
    {
        var at = day.Random.NextDouble() * 82000;
        for (var i = 0; i < times; i++, at += pause * (0.5 + day.Random.NextDouble()))
        {
            session(day, client, at, i);
        }
    }

    private static void AllDay(DayLog day, Client client, double pause, int times, Action<DayLog, Client, double, int> session)
    {
        var n = 0;
        for (var at = day.Random.NextDouble() * pause; at < 86000; at += pause)
        {
            for (var i = 0; i < times; i++)
            {
                session(day, client, at + (i * 2), n++);
            }
        }
    }

    private static void Dot(DayLog day, Client client, double at, int i)
    {
        var session = day.Open(client, at).Count("unknown", isGood: false);
        if (day.Release.EndsAtBogus)
        {
            session.Say($"warning: non-SMTP command from {client.At}: .").HungUp();
        }
        else
        {
            session.Lost("UNKNOWN");
        }
    }

    private static void Words(DayLog day, Client client, double at, int i) => day.Open(client, at).Count("unknown", isGood: false, times: 3).Lost("UNKNOWN");

    // The transcript alone tells of them before 3.7.17; there a bot of this kind sends words, too.
    private static void Blanks(DayLog day, Client client, double at, int i)
    {
        var session = day.Open(client, at);
        session = day.Release.CountsBlankLines ? session.Count("unknown", isGood: false, times: 4) : session.Count("unknown", isGood: false);
        session.Lost("UNKNOWN");
    }

    private static void Guess(DayLog day, Client client, double at, int i)
    {
        var session = day.Open(client, at).Ehlo();
        for (var tries = 0; tries < 3; tries++)
        {
            session.FailLogin($"{s_names[(i + tries) % s_names.Length]}@example.org");
        }

        session.Lost("AUTH");
    }

    private static void GuessOnce(DayLog day, Client client, double at, int i) =>
        day.Open(client, at, "submission/smtpd").Ehlo().FailLogin($"{s_names[i % s_names.Length]}@example.org").Lost("AUTH");

    private static void GuessInVain(DayLog day, Client client, double at, int i) => day.Open(client, at).Ehlo().Count("auth", isGood: false).Quit();

    private static void Harvest(DayLog day, Client client, double at, int i)
    {
        var session = day.Open(client, at).Ehlo().Count("mail");
        for (var n = 0; n < 8; n++)
        {
            var to = $"{s_names[(i + n) % s_names.Length]}{i}{n}@example.org";
            session.Count("rcpt", isGood: false).Reject("RCPT", Text(to), "a@b.example", to);
        }

        session.Count("rset").Quit();
    }

    private static void Verify(DayLog day, Client client, double at, int i)
    {
        var session = day.Open(client, at).Ehlo();
        for (var n = 0; n < 5; n++)
        {
            var to = $"{s_names[(i + n) % s_names.Length]}{i}{n}";
            session.Count("vrfy", isGood: false).Say($"NOQUEUE: reject: VRFY from {client.At}: {Text(to)}; to=<{to}> proto=SMTP helo=<{client.Helo}>");
        }

        session.Quit();
    }

    private static void Relay(DayLog day, Client client, double at, int i) =>
        day.Open(client, at).Ehlo().Refuse("spameri@tiscali.example", $"victim{i}@elsewhere.example", $"554 5.7.1 <victim{i}@elsewhere.example>: Relay access denied", pipelines: false).Quit();

    private static void Listed(DayLog day, Client client, double at, int i) =>
        day.Open(client, at).Ehlo().Refuse($"offer{i}@spam.example", $"{s_names[i % s_names.Length]}@example.org",
            $"554 5.7.1 Service unavailable; Client host [{client.Address}] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/{client.Address}").Quit();

    private static void TlsScan(DayLog day, Client client)
    {
        var at = day.Random.NextDouble() * 82000;
        for (var i = 0; i < 110; i++, at += 0.4)
        {
            if (i % 4 == 0)
            {
                day.Open(client, at).Ehlo().Count("starttls").Say($"Anonymous TLS connection established from {client.At}: TLSv1.2 with cipher {day.Pick("ECDHE-RSA-AES256-GCM-SHA384", "AES128-SHA", "DHE-RSA-AES128-SHA256")} (256/256 bits)").Lost("STARTTLS");
            }
            else
            {
                day.Open(client, at).Ehlo().FailTls(day.Pick("no shared cipher", "unsupported protocol", "wrong version number"), 40);
            }
        }
    }

    private static void Http(DayLog day, Client client, double at, int i)
    {
        var session = day.Open(client, at).Count("unknown", isGood: false);
        session.Say($"warning: non-SMTP command from {client.At}: {day.Pick("GET / HTTP/1.1", "POST /wp-login.php HTTP/1.1", "CONNECT mail.example:25 HTTP/1.1")}").HungUp();
    }

    private static void Foreign(DayLog day, Client client, double at, int i) =>
        day.Open(client, at).Say($"improper command pipelining after CONNECT from {client.At}: {day.Pick(@"SSH-2.0-Go\r\n", @"\003\000\000/*\340\000\000\000\000\000Cookie: mstshash=Administr\r\n\001\000\b\000\003\000\000\000", @"OPTIONS sip:nm SIP/2.0\r\n", @"@RSYNCD: 29\r\n")}").Lost("CONNECT");

    private static void Early(DayLog day, Client client, double at, int i) =>
        day.Open(client, at).Say($@"improper command pipelining after CONNECT from {client.At}: EHLO {client.Helo}\r\nMAIL FROM:<x{i}@spam.example>\r\n").Ehlo().Count("mail").Lost("MAIL");

    private static void Ahead(DayLog day, Client client, double at, int i) =>
        day.Open(client, at).Count("helo").Say($@"improper command pipelining after HELO from {client.At}: MAIL FROM:<x{i}@spam.example>\r\nRCPT TO:<info@example.org>\r\n").Count("mail").Lost("RCPT");

    private static void Forge(DayLog day, Client client, double at, int i) =>
        day.Open(client, at).Ehlo().Refuse($"ceo{i}@spam.example", $"{s_names[i % s_names.Length]}@example.org", $"550 5.7.1 <{client.Helo}>: Helo command rejected: You are not me").Quit();

    // Nobody of ten is known, and it sends its message as if all were.
    private static void Blind(DayLog day, Client client, double at, int i)
    {
        var session = day.Open(client, at).Ehlo().Count("mail");
        for (var n = 0; n < 5; n++)
        {
            var to = $"{s_names[(i + n) % s_names.Length]}-{i}{n}@example.org";
            session.Count("rcpt", isGood: false).Reject("RCPT", Text(to), "winner@spam.example", to);
        }

        session.Count("data", isGood: false).Count("unknown", isGood: false).Say($"warning: non-SMTP command from {client.At}: From: Prize <winner@spam.example>").HungUp();
    }

    private static string Text(string to) => Unknown.Replace("{0}", to, StringComparison.Ordinal);
}
