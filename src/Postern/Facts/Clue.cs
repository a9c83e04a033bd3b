namespace Postern.Facts;

/// <summary>A kind of observation that speaks for or against a cause. Number and text mean what each line says.</summary>
public enum ClueKind : byte
{
    /// <summary>Number sessions in which the very first payload is a lone dot.</summary>
    LoneDots,
    /// <summary>Number sessions with a blank line as command.</summary>
    BlankLines,
    /// <summary>Number sessions with a pair of blank lines, the generic probe of port scanners.</summary>
    BlankLinePairs,
    /// <summary>Number sessions that go on sending after an error without heeding it.</summary>
    RepliesIgnored,
    /// <summary>Number sessions that send nothing but wrong input of different kinds, each drawing another error text.</summary>
    ErrorTextsDrawn,
    /// <summary>Number sessions of one client that are all alike.</summary>
    IdenticalSessions,
    /// <summary>Number sessions in the largest burst; text is its length, such as <c>40 s</c>.</summary>
    Burst,
    /// <summary>Number clients that show the same behaviour close in time.</summary>
    Campaign,
    /// <summary>Number HTTP requests; text is the first.</summary>
    HttpRequests,
    /// <summary>Number TLS ClientHellos on a plain port.</summary>
    TlsHellos,
    /// <summary>Number payloads of another protocol; text is its name.</summary>
    ForeignProtocol,
    /// <summary>Number well-known probes of scanners; text is the probe's name.</summary>
    ServiceProbes,
    /// <summary>Number different protocols tried by one client.</summary>
    ManyProtocols,
    /// <summary>Number TLS handshakes.</summary>
    Handshakes,
    /// <summary>Number different outcomes of the handshakes.</summary>
    ChangingOutcomes,
    /// <summary>Number handshakes that failed in the same way; text is the reason.</summary>
    SameOutcome,
    /// <summary>Number failed logins; text is how many of them were not finished, null for none.</summary>
    FailedLogins,
    /// <summary>Number logins that were begun, and of none of which the log tells an outcome.</summary>
    UnfinishedLogins,
    /// <summary>Number clients whose logins failed at the same time, this one among them: guessing that is spread over many.</summary>
    GuessingCampaign,
    /// <summary>Number different user names.</summary>
    UserNames,
    /// <summary>Number logins tried where none is offered.</summary>
    LoginNotOffered,
    /// <summary>Number recipients that do not exist.</summary>
    UnknownRecipients,
    /// <summary>Number refused relay attempts.</summary>
    RelayDenied,
    /// <summary>Number sessions in which recipients of foreign domains were accepted without a login; text is the domains.</summary>
    ForeignAccepted,
    /// <summary>Number refused relay attempts on a submission service, where own users and devices send.</summary>
    SubmissionRelay,
    /// <summary>Number sessions on a submission service whose mail was refused without a login.</summary>
    SubmissionRefused,
    /// <summary>Number failed logins, all for the same user name; text is the name.</summary>
    OneUserName,
    /// <summary>Number sessions with refused relay attempts from a private network.</summary>
    LocalRelay,
    /// <summary>Number refusals because a DNS list names the client; text is the list.</summary>
    Listed,
    /// <summary>Number sessions with a HELO name that the client cannot own; text is one.</summary>
    ForgedHelo,
    /// <summary>Number sessions with the HELO name <c>localhost</c>; text is the name.</summary>
    LocalHelo,
    /// <summary>Number sessions with an address that is made to get another banned; text is whom it names.</summary>
    LogInjection,
    /// <summary>Number sessions that talk before the greeting.</summary>
    TalksEarly,
    /// <summary>Number sessions that send commands ahead.</summary>
    Pipelines,
    /// <summary>Number sessions with bare line feeds.</summary>
    BareNewlines,
    /// <summary>Number sessions with bare line feeds in a message whose recipients were accepted, and nothing else that is wrong.</summary>
    BareNewlinesInMail,
    /// <summary>Number sessions that Postfix cut off after too many errors.</summary>
    ErrorLimit,
    /// <summary>Number garbage commands; text is one where it is known.</summary>
    Garbage,
    /// <summary>Number commands whose text is nowhere: the log does not keep it and no notice was given.</summary>
    TextNotLogged,
    /// <summary>Number seconds between sessions, steady.</summary>
    SteadyInterval,
    /// <summary>Number sessions in good order without mail.</summary>
    CleanSessions,
    /// <summary>Number sessions that end without a command.</summary>
    EmptySessions,
    /// <summary>Number sessions that end without QUIT after some commands.</summary>
    AbruptSessions,
    /// <summary>Number sessions that broke off in the middle of a message: mail is lost on its way.</summary>
    BrokenTransfers,
    /// <summary>Number sessions that ended right after a TLS handshake that succeeded.</summary>
    LeftAfterHandshake,
    /// <summary>Number sessions of one unknown command on a submission service, and nothing else: TLS at once, before Postfix 3.7.</summary>
    UnknownOnSubmission,
    /// <summary>Number commands that were refused without a line in the log: out of turn, or badly formed.</summary>
    UntoldRefusals,
    /// <summary>Number sessions that the server's own trouble refused or cut off; text is the id of the trouble.</summary>
    OwnTrouble,
    /// <summary>The client is this server itself.</summary>
    OwnHost,
    /// <summary>Number messages accepted.</summary>
    MailAccepted,
    /// <summary>Number sessions with a login that succeeded.</summary>
    LoggedIn,
    /// <summary>Number sessions that go on with a message after a refusal.</summary>
    OutOfStep,
    /// <summary>Number refusals of mail; text is why, each reason with its own count where there are several.</summary>
    MailRefused,
    /// <summary>Number times that mail was put off with 4xx; text as for the refusals.</summary>
    MailDeferred,
    /// <summary>The client has no PTR name that resolves back; text is the name that does not, or null.</summary>
    NoName,
    /// <summary>The PTR name looks like a line of an access provider; text is the name.</summary>
    GenericName,
    /// <summary>The PTR name is a proper one; text is the name.</summary>
    ProperName,
    /// <summary>Only number sessions in all.</summary>
    FewSessions,
    /// <summary>Number sessions in the busiest minute, far more than a person or a queue makes.</summary>
    HighRate,
    /// <summary>Number times that Postfix's own limits were exceeded; text is which, in Postfix's words.</summary>
    LimitExceeded,
    /// <summary>Number networks from which the account logs in within a short time; text is the user name.</summary>
    AccountShared,
}

/// <summary>An observation, counted.</summary>
/// <param name="Kind">What was seen.</param>
/// <param name="Number">How often, or as the kind says.</param>
/// <param name="Text">A word on it; may be the client's own, so it is escaped where it is shown.</param>
/// <param name="IsMore">True where more were seen than are counted.</param>
public readonly record struct Clue(ClueKind Kind, int Number, string? Text = null, bool IsMore = false);
