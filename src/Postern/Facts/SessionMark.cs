namespace Postern.Facts;

/// <summary>What a session was besides its behaviours.</summary>
[Flags]
public enum SessionTraits : uint
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>It asked for recipients that do not exist.</summary>
    UnknownRecipient = 1,
    /// <summary>It tried a TLS handshake and nothing after it.</summary>
    HandshakeOnly = 2,
    /// <summary>A login failed.</summary>
    LoginFailed = 4,
    /// <summary>A login succeeded.</summary>
    LoggedIn = 8,
    /// <summary>Mail was accepted.</summary>
    Accepted = 16,
    /// <summary>It ended without any command.</summary>
    Empty = 32,
    /// <summary>No command of SMTP was accepted in it, though it sent something.</summary>
    Wordless = 64,
    /// <summary>Its refusals were all temporary, the server's own trouble, or for a reason that the log does not tell.</summary>
    OnlyDeferred = 128,
    /// <summary>It was sent off with 4xx for a missing or unconfirmed name.</summary>
    NameDeferred = 256,
    /// <summary>A recipient was accepted.</summary>
    RecipientAccepted = 512,
    /// <summary>The HELO name that cannot be its own is <c>localhost</c>.</summary>
    LocalHelo = 1024,
    /// <summary>It came to a submission or smtps service.</summary>
    OnSubmission = 2048,
    /// <summary>One command that the server does not know, whose text is not told, was all that it said.</summary>
    OneUnknownCommand = 4096,
    /// <summary>A recipient was refused for good.</summary>
    RefusedRecipient = 8192,
    /// <summary>Recipients of foreign domains were accepted from it without a login.</summary>
    RelaysForeign = 16384,
    /// <summary>The client's address is of a private network: a machine of one's own, or a gateway that hides the real one.</summary>
    PrivateClient = 32768,
    /// <summary>The client's name is confirmed: it resolves to the address.</summary>
    Named = 1 << 16,
    /// <summary>
    /// A message was refused for an address that does not exist, as a genuine sender's is: a bounce of mail that others sent in that address's
    /// name; or, raised over all sessions, mail for one or two addresses that are gone, by a client whose name is confirmed.
    /// </summary>
    DeadAddress = 1 << 17,
    /// <summary>Its client's refused mail is no more than ten times what was accepted from it.</summary>
    SomeAccepted = 1 << 18,
    /// <summary>At least half of what its client does is mail that was accepted.</summary>
    MostlyAccepted = 1 << 19,
    /// <summary>It greeted and said QUIT; between them one command was refused that the server does not know and no source tells: HELP, as a rule.</summary>
    UnknownInOrder = 1 << 20,
}

/// <summary>One session of a client, as short as it can be kept: when, and what it showed.</summary>
/// <param name="Time">Its start; unknown for pasted transcripts.</param>
/// <param name="Behaviours">What it showed.</param>
/// <param name="Traits">What else it was.</param>
/// <param name="Failures">
/// Refusals within the session that count one by one, as fail2ban counts lines: failed logins, unknown recipients, refused relays.
/// At least 1.
/// </param>
public readonly record struct SessionMark(LogTime Time, BehaviourSet Behaviours, SessionTraits Traits, byte Failures = 1)
{
    /// <summary>
    /// What happens now and then to a large sender's hosts, and to one that a list names in error: it does not count if at least
    /// half of what a client does is mail that was accepted (<see cref="SessionTraits.MostlyAccepted"/>).
    /// </summary>
    public static BehaviourSet AmongMail { get; } = BehaviourSet.Of(
        Behaviour.DnsblListed, Behaviour.RelayProbe, Behaviour.TooManyErrors, Behaviour.EarlyTalker, Behaviour.PipeliningAbuse, Behaviour.AuthNotOffered);
}
