using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Outlines;

/// <content>The rows of the tables.</content>
internal sealed partial class EnglishOutline
{
    private const int CluesTold = 3;

    /// <inheritdoc/>
    public string FormatName(ClientFinding client, int cells)
    {
        if (string.IsNullOrEmpty(client.HostName) || !client.NameIsConfirmed)
        {
            return "not confirmed";
        }

        return Outline.IsGeneric(client) ? $"{Deed.NameStart(client.HostName)} (customer)" : SafeText.Short(client.HostName, cells);
    }

    /// <inheritdoc/>
    public string FormatMerit(ClientFinding client)
    {
        List<string> merits = [];
        if (Deed.Number(client, ClueKind.LoggedIn) > 0)
        {
            merits.Add("a user who logged in");
        }

        if (client.Accepted > 0)
        {
            merits.Add($"{Count(client.Accepted, "message")} accepted");
        }

        merits.AddRange(Faults(client));
        return merits.Count == 0 ? language.Name(Deed.Main(client)) : string.Join("; ", merits.Take(2));
    }

    /// <inheritdoc/>
    public string FormatReason(ClientFinding client) => language.Join(
    [
        client.Cause.Cause == Cause.Unclear ? "The cause is unknown." : $"{Sure(client.Cause)} {WithArticle(client.Cause.Cause)}.",
        .. client.Cause.Clues.Take(CluesTold).Select(language.Say),
        language.Advise(client),
    ]);

    private IEnumerable<string> Faults(ClientFinding client)
    {
        if (Deed.Number(client, ClueKind.FailedLogins) is > 0 and var failed)
        {
            yield return Count(failed, "failed login");
        }

        if (Deed.Number(client, ClueKind.UnknownRecipients) is > 0 and var unknown)
        {
            yield return Count(unknown, "unknown recipient");
        }

        if (Deed.Number(client, ClueKind.MailDeferred) is > 0 and var deferred)
        {
            yield return $"{Number(deferred)} deferred (4xx)";
        }

        if (Deed.Number(client, ClueKind.MailRefused) is > 0 and var refused)
        {
            yield return $"{Number(refused)} refused";
        }
    }

    /// <inheritdoc/>
    public string FormatDeed(ClientFinding client, int cells)
    {
        var text = Deed.Number(client, ClueKind.LogInjection) > 0 ? "log injection: names another address" : Deed.Main(client) switch
        {
            Behaviour.LoneDot => "\".\" as first command",
            Behaviour.BlankLine => "empty lines",
            Behaviour.GarbageCommand => "unknown commands",
            Behaviour.HttpRequest => "HTTP requests",
            Behaviour.TlsOnPlaintext => "TLS on a plain-text port",
            Behaviour.OtherProtocol => $"{SafeText.Short(Deed.Text(client, ClueKind.ForeignProtocol) ?? "another protocol", 20)}, not SMTP",
            Behaviour.TlsScan => $"TLS scan ({Count(Deed.Number(client, ClueKind.Handshakes), "handshake")})",
            Behaviour.TlsHandshakeFailure => "failed TLS handshakes",
            Behaviour.AuthBruteForce or Behaviour.AuthFailure => Logins(client),
            Behaviour.AuthNotOffered => "logins where none is offered",
            Behaviour.EarlyTalker => "talks before the greeting",
            Behaviour.PipeliningAbuse => "sends commands ahead",
            Behaviour.UserEnumeration => Deed.Number(client, ClueKind.UnknownRecipients) is > 0 and var unknown ? Count(unknown, "unknown recipient") : "tries addresses",
            Behaviour.RelayProbe => Deed.Number(client, ClueKind.RelayDenied) is > 0 and var relays ? Count(relays, "relay attempt") : "relay attempts",
            Behaviour.HeloForgery => $"false HELO name {SafeText.Short(Deed.Text(client, ClueKind.ForgedHelo) ?? "", 16)}",
            Behaviour.DnsblListed => $"listed in {SafeText.Short(Deed.Text(client, ClueKind.Listed) is { Length: > 0 } list ? list : "a DNSBL", 22)}",
            Behaviour.SmugglingAttempt => "bare line feeds (smuggling)",
            Behaviour.TooManyErrors => "too many errors",
            Behaviour.RejectedMail => "mail refused",
            Behaviour.Hangup => "disconnects without QUIT",
            Behaviour.ProbeAndQuit => "EHLO, then QUIT",
            Behaviour.OutOfStep => "continues after a refusal",
            Behaviour.ServerTrouble => "met this server's own fault",
            Behaviour.AccountTakeover => "uses a stolen account",
            Behaviour.Delivered => "sends mail",
            _ => throw new ArgumentOutOfRangeException(nameof(client), Deed.Main(client), "No words for this behaviour."),
        };
        text += Deed.Tool(client);
        var burst = Deed.Burst(client) is { } time ? time < TimeSpan.FromSeconds(1) ? ", within 1 s" : $", all in {language.Duration(time)}" : "";
        return Cells.Of(text) + Cells.Of(burst) <= cells ? text + burst : text;
    }

    private string Logins(ClientFinding client)
    {
        var failed = Deed.Number(client, ClueKind.FailedLogins);
        var names = Deed.Number(client, ClueKind.UserNames);
        return failed == 0 ? "failed logins" : Count(failed, "failed login") + (names > 1 ? $", {Number(names)} user names" : "");
    }
}
