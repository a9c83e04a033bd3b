namespace Postern.Facts;

/// <summary>
/// How far a session had come: the last command that the server had read, as Postfix names it in
/// <c>lost connection after STAGE</c> and <c>reject: STAGE from</c> (smtpd.c, <c>state->where</c>).
/// </summary>
public enum SmtpStage : byte
{
    /// <summary>Not told, or a name that is not listed here.</summary>
    None,
    /// <summary>Connected, no command yet.</summary>
    Connect,
    /// <summary>HELO.</summary>
    Helo,
    /// <summary>EHLO.</summary>
    Ehlo,
    /// <summary>STARTTLS.</summary>
    StartTls,
    /// <summary>AUTH (RFC 4954).</summary>
    Auth,
    /// <summary>MAIL FROM.</summary>
    Mail,
    /// <summary>RCPT TO.</summary>
    Rcpt,
    /// <summary>DATA, or within the message.</summary>
    Data,
    /// <summary>BDAT (RFC 3030).</summary>
    Bdat,
    /// <summary>The end of the message.</summary>
    EndOfMessage,
    /// <summary>RSET.</summary>
    Rset,
    /// <summary>NOOP.</summary>
    Noop,
    /// <summary>VRFY.</summary>
    Vrfy,
    /// <summary>ETRN (RFC 1985).</summary>
    Etrn,
    /// <summary>QUIT.</summary>
    Quit,
    /// <summary>A command that Postfix does not know (logged as <c>UNKNOWN</c>).</summary>
    UnknownCommand,
    /// <summary>Postfix's XCLIENT or XFORWARD.</summary>
    Proxy,
}
