using Postern.Facts;

namespace Postern.Reports.Languages;

internal sealed partial class English
{
    /// <inheritdoc/>
    public string Say(Clue clue) => clue.Kind switch
    {
        ClueKind.LoneDots => $"The first thing it sent was a lone dot, in {Sessions(clue.Number)}.",
        ClueKind.BlankLines => $"It sent a blank line as a command, in {Sessions(clue.Number)}.",
        ClueKind.BlankLinePairs => $"It sent a pair of blank lines, the generic probe of port scanners, in {Sessions(clue.Number)}.",
        ClueKind.RepliesIgnored => $"After an error it went on as if nothing had been said, in {Sessions(clue.Number)}.",
        ClueKind.ErrorTextsDrawn => $"In {Sessions(clue.Number)} it sent only wrong input of different kinds, and so drew several error texts from the server.",
        ClueKind.IdenticalSessions => $"{Sessions(clue.Number)} of it are all alike.",
        ClueKind.Burst => Durations.Read(clue.Text) is { } length
            ? $"Its largest burst held {Sessions(clue.Number)} within {Duration(length)}."
            : $"Its largest burst held {Sessions(clue.Number)}{Within(clue.Text)}.",
        ClueKind.Campaign => $"{Clients(clue.Number)} did the same at about the same time.",
        ClueKind.HttpRequests => $"It sent {Counted(clue.Number, "HTTP request")}{Such(clue.Text, "the first")}.",
        ClueKind.TlsHellos => $"It began a TLS handshake on a plain port {Times(clue.Number)}.",
        ClueKind.ForeignProtocol => $"It spoke another protocol {Times(clue.Number)}{Named(clue.Text)}.",
        ClueKind.ServiceProbes => $"It sent the well-known probes of scanners {Times(clue.Number)}{Named(clue.Text)}.",
        ClueKind.ManyProtocols => $"It tried {Counted(clue.Number, "different protocol")}.",
        ClueKind.Handshakes => $"It began {Counted(clue.Number, "TLS handshake")}.",
        ClueKind.ChangingOutcomes => $"Its handshakes ended in {Counted(clue.Number, "different way")}.",
        ClueKind.SameOutcome => $"{Counted(clue.Number, "handshake")} failed in the same way{Named(clue.Text)}.",
        ClueKind.FailedLogins => $"{Counted(clue.Number, "login")} failed.",
        ClueKind.UserNames => $"It tried {Counted(clue.Number, "user name")}.",
        ClueKind.AccountShared => $"It uses the account \"{SafeText.Short(clue.Text ?? "", 60)}\", which logged in from {Counted(clue.Number, "network")} within a short time.",
        ClueKind.LoginNotOffered => $"It tried to log in {Times(clue.Number)} where no login is offered.",
        ClueKind.UnknownRecipients => $"It named {Counted(clue.Number, "recipient")} that {(clue.Number == 1 ? "does" : "do")} not exist here.",
        ClueKind.RelayDenied => $"It asked {Times(clue.Number)} to relay to a foreign domain and was refused.",
        ClueKind.Listed => $"It was refused {Times(clue.Number)} because a DNS list names it{Named(clue.Text)}.",
        ClueKind.ForgedHelo => $"It greeted with {Counted(clue.Number, "HELO name")} that it cannot own{Such(clue.Text, "such as")}.",
        ClueKind.TalksEarly => $"It talked before the greeting, in {Sessions(clue.Number)}.",
        ClueKind.Pipelines => $"It sent commands ahead without waiting for the replies, in {Sessions(clue.Number)}.",
        ClueKind.BareNewlines => $"It ended lines with a bare line feed, in {Sessions(clue.Number)}.",
        ClueKind.ErrorLimit => $"Postfix cut off {Sessions(clue.Number)} of it after too many errors.",
        ClueKind.Garbage => $"It sent {Counted(clue.Number, "command")} of no protocol that is recognised{Such(clue.Text, "such as")}.",
        ClueKind.TextNotLogged => $"The text of {Counted(clue.Number, "command")} is in neither the log nor a notice.",
        ClueKind.SteadyInterval => $"It comes at a steady interval of {Duration(TimeSpan.FromSeconds(clue.Number))}.",
        ClueKind.CleanSessions => $"{Sessions(clue.Number)} ran in good order, without mail.",
        ClueKind.EmptySessions => $"{Sessions(clue.Number)} ended without any command.",
        ClueKind.MailAccepted => $"The server accepted {Counted(clue.Number, "message")} from it.",
        ClueKind.LoggedIn => $"It logged in with success in {Sessions(clue.Number)}.",
        ClueKind.OutOfStep => $"After a refusal it went on with its message, in {Sessions(clue.Number)}.",
        ClueKind.MailRefused => $"Its mail was refused {Times(clue.Number)}{Named(clue.Text)}.",
        ClueKind.NoName => string.IsNullOrEmpty(clue.Text)
            ? "It has no PTR name that resolves back to it."
            : $"Its PTR name {Quote(clue.Text)} does not resolve back to it.",
        ClueKind.GenericName => $"Its PTR name looks like a customer line of an access provider{Such(clue.Text, "")}.",
        ClueKind.ProperName => $"It has a proper PTR name{Such(clue.Text, "")}.",
        ClueKind.FewSessions => $"There is little to judge by: {Sessions(clue.Number)} in all.",
        ClueKind.HighRate => $"Its busiest minute held {Sessions(clue.Number)}.",
        ClueKind.LimitExceeded => $"It went over a limit of Postfix {Times(clue.Number)}.",
        _ => throw new ArgumentOutOfRangeException(nameof(clue), clue.Kind, "No sentence for this clue."),
    };

    private string Times(long number) => number switch
    {
        1 => "once",
        2 => "twice",
        _ => $"{Number(number)} times",
    };

    private static string Named(string? text) => string.IsNullOrEmpty(text) ? "" : $": {SafeText.Short(text, QuotedCells)}";

    private static string Such(string? text, string lead) => string.IsNullOrEmpty(text)
        ? ""
        : lead.Length == 0 ? $", {Quote(text)}" : $", {lead} {Quote(text)}";

    private static string Within(string? text) =>
        string.IsNullOrEmpty(text) ? "" : $" within {SafeText.Short(text, 20)}";
}
