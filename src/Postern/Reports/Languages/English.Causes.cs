using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Languages;

internal sealed partial class English
{
    /// <summary>How many clues an explanation tells: enough to be believed, few enough to be read.</summary>
    private const int CluesTold = 4;

    /// <inheritdoc/>
    public string Name(Cause cause) => cause switch
    {
        Cause.Unclear => "an unknown cause",
        Cause.ScriptedBot => "a bot that sends a fixed list of commands and ignores the replies",
        Cause.Fingerprinting => "fingerprinting: it triggers errors to identify the server software",
        Cause.PortScanner => "a port or vulnerability scanner",
        Cause.TlsScanner => "a scan of TLS versions and ciphers",
        Cause.PasswordGuesser => "somebody guessing passwords",
        Cause.AddressHarvester => "a search for addresses that exist",
        Cause.RelayScanner => "a search for an open relay",
        Cause.SpamBot => "a sender of spam",
        Cause.Smuggler => "a try at SMTP smuggling",
        Cause.Monitor => "a monitoring system",
        Cause.FaultySender => "a genuine sender with a fault",
        Cause.MisconfiguredClient => "a mail program with wrong settings",
        Cause.GenuineSender => "a genuine sender",
        Cause.DenialOfService => "a flood that aims at the server's capacity",
        Cause.OwnFault => "a fault of this server",
        Cause.AccountThief => "somebody who uses a stolen account",
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "No name for this cause."),
    };

    /// <inheritdoc/>
    public string WhyAgain(Cause cause) => cause switch
    {
        Cause.Unclear => "One connection does not reach its aim, so it tries again.",
        Cause.ScriptedBot => "A bot that ignores the replies does not notice that it fails, so no error stops it: it sends its list to the end.",
        Cause.Fingerprinting => "To identify a server by its errors takes many wrong inputs, and each is usually tried on a new connection.",
        Cause.PortScanner => "A scanner tries the probes of many services one after the other, each on a new connection.",
        Cause.TlsScanner => "Every TLS version and cipher takes a handshake of its own, and each a new connection.",
        Cause.PasswordGuesser => "Guessing takes many tries, and a connection allows only a few.",
        Cause.AddressHarvester => "It goes through a list of names, and Postfix ends a session after too many errors, so it has to come back.",
        Cause.RelayScanner => "It tries one form of address after the other, in case one of them gets through.",
        Cause.SpamBot => "It has a list of recipients to go through, and a refusal costs it nothing.",
        Cause.Smuggler => "It tries several forms of line ends, in case one of them gets through.",
        Cause.Monitor => "A monitor comes at its interval for as long as it is switched on.",
        Cause.FaultySender => "A genuine sender keeps its message in a queue and tries again, usually for several days.",
        Cause.MisconfiguredClient => "A mail program tries again by itself until somebody corrects its settings.",
        Cause.GenuineSender => "A genuine sender comes whenever it has mail, and comes again after a temporary refusal.",
        Cause.DenialOfService => "Here the number of connections is itself the aim.",
        Cause.OwnFault => "A genuine sender tries again until the fault of this server is fixed.",
        Cause.AccountThief => "A stolen account sends from many addresses, so that no limit per address stops it.",
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "No reason for this cause."),
    };

    /// <inheritdoc/>
    public string Say(CauseFinding cause)
    {
        if (cause.Cause == Cause.Unclear)
        {
            return "The cause is unknown.";
        }

        var sure = PerCent(cause.Confidence);
        return Certainties.Of(cause.Confidence) switch
        {
            Certainty.AlmostCertain => $"Almost certainly {Name(cause.Cause)} ({sure}).",
            Certainty.Probably => $"Probably {Name(cause.Cause)} ({sure}).",
            Certainty.Perhaps => $"Perhaps {Name(cause.Cause)} ({sure}).",
            _ => $"The cause is unknown; closest match: {Name(cause.Cause)} ({sure}).",
        };
    }

    /// <inheritdoc/>
    public string Explain(ClientFinding client)
    {
        var sentences = new List<string> { Say(client.Cause) };
        sentences.AddRange(client.Cause.Clues.Take(CluesTold).Select(Say));
        if (client.IsOwnHost && !client.Cause.Clues.Take(CluesTold).Any(static clue => clue.Kind == ClueKind.OwnHost))
        {
            sentences.Insert(1, Say(new Clue(ClueKind.OwnHost, 1)));
        }

        if (client.Limits is { } limits && !client.Cause.Clues.Take(CluesTold).Contains(limits))
        {
            sentences.Add(Say(limits));
        }

        if (client.Others.FirstOrDefault(other => other.Cause != Cause.Unclear) is { } next)
        {
            sentences.Add($"It could also be {Name(next.Cause)} ({PerCent(next.Confidence)}).");
        }

        return Join(sentences);
    }

    /// <inheritdoc/>
    public string Advise(ClientFinding client) => Join([What(client), Hint(client)]);

    // By the verdict and the cause together: neither may say what the other denies.
    private static string What(ClientFinding client) => client.Verdict switch
    {
        Verdict.Ban when !client.Address.IsKnown =>
            "Look for its address in the subject of the notice or in the mail log, and ban that temporarily.",
        Verdict.Watch when client.ReachesLimit =>
            "It reaches the limit of the default jail, but its address is of a private network: a machine of yours, or a gateway (of Docker, of a proxy) that hides the real clients and whose ban would keep all of them out. Look for what connects from there.",
        Verdict.Ban when client.IsSlow => "Ban it temporarily; the long window would (50 within 7 days), though it never reaches 10 failures within 10 minutes.",
        Verdict.Ban when IsDoubtful(client.Cause) => "It reaches the limit of the default jail (10 failures within 10 minutes); what it did is listed above.",
        Verdict.Ban => "Ban it temporarily.",
        _ when client.IsOwnHost => "Never ban it: it is this server itself. Look for the program on this machine that connects.",
        Verdict.Watch when !client.Address.IsKnown =>
            "Nothing to ban yet: the address is unknown. Read the mail log of that time too: it names the client and shows how often it comes.",
        Verdict.Watch or Verdict.Ignore when client.Cause.Cause == Cause.OwnFault && !IsDoubtful(client.Cause, Cause.OwnFault) => "Do not ban it: it did nothing wrong.",
        Verdict.Watch when client.MayForward => "No ban on this log alone: a server that forwards its users' mail has spam refused like this. 'postern check ADDRESS --helo NAME' tells, and the daemon asks the same before it bans.",
        Verdict.Watch => "Not enough for a ban.",
        Verdict.Ignore => "Ignore it: it is harmless.",
        Verdict.Protect => "Never ban it on this evidence.",
        _ => throw new ArgumentOutOfRangeException(nameof(client), client.Verdict, "No advice for this verdict."),
    };

    private static bool IsDoubtful(CauseFinding cause, Cause except = Cause.Unclear) =>
        Certainties.Of(cause.Confidence) == Certainty.CannotTell
        || (cause.Cause != except && cause.Cause is Cause.GenuineSender or Cause.OwnFault or Cause.Monitor) || cause.Cause == Cause.Unclear;

    private static string Hint(ClientFinding client)
    {
        var clues = client.Cause.Clues;
        return client.IsOwnHost ? ""
            : clues.Any(clue => clue.Kind == ClueKind.BrokenTransfers)
                ? "Look for a firewall, a proxy that inspects SMTP or a wrong MTU on the way (try packets of 1400 bytes), and compare message_size_limit with the size of the messages."
            : clues.Any(clue => clue.Kind == ClueKind.ForeignAccepted) ? "If these domains are not yours, close the relay at once, as told above."
            : client is { Cause.Cause: Cause.SpamBot, Accepted: > 0 } ? ""
            : clues.Any(clue => clue.Kind == ClueKind.LogInjection)
                ? "See that your log filters take the address only from where Postfix writes it; \"postern filter lint\" checks those of fail2ban."
            : Certainties.Of(client.Cause.Confidence) == Certainty.CannotTell ? Hint(client.Cause with { Cause = Cause.Unclear }, client.Verdict)
            : Hint(client.Cause, client.Verdict);
    }

    private static string Hint(CauseFinding cause, Verdict verdict) => cause.Cause switch
    {
        Cause.Unclear => cause.Clues.Any(clue => clue.Kind == ClueKind.TextNotLogged)
            ? "To see what it sends, let Postfix mail you the transcripts (add protocol to notify_classes) and explain those too."
            : "",
        Cause.ScriptedBot => "No change needed: Postfix's reply is correct, and the bot gains nothing.",
        Cause.Fingerprinting => "No change needed; keep Postfix up to date, because its version cannot be hidden for long.",
        Cause.PortScanner => "See that no port is open that need not be.",
        Cause.TlsScanner => "If the scan is your own, let it be; if not, see that smtpd_tls_protocols names no outdated version.",
        Cause.PasswordGuesser => "See that none of its logins succeeded, and offer logins on the submission ports only.",
        Cause.AddressHarvester => "Set disable_vrfy_command = yes and keep smtpd_hard_error_limit low.",
        Cause.RelayScanner => "The server refused; keep reject_unauth_destination in smtpd_relay_restrictions.",
        Cause.SpamBot => verdict == Verdict.Ban ? "The server already refuses its mail; the ban saves the work." : "The server already refuses its mail.",
        Cause.Smuggler => "See that smtpd_forbid_bare_newline is set to normalize (yes in older releases).",
        Cause.Monitor => "If it is yours, name it in the allow list.",
        Cause.FaultySender => cause.Clues.Any(clue => clue.Kind == ClueKind.LocalHelo) ? "If the program is yours, set its host name (HELO)."
            : cause.Clues.Any(clue => clue.Kind == ClueKind.BareNewlinesInMail) ? "If the program is yours, let it end lines with CR LF; smtpd_forbid_bare_newline = normalize takes such mail."
            : "Tell the postmaster of that server what the log says.",
        Cause.MisconfiguredClient => cause.Clues.Any(clue => clue.Kind is ClueKind.SubmissionRelay or ClueKind.LocalRelay)
            ? "Let the program or device log in, or name its address in mynetworks if it cannot."
            : "Ask the user to check the settings: port 465 with TLS or 587 with STARTTLS, and the current password.",
        Cause.GenuineSender => "",
        Cause.OwnFault => "Fix the fault of this server that the report names.",
        Cause.AccountThief => "Change the password of that account, end its sessions, and look for mail that was sent in its name.",
        Cause.DenialOfService => "Limit it with smtpd_client_connection_rate_limit and smtpd_client_connection_count_limit, and put postscreen in front.",
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause.Cause, "No hint for this cause."),
    };
}
