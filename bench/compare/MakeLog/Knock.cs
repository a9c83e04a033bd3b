namespace MakeLog;

/// <summary>What a bad client does in each of its sessions.</summary>
internal enum Habit
{
    /// <summary>A line with a lone dot.</summary>
    LoneDot,
    /// <summary>A handshake with every version and cipher in turn.</summary>
    TlsScan,
    /// <summary>Passwords.</summary>
    Passwords,
    /// <summary>Relaying.</summary>
    Relay,
    /// <summary>Recipients that do not exist.</summary>
    Users,
    /// <summary>Commands sent ahead.</summary>
    Pipelining,
    /// <summary>Leaves without a word.</summary>
    Hangup,
    /// <summary>An HTTP request.</summary>
    Http,
    /// <summary>A TLS hello where plain text belongs.</summary>
    TlsHello,
    /// <summary>A listed sender of unwanted mail.</summary>
    Listed,
    /// <summary>Nonsense until Postfix has enough.</summary>
    Nonsense,
    /// <summary>A greeting that cannot be true.</summary>
    Helo,
    /// <summary>EHLO and QUIT.</summary>
    Probe,
}

/// <summary>
/// The lines of one session of a bad client, in the words of Postfix 3.7 (smtpd.c, smtpd_check.c, smtpd_sasl_glue.c,
/// tls_server.c), with OpenSSL 3.0's reasons.
/// </summary>
internal sealed class Knock(MailServer server)
{
    private const long Ms = 1_000;

    private static readonly string[] s_tlsProblems =
    [
        "error:0A0000C1:SSL routines::no shared cipher:../ssl/statem/statem_srvr.c:2226:",
        "error:0A0000C1:SSL routines::no shared cipher:../ssl/statem/statem_srvr.c:2226:",
        "error:0A000065:SSL routines::no suitable key share:../ssl/statem/extensions.c:1362:",
        "error:0A00018C:SSL routines::version too low:../ssl/statem/statem_srvr.c:1664:",
        "error:0A000102:SSL routines::unsupported protocol:../ssl/statem/statem_srvr.c:1664:",
        "error:0A00010B:SSL routines::wrong version number:../ssl/record/ssl3_record.c:321:",
        "error:0A0000F5:SSL routines::unexpected record:../ssl/record/rec_layer_s3.c:1758:",
    ];

    private readonly Dice _dice = server.Dice;

    /// <summary>How many lines a session of the habit has, about.</summary>
    public static double Lines(Habit habit) => habit switch
    {
        Habit.Hangup => 3,
        Habit.Probe => 2,
        Habit.LoneDot => 3,
        Habit.Http => 3.5,
        Habit.Passwords or Habit.TlsScan => 4.8,
        Habit.Users => 5.5,
        Habit.TlsHello => 4,
        Habit.Pipelining => 4,
        _ => 3.2,
    };

    /// <summary>Tells a session.</summary>
    public void Tell(Peer peer, Habit habit, long time)
    {
        var atSubmission = habit == Habit.Passwords && _dice.Percent(40);
        var worker = (atSubmission ? server.Submission : server.Smtpd).Take(time);
        var say = new Teller(server.Log, worker.Tag, time);
        say.Say(0, $"connect from {peer.Shown}");
        switch (habit)
        {
            case Habit.LoneDot:
                say.Say(90 * Ms, $"warning: non-SMTP command from {peer.Shown}: .");
                Bye(ref say, peer, "unknown=0/1 commands=0/1");
                break;
            case Habit.TlsScan:
                Handshake(ref say, peer);
                break;
            case Habit.Passwords:
                Passwords(ref say, peer);
                break;
            case Habit.Relay:
                var target = $"{server.Person()}{_dice.Between(1, 999)}@{server.Peers.Domain()}";
                Refuse(ref say, peer, _dice.Percent(70) ? "454 4.7.1" : "554 5.7.1", $"<{target}>: Relay access denied", target);
                Bye(ref say, peer, "ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4");
                break;
            case Habit.Users:
                Users(ref say, peer);
                break;
            case Habit.Pipelining:
                say.Say(100 * Ms, $"improper command pipelining after CONNECT from {peer.Shown}: EHLO {peer.Helo}\\r\\nMAIL FROM:<{server.Person()}@{peer.Domain}>\\r\\nRCPT TO:<{server.Recipient()}>\\r\\nDATA\\r\\n");
                Lost(ref say, peer, "DATA");
                Bye(ref say, peer, "ehlo=1 mail=1 rcpt=0/1 data=0/1 commands=2/4");
                break;
            case Habit.Hangup:
                Lost(ref say, peer, "CONNECT");
                Bye(ref say, peer, "commands=0/0");
                break;
            case Habit.Http:
                var request = _dice.Pick<string>(["GET / HTTP/1.1", "GET / HTTP/1.0", "POST /cgi-bin/luci HTTP/1.1", "CONNECT example.com:443 HTTP/1.1", "GET /favicon.ico HTTP/1.1"]);
                if (_dice.Percent(50))
                {
                    say.Say(60 * Ms, $"improper command pipelining after CONNECT from {peer.Shown}: {request}\\r\\nHost: 192.0.2.25:25\\r\\nUser-Agent: curl/7.88.1\\r\\nAccept: */*\\r\\n\\r\\n");
                }

                say.Say(60 * Ms, $"warning: non-SMTP command from {peer.Shown}: {request}");
                Bye(ref say, peer, "unknown=0/1 commands=0/1");
                break;
            case Habit.TlsHello:
                say.Say(1 * Ms, $"improper command pipelining after CONNECT from {peer.Shown}: \\026\\003\\001\\002\\000\\001\\000\\001\\374\\003\\003{Octal()}");
                Lost(ref say, peer, "CONNECT");
                Bye(ref say, peer, "commands=0/0");
                break;
            case Habit.Listed:
                Refuse(ref say, peer, "554 5.7.1", $"Service unavailable; Client host [{peer.Address}] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/{peer.Address}", server.Recipient());
                Bye(ref say, peer, "ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4");
                break;
            case Habit.Nonsense:
                say.Say(20_000 * Ms, $"too many errors after UNKNOWN from {peer.Shown}");
                Bye(ref say, peer, "ehlo=1 unknown=0/20 commands=1/21");
                break;
            case Habit.Helo:
                Refuse(ref say, peer, "504 5.5.2", $"<{peer.Helo}>: Helo command rejected: need fully-qualified hostname", server.Recipient());
                Bye(ref say, peer, "ehlo=1 mail=1 rcpt=0/1 commands=2/3");
                break;
            case Habit.Probe:
                Bye(ref say, peer, "ehlo=1 quit=1 commands=2");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(habit), habit, "not a habit");
        }

        worker.Release(say.Time);
    }

    private void Handshake(ref Teller say, Peer peer)
    {
        if (_dice.Percent(25))
        {
            say.Say(40 * Ms, $"Anonymous TLS connection established from {peer.Shown}: TLSv1.2 with cipher {_dice.Pick<string>(["ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits)", "ECDHE-RSA-CHACHA20-POLY1305 (256/256 bits)", "AES128-SHA (128/128 bits)"])}");
            Lost(ref say, peer, "STARTTLS");
            Bye(ref say, peer, "ehlo=1 starttls=1 commands=2");
            return;
        }

        var hungUp = _dice.Percent(40);
        say.Say(40 * Ms, $"SSL_accept error from {peer.Shown}: {(hungUp ? _dice.Pick<string>(["lost connection", "Connection reset by peer"]) : "-1")}");
        if (!hungUp)
        {
            say.Say(10, $"warning: TLS library problem: {_dice.Pick<string>(s_tlsProblems)}");
        }

        say.Say(10, $"lost connection after STARTTLS from {peer.Shown}");
        Bye(ref say, peer, "ehlo=1 starttls=0/1 commands=1/2");
    }

    private void Passwords(ref Teller say, Peer peer)
    {
        var tries = _dice.Between(1, 4);
        for (var i = 0; i < tries; i++)
        {
            var user = _dice.Percent(50) ? server.Recipient() : server.Person();
            say.Say(_dice.Between(700, 2_500) * Ms, $"warning: {peer.Shown}: SASL LOGIN authentication failed: {(_dice.Percent(50) ? "UGFzc3dvcmQ6" : "authentication failure")}, sasl_username={user}");
        }

        Lost(ref say, peer, "AUTH");
        Bye(ref say, peer, $"ehlo=1 auth=0/{tries} commands=1/{tries + 1}");
    }

    private void Users(ref Teller say, Peer peer)
    {
        var tries = _dice.Percent(5) ? 20 : _dice.Between(1, 5);
        for (var i = 0; i < tries; i++)
        {
            var user = $"{server.Person()}.{server.Person()}{_dice.Between(1, 99)}@example.com";
            Refuse(ref say, peer, "550 5.1.1", $"<{user}>: Recipient address rejected: User unknown in virtual mailbox table", user);
        }

        if (tries == 20)
        {
            say.Say(Ms, $"too many errors after RCPT from {peer.Shown}");
        }

        Bye(ref say, peer, $"ehlo=1 mail=1 rcpt=0/{tries} commands=2/{tries + 2}");
    }

    private void Refuse(ref Teller say, Peer peer, string code, string reason, string to) =>
        say.Say(_dice.Between(80, 700) * Ms, $"NOQUEUE: reject: RCPT from {peer.Shown}: {code} {reason}; from=<{server.Person()}@{peer.Domain}> to=<{to}> proto=ESMTP helo=<{peer.Helo}>");

    private void Lost(ref Teller say, Peer peer, string stage) =>
        say.Say(_dice.Between(20, 2_000) * Ms, $"lost connection after {stage} from {peer.Shown}");

    private static void Bye(ref Teller say, Peer peer, string counts) => say.Say(15, $"disconnect from {peer.Shown} {counts}");

    private string Octal()
    {
        var (text, bits) = ("", _dice.Bits());
        for (var i = 0; i < 8; i++, bits >>= 8)
        {
            text += $"\\{(char)('0' + ((bits >> 6) & 3))}{(char)('0' + ((bits >> 3) & 7))}{(char)('0' + (bits & 7))}";
        }

        return text;
    }
}
