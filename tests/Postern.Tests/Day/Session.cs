using System.Globalization;

namespace Postern.Tests.Day;

/// <summary>
/// One session in the words of smtpd, and of those who go on with its mail. Each step says what Postfix logs of it, counts the
/// commands, and takes a moment.
/// </summary>
internal sealed class Session(DayLog day, Client client, double start, string service)
{
    private static readonly string[] s_order = ["helo", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "bdat", "rset", "noop", "vrfy", "etrn", "quit", "unknown"];
    private readonly Dictionary<string, (int Good, int All)> _counts = new(StringComparer.Ordinal);

    /// <summary>The lines: when, who writes it (null for the process of the session), and what.</summary>
    public List<(double Time, string? Daemon, string Text)> Lines { get; } = [(start, null, $"connect from {client.At}")];

    /// <summary>Whose it is.</summary>
    public Client Client => client;

    /// <summary>When it began.</summary>
    public double Start => Lines[0].Time;

    /// <summary>The daemon's name in the log.</summary>
    public string Service => service;

    /// <summary>The second of the day that the session has come to.</summary>
    public double Now { get; private set; } = start;

    public Session Say(string text)
    {
        Now += 0.02 + (day.Random.NextDouble() * 0.2);
        Lines.Add((Now, null, text));
        return this;
    }

    public Session Wait(double seconds)
    {
        Now += seconds;
        return this;
    }

    /// <summary>Counts commands, good ones or bad ones.</summary>
    public Session Count(string verb, bool isGood = true, int times = 1)
    {
        var (good, all) = _counts.GetValueOrDefault(verb);
        _counts[verb] = (good + (isGood ? times : 0), all + times);
        Now += 0.01;
        return this;
    }

    public Session Ehlo() => Count("ehlo");

    public Session Tls() => Count("starttls").Say($"Anonymous TLS connection established from {client.At}: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256").Ehlo();

    /// <summary>Mail is accepted and delivered.</summary>
    public Session Deliver(string from, string to, int recipients = 1, string? login = null)
    {
        var id = day.QueueId();
        Count("mail").Count("rcpt", times: recipients).Say($"{id}: client={client.At}{login}").Count("data");
        var text = (string daemon, string words, double after) => Lines.Add((Now + after, daemon, $"{id}: {words}"));
        text("cleanup", $"message-id=<{id}.{recipients}@{client.Helo}>", 0.02);
        text("qmgr", string.Create(CultureInfo.InvariantCulture, $"from=<{from}>, size={2000 + day.Random.Next(60000)}, nrcpt={recipients} (queue active)"), 0.08);
        text("lmtp", $"to=<{to}>, relay=mx.example.org[private/dovecot-lmtp], delay=0.2, delays=0.1/0/0/0.1, dsn=2.0.0, status=sent (250 2.0.0 <{to}> Saved)", 0.3);
        text("qmgr", "removed", 0.31);
        Now += 0.3;
        return this;
    }

    /// <summary>A recipient is refused at RCPT, and nobody else of this message is accepted.</summary>
    public Session Refuse(string from, string to, string reply, bool pipelines = true)
    {
        Count("mail").Count("rcpt", isGood: false).Reject("RCPT", reply, from, to);
        return pipelines ? Count("data", isGood: false) : this;
    }

    /// <summary>The line of a refusal.</summary>
    public Session Reject(string stage, string reply, string from, string? to = null, string word = "reject", string? id = null) =>
        Say($"{id ?? "NOQUEUE"}: {word}: {stage} from {client.At}: {reply}; from=<{from}>{(to is null ? "" : $" to=<{to}>")} proto=ESMTP helo=<{client.Helo}>");

    /// <summary>The content is refused when all of it has come.</summary>
    public Session RefuseContent(string from, string to, string reply, string daemon = "cleanup")
    {
        var id = day.QueueId();
        Count("mail").Count("rcpt").Say($"{id}: client={client.At}").Count("data", isGood: false);
        Lines.Add((Now + 0.02, "cleanup", $"{id}: message-id=<{id}@{client.Helo}>"));
        Now += 0.3;
        var line = $"{id}: milter-reject: END-OF-MESSAGE from {client.At}: {reply}; from=<{from}> to=<{to}> proto=ESMTP helo=<{client.Helo}>";
        Lines.Add((Now, daemon, line));
        return this;
    }

    public Session Login(string user, string mechanism = "PLAIN") =>
        Count("auth").Deliver(user, "friend@elsewhere.example", login: $", sasl_method={mechanism}, sasl_username={user}");

    public Session FailLogin(string user, string mechanism = "LOGIN", string? reason = null) =>
        Count("auth", isGood: false).Say($"warning: {client.At}: SASL {mechanism} authentication failed{(reason is null ? day.Release.LoginTail(mechanism, user) : $": {reason}")}");

    /// <summary>A TLS handshake that ends with an alert of the client's.</summary>
    public Session FailTls(string reason = "sslv3 alert certificate unknown", int alert = 46) => Count("starttls", isGood: false)
        .Say($"SSL_accept error from {client.At}: -1")
        .Say($"warning: TLS library problem: error:0A000416:SSL routines:{day.Release.TlsReasonPlace}:{reason}:../ssl/record/rec_layer_s3.c:1590:SSL alert number {alert}:")
        .Lost("STARTTLS");

    public Session Quit() => Count("quit").Say($"disconnect from {client.At}{Counts()}");

    public Session Lost(string stage) =>
        Say($"{(day.Release.NamesQueue ? "NOQUEUE: " : "")}lost connection after {stage} from {client.At}").Say($"disconnect from {client.At}{Counts()}");

    public Session HungUp() => Say($"disconnect from {client.At}{Counts()}");

    private string Counts()
    {
        var shown = s_order.Where(_counts.ContainsKey).Select(verb => _counts[verb] is var (good, all) && good == all ? $" {verb}={all}" : $" {verb}={_counts[verb].Good}/{_counts[verb].All}");
        var (sum, total) = (_counts.Values.Sum(count => count.Good), _counts.Values.Sum(count => count.All));
        return string.Concat(shown) + (sum == total && total > 0 ? $" commands={total}" : $" commands={sum}/{total}");
    }
}
