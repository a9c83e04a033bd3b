namespace Postern.Facts;

/// <summary>What one line of a log says happened. The examples are Postfix's own words.</summary>
public enum SmtpEventKind : byte
{
    /// <summary>Nothing that matters here.</summary>
    None,
    /// <summary><c>connect from HOST[IP]</c>; postscreen and tlsproxy: <c>CONNECT from [IP]:port</c>.</summary>
    Connect,
    /// <summary><c>disconnect from HOST[IP] ehlo=1 … commands=3/4</c>.</summary>
    Disconnect,
    /// <summary><c>lost connection after STAGE from HOST[IP]</c>; postscreen: <c>HANGUP after … from</c>.</summary>
    LostConnection,
    /// <summary><c>timeout after STAGE from HOST[IP]</c>; postscreen: <c>COMMAND TIME LIMIT from</c>.</summary>
    Timeout,
    /// <summary><c>too many errors after STAGE from HOST[IP]</c>; postscreen: <c>COMMAND COUNT LIMIT from</c>.</summary>
    TooManyErrors,
    /// <summary><c>QUEUEID: client=HOST[IP]</c>: a first recipient was accepted.</summary>
    QueueFile,
    /// <summary>The same line with <c>sasl_username=</c>: the client had logged in.</summary>
    Authenticated,
    /// <summary><c>NOQUEUE: reject: STAGE from HOST[IP]: 554 5.7.1 …</c>, milter-reject and proxy-reject included.</summary>
    Reject,
    /// <summary>cleanup's <c>QUEUEID: milter-reject: END-OF-MESSAGE …</c>: joined by queue id, never by the text.</summary>
    MessageRejected,
    /// <summary>
    /// <c>warning: non-SMTP command from HOST[IP]: TEXT</c>; postscreen: <c>NON-SMTP COMMAND from</c>; in a session of the gate any
    /// command that Postfix does not know.
    /// </summary>
    NonSmtpCommand,
    /// <summary><c>improper command pipelining after STAGE from HOST[IP]: TEXT</c>; postscreen: <c>COMMAND PIPELINING from</c>.</summary>
    Pipelining,
    /// <summary>postscreen's <c>PREGREET n after s from [IP]:port: TEXT</c>.</summary>
    Pregreet,
    /// <summary>A line feed without carriage return that Postfix refused or noted; postscreen: <c>BARE NEWLINE from</c>.</summary>
    BareNewline,
    /// <summary><c>warning: HOST[IP]: SASL LOGIN authentication failed: …</c>.</summary>
    AuthFailure,
    /// <summary><c>SSL_accept error from HOST[IP]: …</c>; tlsproxy: <c>TLS handshake failed …</c>.</summary>
    TlsFailure,
    /// <summary><c>warning: TLS library problem: …</c>: the reason of the failure of the same process; names no client.</summary>
    TlsProblem,
    /// <summary><c>Anonymous TLS connection established from HOST[IP]: …</c>.</summary>
    TlsEstablished,
    /// <summary>
    /// <c>warning: Connection rate limit exceeded: n from HOST[IP] …</c> and the other limits of anvil(8), and what a client is refused
    /// that has exceeded that of TLS (<c>Refusing STARTTLS request from HOST[IP] for service smtp</c>, <c>Refusing TLS service request
    /// from …</c>); <see cref="SmtpEvent.Limit"/> says which, and the text is its name in Postfix's words.
    /// </summary>
    LimitExceeded,
    /// <summary>anvil's <c>statistics: max connection rate n/60s for (smtp:IP) at …</c>; <see cref="SmtpEvent.Limit"/> says of what.</summary>
    RateStatistics,
    /// <summary>
    /// <c>warning: hostname NAME does not resolve to address IP</c>: a PTR name that is not forward-confirmed. The text is the
    /// reason, if there is one: <c>Temporary failure in name resolution</c> is none against the client.
    /// </summary>
    NameMismatch,
    /// <summary><c>warning: Illegal address syntax from HOST[IP] in MAIL command: …</c>.</summary>
    IllegalAddress,
    /// <summary>postscreen's <c>DNSBL rank n for [IP]:port</c>.</summary>
    DnsblRank,
    /// <summary>postscreen's <c>PASS NEW|OLD [IP]:port</c> and <c>ALLOWLISTED</c>: the session goes on in smtpd.</summary>
    Pass,
    /// <summary>postscreen's <c>DENYLISTED [IP]:port</c> (<c>BLACKLISTED</c> before 3.6): the operator's own list.</summary>
    Denylisted,
    /// <summary><c>warning: HOST[IP]: SASL LOGIN authentication aborted</c>: the client gave up in the middle of a login.</summary>
    AuthAborted,
    /// <summary><c>warning: Wrapper-mode request dropped from HOST[IP] for service smtps. …</c>: the server's own TLS does not work.</summary>
    TlsUnavailable,
    /// <summary>
    /// <c>warning: NOQUEUE: malformed BDAT command syntax from HOST[IP]: …</c>, and the same of a null, a too large and a
    /// never-ending BDAT.
    /// </summary>
    BadBdat,
    /// <summary><c>warning: QUEUEID: queue file size limit exceeded</c>, of smtpd or cleanup: the message was too big; names no client.</summary>
    MessageTooBig,
    /// <summary>
    /// <c>warning: reject: ETRN TEXT... from HOST[IP]</c> and <c>bad ETRN TEXT...</c>. The client's text stands before its address,
    /// so that the line is joined by its process, and never by that address.
    /// </summary>
    EtrnRefused,
    /// <summary>
    /// <c>QUEUEID: discard: RCPT from HOST[IP]: …</c>, <c>milter-discard: …</c>, and cleanup's <c>QUEUEID: discard: header …</c>: the
    /// message was taken and thrown away, which is no delivery.
    /// </summary>
    Discarded,
    /// <summary><c>warning: HOST[IP]: request longer than 2048: TEXT...</c>: a line longer than any command.</summary>
    LongRequest,
    /// <summary>postscreen's <c>DATA|BDAT without valid RCPT from [IP]:port</c>: what a pipelining sender does after a refusal, too.</summary>
    NoValidRecipient,
    /// <summary>postscreen's <c>ALLOWLIST|WHITELIST VETO [IP]:port</c>: the client came to a backup address first.</summary>
    AllowlistVeto,
    /// <summary>
    /// postscreen's <c>NOQUEUE: reject: CONNECT from [IP]:port: all server ports busy</c> and <c>reject: connect from [IP]:port: all
    /// screening ports busy</c>: the server was full.
    /// </summary>
    ServerBusy,
    /// <summary>dnsblog's <c>addr IP listed by domain ZONE as 127.0.0.4</c>; the text is <c>ZONE as CODE</c>. A list may be one of allowed clients.</summary>
    DnsblListed,
    /// <summary>The same with a code that is an error of the list (<c>127.255.255.254</c>: asked through an open resolver): no evidence.</summary>
    DnsblError,
    /// <summary>
    /// A warning or the end of a daemon because of something that the server needs and does not have: a milter, a policy
    /// server, the login service, a table, the DNS, disk space, a certificate, a sound configuration. Names no client; the text is
    /// the message without <c>warning: </c>.
    /// </summary>
    ServerTrouble,
    /// <summary>pickup(8)'s <c>QUEUEID: uid=1000 from=&lt;user&gt;</c>: a local user's mail. Read by <c>run</c> alone.</summary>
    Submitted,
    /// <summary>
    /// smtp(8)'s <c>QUEUEID: to=&lt;user@domain&gt;, relay=HOST[IP]:25, … status=sent (…)</c>; the text is the domain, the host name that of
    /// the other server, the number says how it came there (<see cref="SmtpEvent.ByAlias"/> and its sisters).
    /// </summary>
    DeliveredTo,
    /// <summary>
    /// <c>QUEUEID: to=&lt;user@domain&gt;, … status=sent (…)</c> of local(8), virtual(8), lmtp(8) and pipe(8): the domain, which is the
    /// text, is delivered here. Read by <c>explain</c>, and by <c>run</c> where it watches the server.
    /// </summary>
    DeliveredHere,
    /// <summary>qmgr(8)'s <c>QUEUEID: from=&lt;user@domain&gt;, size=…, nrcpt=…</c>; the text is the domain, empty for the empty sender. Read by <c>explain</c>, and by <c>run</c> where it watches the server.</summary>
    Queued,
}

/// <summary>What anvil(8) counts for a client; in the order of postconf(5)'s smtpd_client_*_limit.</summary>
public enum SmtpLimit : byte
{
    /// <summary>None, or one that is not listed here.</summary>
    None,
    /// <summary><c>Connection concurrency limit exceeded</c>; anvil: <c>max connection count</c>.</summary>
    ConnectionCount,
    /// <summary><c>Connection rate limit exceeded</c>; anvil: <c>max connection rate</c>.</summary>
    ConnectionRate,
    /// <summary><c>Message delivery request rate limit exceeded</c>; anvil: <c>max message rate</c>.</summary>
    MessageRate,
    /// <summary><c>Recipient address rate limit exceeded</c>; anvil: <c>max recipient rate</c>.</summary>
    RecipientRate,
    /// <summary><c>New TLS session rate limit exceeded</c>; anvil: <c>max newtls rate</c>.</summary>
    NewTlsRate,
    /// <summary><c>AUTH command rate limit exceeded</c>; anvil: <c>max auth rate</c>.</summary>
    AuthRate,
}

/// <summary>Which daemon wrote the line.</summary>
public enum PostfixDaemon : byte
{
    /// <summary>Any that is not named below.</summary>
    Other,
    /// <summary>smtpd(8), under whatever syslog_name and service.</summary>
    Smtpd,
    /// <summary>postscreen(8).</summary>
    Postscreen,
    /// <summary>tlsproxy(8).</summary>
    Tlsproxy,
    /// <summary>anvil(8).</summary>
    Anvil,
    /// <summary>cleanup(8).</summary>
    Cleanup,
    /// <summary>dnsblog(8), which asks DNS lists for postscreen.</summary>
    Dnsblog,
    /// <summary>trivial-rewrite(8), also logged as <c>rewrite</c>.</summary>
    TrivialRewrite,
    /// <summary>smtp(8), which delivers to other servers.</summary>
    Smtp,
    /// <summary>pickup(8), which takes the mail of local users.</summary>
    Pickup,
    /// <summary>qmgr(8).</summary>
    Qmgr,
    /// <summary>local(8), virtual(8), lmtp(8) or pipe(8), which deliver here.</summary>
    Delivery,
}

/// <summary>
/// One line of a log in the words of SMTP. The bytes point into the buffer that held the line: whoever keeps an event
/// longer than that must copy them.
/// </summary>
public struct SmtpEvent
{
    /// <summary>In the number of <see cref="SmtpEventKind.DeliveredTo"/>: the recipient stands for another one (<c>orig_to=</c>).</summary>
    public const int ByAlias = 1;

    /// <summary>In the number of <see cref="SmtpEventKind.DeliveredTo"/>: the next server has an address of a private network, or none.</summary>
    public const int NextHopPrivate = 2;

    /// <summary>In the number of <see cref="SmtpEventKind.DeliveredTo"/>: it is on this machine.</summary>
    public const int NextHopLoopback = 4;

    /// <summary>In the number of <see cref="SmtpEventKind.DeliveredTo"/>: the service that delivered it is <c>relay</c>, for relay_domains.</summary>
    public const int ByRelayService = 8;

    /// <summary>When, by the line's stamp.</summary>
    public LogTime Time { get; set; }

    /// <summary>
    /// Which conversation: host, program and process id (smtpd), or the client's address and port (postscreen, tlsproxy),
    /// or the queue id (cleanup), as a 64-bit hash.
    /// </summary>
    public ulong Conversation { get; set; }

    /// <summary>The client, taken only from where Postfix puts it.</summary>
    public ClientAddress Client { get; set; }

    /// <summary>The client's host name as Postfix logs it before the bracket; empty where there is none.</summary>
    public ReadOnlyMemory<byte> HostName { get; set; }

    /// <summary>What follows, the client's own words included: a reply and reason, a payload, a TLS version.</summary>
    public ReadOnlyMemory<byte> Text { get; set; }

    /// <summary>The counts of a <see cref="SmtpEventKind.Disconnect"/>.</summary>
    public CommandCounts Counts { get; set; }

    /// <summary>A hash of the queue id where the line has one, else 0.</summary>
    public ulong QueueId { get; set; }

    /// <summary>
    /// A number that the line tells: a reply code, a DNSBL rank, a connection rate. cleanup logs no reply code: 450 or 550, by
    /// the class of the enhanced code. Of tlsproxy: which process wrote the line.
    /// </summary>
    public int Number { get; set; }

    /// <summary>How many times more than once: syslog's <c>message repeated 5 times: [ … ]</c> is 4.</summary>
    public int Repeats { get; set; }

    /// <summary>The kind.</summary>
    public SmtpEventKind Kind { get; set; }

    /// <summary>How far the session was.</summary>
    public SmtpStage Stage { get; set; }

    /// <summary>Which limit or rate, of <see cref="SmtpEventKind.LimitExceeded"/> and <see cref="SmtpEventKind.RateStatistics"/>.</summary>
    public SmtpLimit Limit { get; set; }

    /// <summary>Who wrote the line.</summary>
    public PostfixDaemon Daemon { get; set; }

    /// <summary>True for a service that asks for TLS or a login at once (smtps, submission), by its name.</summary>
    public bool IsSubmission { get; set; }

    /// <summary>True where the line stands in what a supervisor copies of its programs' output, which it may have passed on as well.</summary>
    public bool IsCopy { get; set; }
}
