namespace Postern.Tests.Day;

/// <summary>Genuine mail servers: what they do on an ordinary day, with all the refusals that an ordinary day has.</summary>
internal static class Senders
{
    private const string Greylisted = "450 4.2.0 <{0}>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/example.org.html";
    private const string Unknown = "550 5.1.1 <{0}>: Recipient address rejected: User unknown in virtual mailbox table";

    /// <summary>The parts, with how many play each.</summary>
    public static void Cast(DayLog day)
    {
        day.Cast("ordinary sender", 470, true, _ => day.Server(), Ordinary);
        day.Cast("greylisted sender", 220, true, _ => day.Server(), Greylist);
        day.Cast("greylisted sender that retries each minute", 30, true, _ => day.Server(), (d, c) => Retry(d, c, 60, 12, "bob@example.org", Text(Greylisted, "bob@example.org")));
        day.Cast("greylisted sender with a queue", 20, true, _ => day.Server(), GreylistQueue);
        day.Cast("address of a large provider's pool", 120, true, day.Pool, PoolMember);
        day.Cast("newsletter", 130, true, _ => day.Server(), Newsletter);
        day.Cast("mailing list with stale recipients", 80, true, _ => day.Server(), StaleList);
        day.Cast("newsletter to nobody but dead addresses", 20, true, _ => day.Server(), DeadNewsletter);
        day.Cast("backup MX", 10, true, _ => day.Server(), BackupMx);
        day.Cast("forwarder", 60, true, _ => day.Server(), Forwarder);
        day.Cast("address verification", 40, true, _ => day.Server(), Callout);
        day.Cast("backscatter", 60, true, _ => day.Server(), Backscatter);
        day.Cast("sender with a typing error", 80, true, _ => day.Server(), Typo);
        day.Cast("sender to a full mailbox", 60, true, _ => day.Server(), (d, c) => Retry(d, c, d.Pick(60, 300, 600), 14, "full@example.org", "452 4.2.2 <full@example.org>: Recipient address rejected: Mailbox is full"));
        day.Cast("sender that fails DMARC", 50, true, _ => day.Server(), FailsDmarc);
        day.Cast("sender that fails SPF", 20, true, _ => day.Server(), FailsSpf);
        day.Cast("sender of large mail", 40, true, _ => day.Server(), TooLarge);
        day.Cast("sender whose mail is lost in transit", 20, true, _ => day.Server(), LostInTransit);
        day.Cast("sender with DNS trouble", 50, true, _ => day.Server() with { Name = "unknown" }, NoName);
        day.Cast("sender whose domain does not resolve for a while", 20, true, _ => day.Server(), NoDomain);
        day.Cast("sender above a rate limit", 20, true, _ => day.Server(), RateLimited);
    }

    private static void Ordinary(DayLog day, Client client)
    {
        for (var i = day.Random.Next(1, 9); i > 0; i--)
        {
            var session = Greet(day, client, day.Moment());
            for (var messages = day.Random.Next(1, 3); messages > 0; messages--)
            {
                session.Deliver($"person{i}@{client.Helo}", day.Pick("alice@example.org", "bob@example.org"));
            }

            session.Quit();
        }
    }

    private static void Greylist(DayLog day, Client client) =>
        Retry(day, client, day.Pick(120, 300, 301, 900), day.Pick(1, 2, 3), "carol@example.org", Text(Greylisted, "carol@example.org"));

    // The same message again and again, each time refused for a while, and taken in the end.
    private static void Retry(DayLog day, Client client, double pause, int times, string to, string reply)
    {
        var at = day.Moment(pause * (times + 2));
        for (var i = 0; i < times; i++, at += pause + day.Random.NextDouble())
        {
            Greet(day, client, at).Refuse($"news@{client.Helo}", to, reply).Quit();
        }

        Greet(day, client, at).Deliver($"news@{client.Helo}", to).Quit();
    }

    // Thirty messages of one queue run, all put off, all taken at the next one.
    private static void GreylistQueue(DayLog day, Client client)
    {
        var at = day.Moment();
        for (var run = 0; run < 2; run++)
        {
            for (var i = 0; i < 30; i++)
            {
                var session = Greet(day, client, at + (run * 420) + (i * 2));
                if (run == 0)
                {
                    session.Refuse($"list+{i}@{client.Helo}", $"user{i}@example.org", Text(Greylisted, $"user{i}@example.org")).Quit();
                }
                else
                {
                    session.Deliver($"list+{i}@{client.Helo}", $"user{i}@example.org").Quit();
                }
            }
        }
    }

    // Each try comes from another address of the pool: one is put off, a later one delivers.
    private static void PoolMember(DayLog day, Client client)
    {
        for (var i = day.Random.Next(4, 16); i > 0; i--)
        {
            var session = Greet(day, client, day.Moment());
            _ = day.Random.Next(10) switch
            {
                0 or 1 => session.Refuse("someone@large.example", "dave@example.org", Text(Greylisted, "dave@example.org")).Quit(),
                2 => session.Refuse("someone@large.example", $"old{day.Random.Next(40)}@example.org", Text(Unknown, "old@example.org")).Quit(),
                3 => session.Count("mail").Count("rcpt").Count("bdat", isGood: false).Lost("BDAT"),
                4 => session.Count("noop").Count("rset").Quit(),
                _ => session.Deliver("someone@large.example", "erin@example.org").Quit(),
            };
        }
    }

    private static void Newsletter(DayLog day, Client client)
    {
        var at = day.Moment();
        for (var i = day.Random.Next(8, 40); i > 0; i--, at += 1 + (day.Random.NextDouble() * 9))
        {
            var session = Greet(day, client, at);
            if (day.Random.Next(12) == 0)
            {
                session.Refuse($"bounce-{i}@{client.Helo}", $"gone{i}@example.org", Text(Unknown, $"gone{i}@example.org")).Quit();
            }
            else
            {
                session.Deliver($"bounce-{i}@{client.Helo}", $"reader{i}@example.org").Quit();
            }
        }
    }

    // A list of which a third left years ago: dead recipients among live ones, in one session and in sessions of their own.
    private static void StaleList(DayLog day, Client client)
    {
        for (var post = day.Random.Next(1, 4); post > 0; post--)
        {
            var at = day.Moment();
            for (var i = 0; i < 12; i++, at += 2 + (day.Random.NextDouble() * 20))
            {
                var session = Greet(day, client, at);
                var from = $"list-bounces+{i}@{client.Helo}";
                if (i % 3 == 0)
                {
                    session.Count("mail").Count("rcpt", isGood: false, times: 2)
                        .Reject("RCPT", Text(Unknown, $"left{i}@example.org"), from, $"left{i}@example.org")
                        .Reject("RCPT", Text(Unknown, $"retired{i}@example.org"), from, $"retired{i}@example.org").Deliver(from, $"member{i}@example.org", 6).Quit();
                }
                else
                {
                    session.Deliver(from, $"member{i}@example.org", 8).Quit();
                }
            }
        }
    }

    // Three people who have left still get four newsletters a day, with no live reader among them.
    private static void DeadNewsletter(DayLog day, Client client)
    {
        for (var issue = 0; issue < 4; issue++)
        {
            var at = day.Moment();
            for (var i = 0; i < 3; i++, at += 4)
            {
                Greet(day, client, at).Refuse($"news@{client.Helo}", $"left{i}@example.org", Text(Unknown, $"left{i}@example.org")).Quit();
            }
        }
    }

    // It takes everything for us and hands it on: a third is for nobody, some is spam.
    private static void BackupMx(DayLog day, Client client)
    {
        var at = 600.0;
        for (var i = 0; i < 200; i++, at += 30 + (day.Random.NextDouble() * 700))
        {
            var session = Greet(day, client, at);
            for (var message = day.Random.Next(1, 4); message > 0; message--)
            {
                _ = day.Random.Next(6) switch
                {
                    0 or 1 => session.Refuse("spammer@somewhere.example", $"guess{day.Random.Next(400)}@example.org", Text(Unknown, "guess@example.org")),
                    2 => session.RefuseContent("spammer@somewhere.example", "bob@example.org", "5.7.1 Spam message rejected"),
                    _ => session.Deliver("person@somewhere.example", "alice@example.org"),
                };
            }

            session.Quit();
        }
    }

    private static void Forwarder(DayLog day, Client client)
    {
        for (var i = day.Random.Next(6, 30); i > 0; i--)
        {
            var session = Greet(day, client, day.Moment());
            _ = day.Random.Next(5) switch
            {
                0 => session.RefuseContent($"srs0={i}@{client.Helo}", "bob@example.org", "5.7.1 Spam message rejected").Quit(),
                1 => session.RefuseContent($"shop{i}@shop.example", "bob@example.org", "5.7.1 rejected by DMARC policy for shop.example").Quit(),
                _ => session.Deliver($"srs0={i}@{client.Helo}", "bob@example.org").Quit(),
            };
        }
    }

    // It asks whether senders exist that spammers made up: some do, some do not, and it never brings a message.
    private static void Callout(DayLog day, Client client)
    {
        for (var i = day.Random.Next(2, 9); i > 0; i--)
        {
            var session = day.Open(client, day.Moment()).Ehlo();
            if (i % 2 == 0)
            {
                session.Count("mail").Count("rcpt", isGood: false).Reject("RCPT", Text(Unknown, $"forged{i}@example.org"), "", $"forged{i}@example.org");
            }
            else
            {
                session.Count("mail").Count("rcpt");
            }

            session.Count("rset").Quit();
        }
    }

    private static void Backscatter(DayLog day, Client client)
    {
        for (var i = day.Random.Next(1, 4); i > 0; i--)
        {
            Greet(day, client, day.Moment()).Refuse("", $"forged{day.Random.Next(900)}@example.org", Text(Unknown, "forged@example.org")).Quit();
        }
    }

    private static void Typo(DayLog day, Client client)
    {
        Ordinary(day, client);
        for (var i = day.Random.Next(1, 3); i > 0; i--)
        {
            Greet(day, client, day.Moment()).Refuse($"person@{client.Helo}", "alcie@example.org", Text(Unknown, "alcie@example.org")).Quit();
        }
    }

    private static void FailsDmarc(DayLog day, Client client)
    {
        var at = day.Moment();
        for (var i = day.Random.Next(2, 16); i > 0; i--, at += 5 + (day.Random.NextDouble() * 90))
        {
            Greet(day, client, at).RefuseContent($"person{i}@{client.Helo}", "alice@example.org", $"5.7.1 rejected by DMARC policy for {client.Helo}").Quit();
        }
    }

    private static void FailsSpf(DayLog day, Client client)
    {
        var at = day.Moment();
        for (var i = day.Random.Next(2, 16); i > 0; i--, at += 5 + (day.Random.NextDouble() * 90))
        {
            Greet(day, client, at).Refuse($"person{i}@{client.Helo}", "alice@example.org", $"550 5.7.23 <alice@example.org>: Recipient address rejected: Message rejected due to: SPF fail - not authorized. Please see http://www.openspf.net/Why?s=mfrom;id=person@{client.Helo};ip={client.Address};r=<UNKNOWN>").Quit();
        }
    }

    private static void TooLarge(DayLog day, Client client)
    {
        Ordinary(day, client);
        var at = day.Moment();
        for (var i = 0; i < 3; i++, at += 60 + day.Random.Next(300))
        {
            Greet(day, client, at).Count("mail", isGood: false).Reject("MAIL", "552 5.3.4 Message size exceeds fixed limit", $"person@{client.Helo}").Quit();
        }
    }

    private static void LostInTransit(DayLog day, Client client)
    {
        var at = day.Moment(16 * 300);
        for (var i = 0; i < 16; i++, at += 300)
        {
            Greet(day, client, at).Count("mail").Count("rcpt").Say($"{day.QueueId()}: client={client.At}").Count("data").Wait(20).Lost("DATA (24411 bytes)");
        }
    }

    private static void NoName(DayLog day, Client client) =>
        Retry(day, client, day.Pick(60, 300), 14, "alice@example.org", $"450 4.7.25 Client host rejected: cannot find your hostname, [{client.Address}]");

    private static void NoDomain(DayLog day, Client client) =>
        Retry(day, client, day.Pick(60, 300), 14, "alice@example.org", $"450 4.1.8 <news@{client.Helo}>: Sender address rejected: Domain not found");

    private static void RateLimited(DayLog day, Client client)
    {
        var at = day.Moment();
        for (var i = 0; i < 40; i++, at += 3)
        {
            if (i % 4 != 3)
            {
                Greet(day, client, at).Deliver($"bulk{i}@{client.Helo}", $"reader{i}@example.org").Quit();
            }
            else
            {
                day.Open(client, at).Say($"warning: Connection rate limit exceeded: {30 + i} from {client.At} for service smtp").HungUp();
            }
        }
    }

    private static Session Greet(DayLog day, Client client, double at)
    {
        var session = day.Open(client, at).Ehlo();
        return day.Random.Next(5) == 0 ? session : session.Tls();
    }

    private static string Text(string form, string to) => form.Replace("{0}", to, StringComparison.Ordinal);
}
