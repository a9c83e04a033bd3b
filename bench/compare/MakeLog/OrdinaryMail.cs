namespace MakeLog;

/// <summary>The nine tenths of a mail server's log that nobody need look at.</summary>
internal sealed class OrdinaryMail
{
    private const long Ms = 1_000;
    private readonly MailServer _server;
    private readonly Dice _dice;
    private readonly Peer[] _senders;
    private readonly Peer[] _people;
    private readonly Peer _monitor = new("monitor.example.com", "192.0.2.9", "monitor.example.com", "example.com");

    /// <summary>Draws the hosts that this server knows.</summary>
    public OrdinaryMail(MailServer server)
    {
        _server = server;
        _dice = server.Dice;
        _senders = [.. Enumerable.Range(0, 6_000).Select(_ => server.Peers.MailServer())];
        _people = [.. Enumerable.Range(0, 400).Select(_ => server.Peers.Device())];
    }

    /// <summary>One session or job that begins at that time, with all that follows from it.</summary>
    public void Tell(long time)
    {
        var share = _dice.Share() * 100;
        if (share < 72)
        {
            Inbound(time);
        }
        else if (share < 90)
        {
            Submitted(time);
        }
        else if (share < 93)
        {
            FromCron(time);
        }
        else if (share < 96)
        {
            var worker = _server.Smtpd.Take(time);
            var say = new Teller(_server.Log, worker.Tag, time);
            say.Say(0, $"connect from {_monitor.Shown}");
            say.Say(30 * Ms, $"disconnect from {_monitor.Shown} ehlo=1 quit=1 commands=2");
            worker.Release(say.Time);
        }
        else if (share < 99)
        {
            var peer = _dice.Pick<Peer>(_people);
            _server.Log.Tell(time, $"dovecot: imap-login: Login: user=<{_server.Recipient()}>, method=PLAIN, rip={peer.Address}, lip=192.0.2.25, mpid={_dice.Between(400, 32_000)}, TLS, session=<{_dice.Bits():x16}>");
        }
        else
        {
            Statistics(time);
        }
    }

    private void Inbound(long time)
    {
        var peer = _dice.PickSkewed<Peer>(_senders);
        var worker = _server.Smtpd.Take(time);
        var say = new Teller(_server.Log, worker.Tag, time);
        if (peer.Name is "unknown")
        {
            say.Say(0, $"warning: hostname {peer.Helo} does not resolve to address {peer.Address}: Name or service not known");
        }

        say.Say(0, $"connect from {peer.Shown}");
        var tls = Established(ref say, peer, 20);
        if (_dice.Percent(2))
        {
            say.Say(300 * Ms, $"NOQUEUE: reject: RCPT from {peer.Shown}: 550 5.1.1 <{_server.Person()}.old@example.com>: Recipient address rejected: User unknown in virtual mailbox table; from=<news@{peer.Domain}> to=<{_server.Person()}.old@example.com> proto=ESMTP helo=<{peer.Helo}>");
            say.Say(80 * Ms, $"disconnect from {peer.Shown} ehlo={tls + 1}{(tls > 0 ? " starttls=1" : "")} mail=1 rcpt=0/1 quit=1 commands={(tls * 2) + 3}/{(tls * 2) + 4}");
            worker.Release(say.Time);
            return;
        }

        var messages = _dice.Percent(12) ? _dice.Between(2, 5) : 1;
        for (var i = 0; i < messages; i++)
        {
            var id = _server.QueueId();
            say.Say(_dice.Between(80, 900) * Ms, $"{id}: client={peer.Shown}");
            Queued(say.Time, id, $"<{_dice.Bits():x16}@{peer.Domain}>", $"{(_dice.Percent(30) ? "bounces+" + _dice.Between(10_000, 99_999) : _server.Person())}@{peer.Domain}", _server.Recipient(), outward: false);
        }

        say.Say(_dice.Between(200, 9_000) * Ms, $"disconnect from {peer.Shown} ehlo={tls + 1}{(tls > 0 ? " starttls=1" : "")} mail={messages} rcpt={messages} data={messages} quit=1 commands={(tls * 2) + 2 + (3 * messages)}");
        worker.Release(say.Time);
    }

    private void Submitted(long time)
    {
        var peer = _dice.Pick<Peer>(_people);
        var worker = _server.Submission.Take(time);
        var say = new Teller(_server.Log, worker.Tag, time);
        say.Say(0, $"connect from {peer.Shown}");
        Established(ref say, peer, 20);
        if (_dice.Percent(2))
        {
            say.Say(400 * Ms, $"warning: {peer.Shown}: SASL PLAIN authentication failed: authentication failure, sasl_username={_server.Recipient()}");
        }

        var (id, from) = (_server.QueueId(), _server.Recipient());
        say.Say(_dice.Between(100, 900) * Ms, $"{id}: client={peer.Shown}, sasl_method={(_dice.Percent(80) ? "PLAIN" : "LOGIN")}, sasl_username={from}");
        Queued(say.Time, id, $"<{_dice.Bits():x16}@example.com>", from, $"{_server.Person()}@{_server.Peers.Domain()}", outward: true);
        say.Say(_dice.Between(200, 4_000) * Ms, $"disconnect from {peer.Shown} ehlo=2 starttls=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=8");
        worker.Release(say.Time);
    }

    private void FromCron(long time)
    {
        var id = _server.QueueId();
        var worker = _server.Pickup.Take(time);
        _server.Log.Tell(time, $"{worker.Tag}{id}: uid=0 from=<root>");
        worker.Release(time);
        Queued(time, id, $"<20251124010203.{id}@mail.example.com>", "root@example.com", "root@example.com", outward: false);
    }

    private void Queued(long time, string id, string messageId, string from, string to, bool outward)
    {
        var worker = _server.Cleanup.Take(time);
        var say = new Teller(_server.Log, worker.Tag, time + (20 * Ms));
        say.Say(0, $"{id}: message-id={messageId}");
        worker.Release(say.Time);
        var queue = new Teller(_server.Log, _server.Qmgr, say.Time);
        queue.Say(_dice.Between(10, 200) * Ms, $"{id}: from=<{from}>, size={(int)(9_000 * _dice.Spread(1.4)) + 400}, nrcpt=1 (queue active)");
        var end = Delivered(queue.Time, id, to, outward);
        queue.Say(end - queue.Time + (2 * Ms), $"{id}: removed");
    }

    private long Delivered(long time, string id, string to, bool outward)
    {
        var took = _dice.Between(40, outward ? 4_000 : 600);
        var pool = outward ? _server.Smtp : _dice.Percent(30) ? _server.Lmtp : _server.Local;
        var worker = pool.Take(time);
        var say = new Teller(_server.Log, worker.Tag, time);
        var delays = $"delay={took / 1000.0:0.##}, delays=0.{_dice.Between(1, 9)}/0.01/0.{_dice.Between(1, 9)}/{took / 2000.0:0.##}";
        if (outward)
        {
            var relay = $"mx1.{to[(to.IndexOf('@', StringComparison.Ordinal) + 1)..]}[{_server.Peers.Ipv4()}]:25";
            say.Say(took * Ms, $"{id}: to=<{to}>, relay={relay}, {delays}, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as {_server.QueueId()})");
        }
        else if (ReferenceEquals(pool, _server.Local))
        {
            say.Say(took * Ms, $"{id}: to=<{to}>, relay=local, {delays}, dsn=2.0.0, status=sent (delivered to maildir)");
        }
        else
        {
            var session = $"{_dice.Bits():x16}";
            say.Say(took * Ms, $"{id}: to=<{to}>, relay=mail[private/dovecot-lmtp], {delays}, dsn=2.0.0, status=sent (250 2.0.0 <{to}> {session} Saved)");
        }

        worker.Release(say.Time);
        return say.Time;
    }

    private int Established(ref Teller say, Peer peer, double percent)
    {
        if (!_dice.Percent(percent))
        {
            return 0;
        }

        say.Say(_dice.Between(60, 300) * Ms, _dice.Percent(80)
            ? $"Anonymous TLS connection established from {peer.Shown}: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256"
            : $"Anonymous TLS connection established from {peer.Shown}: TLSv1.2 with cipher ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits)");
        return 1;
    }

    private void Statistics(long time)
    {
        var worker = _server.Anvil.Take(time);
        var say = new Teller(_server.Log, worker.Tag, time);
        var (peer, when) = (_dice.PickSkewed<Peer>(_senders), LogWriter.TimeInLine(time));
        say.Say(0, $"statistics: max connection rate {_dice.Between(1, 20)}/60s for (smtp:{peer.Address}) at {when}");
        say.Say(10, $"statistics: max connection count {_dice.Between(1, 4)} for (smtp:{peer.Address}) at {when}");
        say.Say(10, $"statistics: max cache size {_dice.Between(2, 30)} at {when}");
        worker.Release(say.Time);
    }
}
