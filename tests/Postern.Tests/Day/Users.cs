namespace Postern.Tests.Day;

/// <summary>Genuine users, devices and applications, and those who look whether the server is up.</summary>
internal static class Users
{
    private const string Submission = "submission/smtpd";

    /// <summary>The parts, with how many play each.</summary>
    public static void Cast(DayLog day)
    {
        day.Cast("user", 60, true, _ => day.Home(), User);
        day.Cast("roaming user", 90, true, _ => day.Home(), Roaming);
        day.Cast("home with one old password", 40, true, _ => day.Home(), OldPassword);
        day.Cast("phone whose password was changed this morning", 20, true, _ => day.Home(), ChangedPassword);
        day.Cast("device of somebody who has left", 10, true, _ => day.Home(), FewFailures);
        day.Cast("user on the plain port with TLS", 15, true, _ => day.Home(), TlsOnPlainPort);
        day.Cast("printer without login", 20, true, _ => day.Home(), Printer);
        day.Cast("application that greets as localhost", 10, true, _ => day.Server(), Localhost);
        day.Cast("application that sends bare line feeds", 10, true, _ => day.Server(), BareLineFeeds);
        day.Cast("company behind one address", 5, true, _ => day.Home(), Company);
        day.Cast("sender with wrong TLS", 30, true, _ => day.Server(), WrongTls);
        day.Cast("sender that goes on after a refusal", 20, true, _ => day.Server(), GoesOn);
        day.Cast("monitor", 20, true, _ => day.Server(), Monitor);
        day.Cast("port check", 10, true, _ => day.Server(), PortCheck);
        day.Cast("monitor with STARTTLS", 10, true, _ => day.Server(), TlsMonitor);
        day.Cast("load balancer's health check", 4, true, _ => day.Server(), HealthCheck);
        day.Cast("one who connects and leaves", 6, true, _ => day.Home(), Leaves);
    }

    private static void User(DayLog day, Client client)
    {
        for (var i = day.Random.Next(1, 8); i > 0; i--)
        {
            Submit(day, client, day.Moment()).Login(Name(client)).Quit();
        }
    }

    // At home, on the way and at work: here one of the places, where the password is mistyped now and then.
    private static void Roaming(DayLog day, Client client)
    {
        var at = day.Moment();
        if (day.Random.Next(3) == 0)
        {
            Submit(day, client, at).FailLogin(Name(client), "PLAIN").Quit();
        }

        for (var i = day.Random.Next(1, 4); i > 0; i--)
        {
            Submit(day, client, at += 40 + day.Random.Next(900)).Login(Name(client)).Quit();
        }
    }

    // The telephone in the drawer asks with the old password each five minutes; the laptop beside it sends mail.
    private static void OldPassword(DayLog day, Client client)
    {
        for (var at = 60.0 * day.Random.Next(1, 5); at < 86400; at += 300 + day.Random.Next(20))
        {
            Submit(day, client, at).FailLogin(Name(client), "PLAIN").Lost("AUTH");
        }

        for (var at = 1800.0 + day.Random.Next(1800); at < 86000; at += 3600 + day.Random.Next(3600))
        {
            Submit(day, client, at).Login("laptop-" + Name(client)).Quit();
        }
    }

    // It worked until nine; then each quarter of an hour in vain, and five times when its owner looks; right again in the evening.
    private static void ChangedPassword(DayLog day, Client client)
    {
        for (var at = 6.5 * 3600; at < 9 * 3600; at += 1800)
        {
            Submit(day, client, at + day.Random.Next(300)).Login(Name(client)).Quit();
        }

        for (var at = 9.0 * 3600; at < 18 * 3600; at += 900)
        {
            Submit(day, client, at + day.Random.Next(60)).FailLogin(Name(client), "PLAIN").Quit();
        }

        for (var i = 0; i < 5; i++)
        {
            Submit(day, client, (18 * 3600) + (i * 25)).FailLogin(Name(client), "PLAIN").Quit();
        }

        Submit(day, client, 18.1 * 3600).Login(Name(client)).Quit();
    }

    private static void FewFailures(DayLog day, Client client)
    {
        for (var i = 0; i < 4; i++)
        {
            Submit(day, client, day.Moment()).FailLogin(Name(client), "PLAIN").Quit();
        }
    }

    // A telephone sets up an account: it tries TLS from the first byte, and then as it should.
    private static void TlsOnPlainPort(DayLog day, Client client)
    {
        var at = day.Moment();
        for (var i = 0; i < 3; i++, at += 4)
        {
            var session = day.Open(client, at, Submission);
            if (day.Release.EndsAtBogus)
            {
                session.Count("unknown", isGood: false).Say($@"warning: non-SMTP command from {client.At}: \026\003\001\002\000\001\000\001\374\003\003").HungUp();
            }
            else
            {
                session.Say($@"improper command pipelining after CONNECT from {client.At}: \026\003\001\002\000\001\000\001\374\003\003").Lost("CONNECT");
            }
        }

        Submit(day, client, at + 5).Login(Name(client)).Quit();
    }

    // Scan to mail, as it was set up when the server still let it: refused three times for each page.
    private static void Printer(DayLog day, Client client)
    {
        for (var page = day.Random.Next(1, 5); page > 0; page--)
        {
            var at = day.Moment();
            for (var i = 0; i < 3; i++, at += 20)
            {
                var session = day.Open(client, at, Submission).Ehlo();
                _ = day.Random.Next(3) switch
                {
                    0 => session.Count("auth", isGood: false).Quit(),
                    1 => session.Refuse("scanner@example.org", "boss@customer.example", "554 5.7.1 <boss@customer.example>: Relay access denied", pipelines: false).Quit(),
                    _ => session.FailTls("unsupported protocol", 70),
                };
            }
        }
    }

    // One message of a web application, tried again each minute; it says localhost for it knows no other name.
    private static void Localhost(DayLog day, Client client)
    {
        var local = client with { Helo = "localhost" };
        var at = day.Moment();
        for (var i = 0; i < 14; i++, at += 60)
        {
            day.Open(local, at).Ehlo().Refuse("wordpress@shop.example", "owner@example.org", "504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname").Quit();
        }
    }

    private static void BareLineFeeds(DayLog day, Client client)
    {
        var at = day.Moment();
        for (var i = 0; i < 12; i++, at += 90)
        {
            var session = day.Open(client, at).Ehlo().Count("mail").Count("rcpt");
            var id = day.QueueId();
            session.Say($"{id}: client={client.At}").Count("data", isGood: false)
                .Reject("DATA", "521 5.5.2 mx.example.org Error: bare <LF> received", $"app@{client.Helo}", "owner@example.org", id: id).HungUp();
        }
    }

    // Forty people, of whom some mistype, one has an old password, and a printer fails at TLS.
    private static void Company(DayLog day, Client client)
    {
        for (var i = 0; i < 150; i++)
        {
            var session = Submit(day, client, day.Moment());
            var user = $"user{day.Random.Next(40)}@example.org";
            _ = day.Random.Next(15) switch
            {
                0 => session.FailLogin(user).Quit(),
                _ => session.Login(user).Quit(),
            };
        }

        for (var i = 0; i < 20; i++)
        {
            day.Open(client, day.Moment(), Submission).Ehlo().FailTls("unsupported protocol", 70);
        }
    }

    // A queue of many messages meets our certificate, which the sender does not trust; it tries plain text for some.
    private static void WrongTls(DayLog day, Client client)
    {
        var at = day.Moment();
        for (var i = day.Random.Next(4, 40); i > 0; i--, at += 3 + day.Random.Next(60))
        {
            day.Open(client, at).Ehlo().FailTls();
            if (i % 5 == 0)
            {
                day.Open(client, at + 1).Ehlo().Deliver($"person@{client.Helo}", "alice@example.org").Quit();
            }
        }
    }

    // A sender with a bug: its recipient is refused, and it sends its message all the same.
    private static void GoesOn(DayLog day, Client client)
    {
        var at = day.Moment();
        for (var i = day.Random.Next(1, 6); i > 0; i--, at += 300)
        {
            day.Open(client, at).Ehlo().Refuse($"news@{client.Helo}", "gone@example.org", "550 5.1.1 <gone@example.org>: Recipient address rejected: User unknown in local recipient table")
                .Count("unknown", isGood: false).Say($"warning: non-SMTP command from {client.At}: Subject: Your invoice").HungUp();
        }
    }

    private static void Monitor(DayLog day, Client client)
    {
        var pause = day.Pick(60, 120, 300);
        for (double at = day.Random.Next(pause); at < 86400; at += pause)
        {
            day.Open(client, at).Ehlo().Quit();
        }
    }

    private static void PortCheck(DayLog day, Client client)
    {
        var pause = day.Pick(30, 60, 300);
        for (double at = day.Random.Next(pause); at < 86400; at += pause)
        {
            day.Open(client, at).Lost("CONNECT");
        }
    }

    // check_smtp and its kin leave a TLS alert behind their QUIT.
    private static void TlsMonitor(DayLog day, Client client)
    {
        for (double at = day.Random.Next(300); at < 86400; at += 300)
        {
            day.Open(client, at).Ehlo().Tls().Count("quit")
                .Say($@"improper command pipelining after QUIT from {client.At}: \025\003\003\000\032").Say($"disconnect from {client.At} ehlo=2 starttls=1 quit=1 commands=4");
        }
    }

    private static void HealthCheck(DayLog day, Client client)
    {
        for (double at = day.Random.Next(10); at < 86400; at += 10)
        {
            day.Open(client with { Helo = "localhost" }, at).Count("helo").Quit();
        }
    }

    private static void Leaves(DayLog day, Client client)
    {
        for (var i = day.Random.Next(1, 12); i > 0; i--)
        {
            day.Open(client, day.Moment()).Lost("CONNECT");
        }
    }

    private static Session Submit(DayLog day, Client client, double at) => day.Open(client, at, Submission).Ehlo().Tls();

    private static string Name(Client client) => $"user-{client.Address.Replace('.', '-')}@example.org";
}
