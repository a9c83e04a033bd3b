using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Languages;

internal sealed partial class English
{
    /// <inheritdoc/>
    public string Say(Clue clue) => clue.Kind switch
    {
        ClueKind.LoneDots => $"The first thing it sent was a lone dot{InSessions(clue)}.",
        ClueKind.BlankLines => $"It sent a blank line as a command{InSessions(clue)}.",
        ClueKind.BlankLinePairs => $"It sent a pair of blank lines, the generic probe of port scanners{InSessions(clue)}.",
        ClueKind.RepliesIgnored => $"It ignored error replies{InSessions(clue)}.",
        ClueKind.ErrorTextsDrawn => $"It sent only wrong input of different kinds, and so drew several error texts from the server{InSessions(clue)}.",
        ClueKind.IdenticalSessions => $"{Sessions(clue.Number)} of it are all alike.",
        ClueKind.Burst => Durations.Read(clue.Text) is { } length
            ? $"Its largest burst held {Sessions(clue.Number)} within {Duration(length)}."
            : $"Its largest burst held {Sessions(clue.Number)}{Within(clue.Text)}.",
        ClueKind.Campaign => $"{Clients(clue.Number)} did the same at about the same time.",
        ClueKind.HttpRequests => $"It sent an HTTP request{Such(clue.Text, "the first")}{InSessions(clue)}.",
        ClueKind.TlsHellos => $"It began a TLS handshake on a plain port{InSessions(clue)}.",
        ClueKind.ForeignProtocol => $"It spoke another protocol{Parenthesis(clue.Text)}{InSessions(clue)}.",
        ClueKind.ServiceProbes => $"It sent the well-known probes of scanners{Parenthesis(clue.Text)}{InSessions(clue)}.",
        ClueKind.ManyProtocols => $"It tried {More(clue)}{Counted(clue.Number, "different protocol")}.",
        ClueKind.Handshakes => $"It began {Counted(clue.Number, "TLS handshake")}.",
        ClueKind.ChangingOutcomes => $"Its handshakes ended in {More(clue)}{Counted(clue.Number, "different way")}.",
        ClueKind.SameOutcome => $"{Counted(clue.Number, "TLS handshake")} failed{Named(clue.Text)}.",
        ClueKind.FailedLogins => $"{Counted(clue.Number, "login")} failed{(string.IsNullOrEmpty(clue.Text) ? "" : $", {SafeText.Short(clue.Text, 20)} of them unfinished")}.",
        ClueKind.UnfinishedLogins => $"It began {Counted(clue.Number, "login")}; {(clue.Number == 1 ? "it stayed" : "all of them stayed")} unfinished, as far as the log tells.",
        ClueKind.LocalRelay => $"From a private network it asked to send to a foreign domain without a login{InSessions(clue)}: a program or device of yours, or a gateway that hides the real client.",
        ClueKind.GuessingCampaign => $"Logins of {Clients(clue.Number)} failed at the same time, this one among them: they share the guessing.",
        ClueKind.UserNames => $"It tried {More(clue)}{Counted(clue.Number, "user name")}.",
        ClueKind.AccountShared => $"It uses the account \"{SafeText.Short(clue.Text ?? "", 60)}\", which logged in from {Counted(clue.Number, "network")} within a short time.",
        ClueKind.LoginNotOffered => $"It tried to log in where no login is offered{InSessions(clue)}.",
        ClueKind.UnknownRecipients => $"It named {More(clue)}{Counted(clue.Number, "recipient")} that {(clue.Number == 1 ? "does" : "do")} not exist here.",
        ClueKind.RelayDenied => $"It asked {Times(clue.Number)} to relay to a foreign domain and was refused.",
        ClueKind.Listed => $"It was refused because it is listed in a DNSBL{Parenthesis(clue.Text)}{InSessions(clue)}.",
        ClueKind.ForgedHelo => $"It claimed a HELO name that is not its own{Parenthesis(clue.Text)}{InSessions(clue)}.",
        ClueKind.TalksEarly => $"It talked before the greeting{InSessions(clue)}.",
        ClueKind.Pipelines => $"It sent commands ahead without waiting for the replies{InSessions(clue)}.",
        ClueKind.BareNewlines => $"It ended lines with a bare line feed{InSessions(clue)}.",
        ClueKind.ErrorLimit => $"Postfix cut off {Sessions(clue.Number)} of it after too many errors.",
        ClueKind.Garbage => $"It sent {Counted(clue.Number, "command")} of no protocol that is recognised{Such(clue.Text, "such as")}.",
        ClueKind.TextNotLogged => $"The text of {Counted(clue.Number, "command")} is in neither the log nor a notice.",
        ClueKind.SteadyInterval => $"It comes at a steady interval of {Duration(TimeSpan.FromSeconds(clue.Number))}.",
        ClueKind.CleanSessions => $"{Sessions(clue.Number)} ran in good order, without mail.",
        ClueKind.EmptySessions => $"{Sessions(clue.Number)} ended without any command.",
        ClueKind.MailAccepted => $"The server accepted {Counted(clue.Number, "message")} from it.",
        ClueKind.LoggedIn => $"It logged in with success{InSessions(clue)}.",
        ClueKind.OutOfStep => $"After a refusal it went on with its message{InSessions(clue)}.",
        ClueKind.ForeignAccepted => $"Recipients of foreign domains{Parenthesis(clue.Text)} were accepted from it without a login{InSessions(clue)}: if they are not yours, this server is an open relay.",
        ClueKind.SubmissionRelay => $"On a submission service it asked to send to a foreign domain without a login{InSessions(clue)}: an own user's program or device.",
        ClueKind.SubmissionRefused => $"On a submission service its mail was refused without a login{InSessions(clue)}: an own user's program or device.",
        ClueKind.OneUserName => $"All failed logins were for one user name{Parenthesis(clue.Text)}, and fewer than guessing takes.",
        ClueKind.LocalHelo => $"It claimed a HELO name that is not its own{Parenthesis(clue.Text)}{InSessions(clue)}, as software does whose host name nobody set.",
        ClueKind.LogInjection => $"It tries to make log filters ban another address{Parenthesis(clue.Text)}{InSessions(clue)} (log injection).",
        ClueKind.BareNewlinesInMail => $"It ended the lines of its message with a bare line feed{InSessions(clue)}; everything else was in order, as with an old or hand-made program.",
        ClueKind.AbruptSessions => $"It disconnected without QUIT or sent nothing more{InSessions(clue)}.",
        ClueKind.BrokenTransfers => $"The connection broke off in the middle of a message{InSessions(clue)}: its mail is being lost in transit.",
        ClueKind.LeftAfterHandshake => $"It left right after a TLS handshake that succeeded{InSessions(clue)}: it may not trust this server's certificate.",
        ClueKind.UnknownOnSubmission => $"On a submission service it sent one unknown command and nothing else{InSessions(clue)}: mostly a mail program that starts with TLS on a port that starts in plain text, which Postfix does not log before 3.7.",
        ClueKind.UntoldRefusals => $"{Counted(clue.Number, "command")} {(clue.Number == 1 ? "was" : "were")} refused that came out of turn or were badly formed; the log does not tell more.",
        ClueKind.OwnTrouble => $"This server itself refused it or cut it off{InSessions(clue)}: {OwnTrouble(clue.Text)}.",
        ClueKind.OwnHost => "It is this server itself: a program on this machine connects, or one behind the same address.",
        ClueKind.MailDeferred => $"Its mail was put off {Times(clue.Number)} (4xx, try again){Named(clue.Text)}.",
        ClueKind.MailRefused => $"Its mail was refused {Times(clue.Number)}{Named(clue.Text)}.",
        ClueKind.NoName => string.IsNullOrEmpty(clue.Text)
            ? "Its reverse DNS is not confirmed."
            : $"Its PTR name {Quote(clue.Text)} does not resolve back to it.",
        ClueKind.GenericName => $"It has a generic (dynamic or residential) PTR name{Such(clue.Text, "")}.",
        ClueKind.ProperName => $"Its PTR name looks like a mail server's{Such(clue.Text, "")}.",
        ClueKind.FewSessions => $"There is little evidence: {Sessions(clue.Number)} in all.",
        ClueKind.HighRate => $"Its busiest minute held {Sessions(clue.Number)}.",
        ClueKind.LimitExceeded => $"It went over a limit of Postfix{Parenthesis(clue.Text)} {Times(clue.Number)}.",
        _ => throw new ArgumentOutOfRangeException(nameof(clue), clue.Kind, "No sentence for this clue."),
    };

    private string OwnTrouble(string? id) => Name(TroubleNames.TryParse(id, out var trouble) ? trouble : TroubleKind.Other);

    // One session needs no count.
    private string InSessions(Clue clue) => clue.Number == 1 ? "" : $" in {Sessions(clue.Number)}";

    private static string More(Clue clue) => clue.IsMore ? "more than " : "";

    private static string Parenthesis(string? text) => string.IsNullOrEmpty(text) ? "" : $" ({Quote(text)})";

    private string Times(long number) => number switch
    {
        1 => "once",
        2 => "twice",
        _ => $"{Number(number)} times",
    };

    private static string Named(string? text) => string.IsNullOrEmpty(text) ? "" : $": {SafeText.Short(text, 2 * QuotedCells)}";

    private static string Such(string? text, string lead) => string.IsNullOrEmpty(text)
        ? ""
        : lead.Length == 0 ? $", {Quote(text)}" : $", {lead} {Quote(text)}";

    private static string Within(string? text) =>
        string.IsNullOrEmpty(text) ? "" : $" within {SafeText.Short(text, 20)}";
}
