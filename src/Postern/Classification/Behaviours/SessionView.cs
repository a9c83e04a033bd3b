using Postern.Classification.Payloads;
using Postern.Classification.Texts;
using Postern.Facts;

namespace Postern.Classification.Behaviours;

/// <summary>
/// A session as the catalogue looks at it: what the client sent, what was refused, and in which order as far as the
/// sources tell. Numbers count within the one session.
/// </summary>
internal sealed class SessionView
{
    /// <summary>Makes strings out of what is read.</summary>
    public required TextPool Texts { get; init; }

    /// <summary>The session itself.</summary>
    public required SmtpSession Session { get; init; }

    /// <summary>Lone dots where a command belongs.</summary>
    public int LoneDots { get; set; }

    /// <summary>Blank lines where a command belongs.</summary>
    public int BlankLines { get; set; }

    /// <summary>Other text that is no command of SMTP and no protocol that is known.</summary>
    public int Garbage { get; set; }

    /// <summary>Commands that Postfix counts as unknown and whose text no source tells.</summary>
    public int UntoldCommands { get; set; }

    /// <summary>HTTP requests.</summary>
    public int HttpRequests { get; set; }

    /// <summary>TLS hellos in plain text.</summary>
    public int TlsHellos { get; set; }

    /// <summary>Payloads of another protocol.</summary>
    public int ForeignPayloads { get; set; }

    /// <summary>The other protocol's name.</summary>
    public string? ForeignProtocol { get; set; }

    /// <summary>The name of a scanner's probe that was sent word for word, or null.</summary>
    public string? Probe { get; set; }

    /// <summary>What the client sent first that was no SMTP, unescaped as the source has it; null where unknown.</summary>
    public ReadOnlyMemory<byte>? FirstPayload { get; set; }

    /// <summary>True where SMTP commands came before the greeting.</summary>
    public bool TalkedEarly { get; set; }

    /// <summary>True where SMTP commands were sent ahead where that is forbidden.</summary>
    public bool Pipelined { get; set; }

    /// <summary>Bare line feeds within SMTP.</summary>
    public int BareNewlines { get; set; }

    /// <summary>Wrong input, of any kind, that went on after a refusal of a sender, recipient or DATA.</summary>
    public int AfterRefusal { get; set; }

    /// <summary>True where postscreen sent the client off to come again (450 4.3.2), as it does once with everybody.</summary>
    public bool SentOff { get; set; }

    /// <summary>True where a sender, recipient or DATA was refused.</summary>
    public bool EnvelopeRefused { get; set; }

    /// <summary>Refusals of recipients that do not exist, VRFY included.</summary>
    public int UnknownRecipients { get; set; }

    /// <summary>Commands that ask whether an address exists (VRFY, EXPN).</summary>
    public int Verifications { get; set; }

    /// <summary>Refusals to relay.</summary>
    public int RelayDenied { get; set; }

    /// <summary>Refusals because a DNS list names the client.</summary>
    public int Listed { get; set; }

    /// <summary>The list's name.</summary>
    public string? List { get; set; }

    /// <summary>Refusals of the HELO name, and HELO names that cannot be the client's.</summary>
    public int ForgedHelos { get; set; }

    /// <summary>The HELO name that cannot be the client's.</summary>
    public string? ForgedName { get; set; }

    /// <summary>Refusals with 5xx for a reason that lies with the client.</summary>
    public int PermanentRefusals { get; set; }

    /// <summary>Refusals with 4xx for a reason that lies with the client: come again.</summary>
    public int TemporaryRefusals { get; set; }

    /// <summary>Commands that were refused without a line in the log: out of turn, or badly formed.</summary>
    public int UntoldRefusals { get; set; }

    /// <summary>True where one of the temporary refusals was for a missing or unconfirmed name.</summary>
    public bool NameDeferred { get; set; }

    /// <summary>True where mail was refused because of the server's own trouble.</summary>
    public bool RefusedByTrouble { get; set; }

    /// <summary>Messages that were cut off in the middle, in DATA or BDAT.</summary>
    public bool TransferBroken { get; set; }

    /// <summary>True where the client left right after a handshake that succeeded: it may not trust the certificate.</summary>
    public bool LeftAfterHandshake { get; set; }

    /// <summary>The address that a made-up address of the client's would make a careless filter ban, or null.</summary>
    public string? Injected { get; set; }

    /// <summary>Commands of SMTP that a transcript shows.</summary>
    public int Said { get; set; }

    /// <summary>Of these, those that were refused.</summary>
    public int SaidRefused { get; set; }

    /// <summary>True where a transcript shows MAIL, RCPT, DATA or BDAT.</summary>
    public bool SaidEnvelope { get; set; }

    /// <summary>True where a transcript shows QUIT.</summary>
    public bool SaidQuit { get; set; }

    /// <summary>True where a transcript shows a login that succeeded.</summary>
    public bool SaidLogin { get; set; }

    /// <summary>Domains of the recipients that a transcript shows as accepted, each time.</summary>
    public List<string>? AcceptedDomains { get; private set; }

    /// <summary>True where a stranger had recipients of foreign domains accepted.</summary>
    public bool RelaysForeign { get; set; }

    /// <summary>The server's own troubles that showed, each line of them, with a word on it.</summary>
    public List<(TroubleKind Kind, string? Text)>? Troubles { get; private set; }

    /// <summary>True where the server's own TLS did not work.</summary>
    public bool TlsUnavailable => Troubles?.Exists(static trouble => trouble.Kind == TroubleKind.Tls) == true;

    /// <summary>True where the client was refused TLS, or hung up on after a handshake, because of a limit of the server's.</summary>
    public bool TlsLimited { get; set; }

    /// <summary>True where STARTTLS was refused, or its handshake cut off, by no fault of the client's.</summary>
    public bool TlsUnserved => TlsLimited || TlsUnavailable;

    /// <summary>Why mail was refused for good, each time.</summary>
    public List<string>? Refusals { get; private set; }

    /// <summary>Why mail was put off, each time.</summary>
    public List<string>? TemporaryReasons { get; private set; }

    /// <summary>How the server said that recipients do not exist, each time.</summary>
    public List<string>? UnknownReasons { get; private set; }

    /// <summary>Recipients that were refused for good, for whatever reason.</summary>
    public List<ulong>? RefusedRecipients { get; private set; }

    /// <summary>Refusals for any other reason.</summary>
    public int OtherRefusals { get; set; }

    /// <summary>Failed logins, and those that were not finished.</summary>
    public int FailedLogins { get; set; }

    /// <summary>Of these, those of which the log tells no outcome: broken off, cut off by a limit, or judged by another program.</summary>
    public int UnfinishedLogins { get; set; }

    /// <summary>True where DNS lists answered postscreen with errors only, so that its rank and refusal say nothing of the client.</summary>
    public bool ListFailed { get; set; }

    /// <summary>Messages that were taken and thrown away.</summary>
    public int Discarded { get; set; }

    /// <summary>Logins that failed because the server's own login service did not answer.</summary>
    public int LoginsUnanswered { get; set; }

    /// <summary>AUTH commands that were refused because no login is offered.</summary>
    public int LoginsNotOffered { get; set; }

    /// <summary>TLS handshakes that failed.</summary>
    public int FailedHandshakes { get; set; }

    /// <summary>The HELO name, where any source tells it.</summary>
    public string? Helo { get; set; }

    /// <summary>User names tried, where the log tells them.</summary>
    public List<string>? UserNames { get; private set; }

    /// <summary>Recipients that were refused as unknown.</summary>
    public List<ulong>? Recipients { get; private set; }

    /// <summary>Why the handshake failed, or the version and cipher where it did not; null where no handshake was tried.</summary>
    public string? HandshakeOutcome { get; set; }

    /// <summary>
    /// The outcome of a handshake as far as it tells one from another; null for one that merely broke off, as a check by a load
    /// balancer does.
    /// </summary>
    public string? TellingOutcome => HandshakeOutcome is null or "failed" || HandshakeOutcome.Contains("unexpected eof", StringComparison.Ordinal) ? null : HandshakeOutcome;

    /// <summary>True where anything was sent that SMTP does not know.</summary>
    public bool HasWrongInput => LoneDots + BlankLines + Garbage + UntoldCommands + HttpRequests + TlsHellos + ForeignPayloads > 0;

    /// <summary>True where it is another protocol altogether.</summary>
    public bool IsOtherProtocol => HttpRequests + TlsHellos + ForeignPayloads > 0;

    /// <summary>Refusals that count one by one, 1 to 255.</summary>
    public byte Failures => (byte)Math.Clamp(Math.Max(FailedLogins, Math.Max(UnknownRecipients, Verifications) + RelayDenied), 1, 255);

    /// <summary>Commands tried, by the log's count; 0 where it has none.</summary>
    public int Tried(SmtpVerb verb) => Session.Counts.Tried(verb);

    /// <summary>Refusals of one recipient that does not exist, for a mail without a sender by a server with names in order: a bounce.</summary>
    public int Bounces { get; set; }

    /// <summary>User names tried, the server's own.</summary>
    public void NoteTrouble(TroubleKind trouble, string? text = null) => (Troubles ??= []).Add((trouble, text));

    /// <summary>Notes a recipient that was accepted, by the command.</summary>
    public void NoteAcceptedRecipient(ReadOnlySpan<byte> command)
    {
        var at = command.LastIndexOf((byte)'@');
        var domain = at < 0 ? default : command[(at + 1)..];
        var end = domain.IndexOfAny((byte)'>', (byte)' ');
        domain = end < 0 ? domain : domain[..end];
        if (!domain.IsEmpty)
        {
            (AcceptedDomains ??= []).Add(Texts.Get(domain[..Math.Min(domain.Length, 255)]));
        }
    }

    /// <summary>Notes why mail was refused for good.</summary>
    public void NoteRefusal(string reason) => (Refusals ??= []).Add(reason);

    /// <summary>Notes why mail was put off.</summary>
    public void NoteTemporaryRefusal(string reason) => (TemporaryReasons ??= []).Add(reason);

    /// <summary>Notes a recipient that was refused for good, by a hash of it.</summary>
    public void NoteRefusedRecipient(ulong recipient) => (RefusedRecipients ??= []).Add(recipient);

    /// <summary>Notes a failed login, with its user name where the log tells it.</summary>
    public void NoteLogin(string? userName)
    {
        FailedLogins++;
        if (userName is not null)
        {
            (UserNames ??= []).Add(userName);
        }
    }

    /// <summary>Forgets the failed logins: they were no wrong passwords.</summary>
    public void ForgetLogins()
    {
        FailedLogins = UnfinishedLogins = 0;
        UserNames = null;
    }

    /// <summary>Notes a recipient that does not exist, by a hash of it.</summary>
    public void NoteUnknown(ulong recipient, string? reason)
    {
        if (reason is not null)
        {
            (UnknownReasons ??= []).Add(reason);
        }

        UnknownRecipients++;
        (Recipients ??= []).Add(recipient);
    }

    /// <summary>Notes a payload that is no command.</summary>
    public void Note(Payload payload, ReadOnlyMemory<byte> text)
    {
        // What follows another protocol's first bytes is more of it, cut at chance line feeds.
        if (IsOtherProtocol && payload.Kind is PayloadKind.Blank or PayloadKind.LoneDot or PayloadKind.Garbage or PayloadKind.Unreadable or PayloadKind.Header)
        {
            return;
        }

        Probe ??= payload.Probe;
        if (payload.Kind != PayloadKind.Smtp)
        {
            FirstPayload ??= text;
        }

        switch (payload.Kind)
        {
            case PayloadKind.LoneDot when !EnvelopeRefused:
                LoneDots++;
                break;
            case PayloadKind.Blank when !EnvelopeRefused:
                BlankLines++;
                break;
            case PayloadKind.LoneDot or PayloadKind.Blank:
                AfterRefusal++;
                break;
            case PayloadKind.Http:
                HttpRequests++;
                break;
            case PayloadKind.Tls:
                TlsHellos++;
                break;
            case PayloadKind.Foreign:
                ForeignPayloads++;
                ForeignProtocol ??= payload.Name;
                break;
            case PayloadKind.Header or PayloadKind.Garbage or PayloadKind.Unreadable when EnvelopeRefused:
                AfterRefusal++;
                break;
            case PayloadKind.Smtp:
                break;
            default:
                Garbage++;
                break;
        }
    }
}
