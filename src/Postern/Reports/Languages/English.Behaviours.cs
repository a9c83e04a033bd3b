using Postern.Facts;

namespace Postern.Reports.Languages;

internal sealed partial class English
{
    /// <inheritdoc/>
    public string Name(Behaviour behaviour) => behaviour switch
    {
        Behaviour.LoneDot => "lone dot",
        Behaviour.BlankLine => "blank line",
        Behaviour.GarbageCommand => "garbage command",
        Behaviour.HttpRequest => "HTTP request",
        Behaviour.TlsOnPlaintext => "TLS on plain port",
        Behaviour.OtherProtocol => "other protocol",
        Behaviour.TlsScan => "TLS scan",
        Behaviour.TlsHandshakeFailure => "failed TLS handshake",
        Behaviour.AuthBruteForce => "password guessing",
        Behaviour.AuthFailure => "failed login",
        Behaviour.AuthNotOffered => "login not offered",
        Behaviour.EarlyTalker => "talks before greeting",
        Behaviour.PipeliningAbuse => "commands sent ahead",
        Behaviour.UserEnumeration => "address search",
        Behaviour.RelayProbe => "relay attempt",
        Behaviour.HeloForgery => "forged HELO",
        Behaviour.DnsblListed => "listed in a DNSBL",
        Behaviour.SmugglingAttempt => "bare line feeds",
        Behaviour.TooManyErrors => "too many errors",
        Behaviour.RejectedMail => "refused mail",
        Behaviour.Hangup => "disconnect without QUIT",
        Behaviour.ProbeAndQuit => "EHLO then QUIT",
        Behaviour.OutOfStep => "continues after refusal",
        Behaviour.ServerTrouble => "server trouble",
        Behaviour.AccountTakeover => "account takeover",
        Behaviour.Delivered => "delivered mail",
        _ => throw new ArgumentOutOfRangeException(nameof(behaviour), behaviour, "No name for this behaviour."),
    };

    /// <inheritdoc/>
    public string Describe(Behaviour behaviour) => behaviour switch
    {
        Behaviour.LoneDot => "A line with nothing but a dot, where a command belongs.",
        Behaviour.BlankLine => "An empty line, where a command belongs.",
        Behaviour.GarbageCommand => "Commands that SMTP does not have, of no protocol that is recognised.",
        Behaviour.HttpRequest => "A request to a web server, sent to the mail port.",
        Behaviour.TlsOnPlaintext => "The start of a TLS handshake on a port that begins in plain text.",
        Behaviour.OtherProtocol => "The opening of another protocol, such as SSH, RDP or SMB.",
        Behaviour.TlsScan => "Many TLS handshakes with changing outcome, as a scan of versions and ciphers makes them.",
        Behaviour.TlsHandshakeFailure => "A TLS handshake that failed; one alone is no scan.",
        Behaviour.AuthBruteForce => "So many failed logins that somebody is trying out passwords.",
        Behaviour.AuthFailure => "A login that failed, too few times to be guessing.",
        Behaviour.AuthNotOffered => "A try to log in where the server offers no login.",
        Behaviour.EarlyTalker => "It sent its first command before the server had greeted it.",
        Behaviour.PipeliningAbuse => "Commands sent ahead where the client must wait for the reply.",
        Behaviour.UserEnumeration => "Recipient after recipient that does not exist, to find those that do.",
        Behaviour.RelayProbe => "A try to send mail through this server to a foreign domain.",
        Behaviour.HeloForgery => "A HELO name that is not the client's own, such as the name of this server.",
        Behaviour.DnsblListed => "Refused because the address is listed in a DNSBL.",
        Behaviour.SmugglingAttempt => "Line feeds without carriage return: used for SMTP smuggling, but old software sends them, too.",
        Behaviour.TooManyErrors => "Postfix cut the session off after too many errors.",
        Behaviour.RejectedMail => "Mail that the server refused for any other reason.",
        Behaviour.Hangup => "It disconnected without QUIT, or sent nothing more.",
        Behaviour.ProbeAndQuit => "It sent EHLO, perhaps STARTTLS, and QUIT, without mail.",
        Behaviour.OutOfStep => "It went on with its message after a refusal: a fault of the sending software, not an attack.",
        Behaviour.ServerTrouble => "Refused or cut off because of a fault of this server; the client did nothing wrong.",
        Behaviour.AccountTakeover => "A login to an account that logs in from many unrelated networks at the same time.",
        Behaviour.Delivered => "Mail that the server accepted.",
        _ => throw new ArgumentOutOfRangeException(nameof(behaviour), behaviour, "No sentence for this behaviour."),
    };
}
