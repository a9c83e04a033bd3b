using Postern.Decisions.Protection;
using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Cli.Words;

/// <summary>The daemon's answers in English.</summary>
internal sealed class EnglishAnswers : IAnswerWords
{
    /// <inheritdoc/>
    public string BadLength => "a ban lasts from 1 second to 10 years";

    /// <inheritdoc/>
    public string AllowsEverybody => "that would allow everybody";

    /// <inheritdoc/>
    public string Reloaded => "configuration reloaded";

    /// <inheritdoc/>
    public string NotReloaded => "the configuration has errors; the old one stays in use";

    /// <inheritdoc/>
    public string NoticeRead => "notice read";

    /// <inheritdoc/>
    public string NotANotice => "that is not a notice of Postfix";

    /// <inheritdoc/>
    public string Banned(ClientNetwork network, string until, bool isDryRun) => $"{network} {(isDryRun ? "would be banned" : "is banned")} until {until}";

    /// <inheritdoc/>
    public string Protected(ClientNetwork network) => $"{network} includes a protected address: this host, mynetworks or the allow list";

    /// <inheritdoc/>
    public string TooLarge(ClientNetwork network) => $"{network} is too large to ban at once";

    /// <inheritdoc/>
    public string Lifted(IEnumerable<(ClientNetwork Network, string Jail)> bans, bool isDryRun) =>
        $"{(isDryRun ? "would be lifted" : "lifted")}: {string.Join(", ", bans.Select(static ban => $"{ban.Network} ({ban.Jail})"))}";

    /// <inheritdoc/>
    public string NotBanned(ClientNetwork network, bool isDryRun) => $"{network} {(isDryRun ? "would not be banned" : "is not banned")}";

    /// <inheritdoc/>
    public string Allowed(string entry) => $"{entry} is never banned from now on";

    /// <inheritdoc/>
    public string AllDefaults => "no key is set: every setting has its default (--defaults shows them)";

    /// <inheritdoc/>
    public string ConfigSound(string file) => $"{file}: no mistakes";

    /// <inheritdoc/>
    public string ConfigAbsent(string file) => $"{file} does not exist: the defaults are used";

    /// <inheritdoc/>
    public string TookEffect(IEnumerable<string> keys) => $"in effect: {string.Join(", ", keys)}";

    /// <inheritdoc/>
    public string NeedRestart(IEnumerable<string> keys) => $"needs a restart of postern: {string.Join(", ", keys)}";

    /// <inheritdoc/>
    public string AllowedUntil(string entry, string until) => $"{entry} is not banned until {until}";

    /// <inheritdoc/>
    public string SenderAllowed(string sender) => $"mail from {sender} is not refused by the checks at SMTP time; bans of its clients still apply";

    /// <inheritdoc/>
    public string NotResolved(string name) => $"{name} does not resolve to an address: it was not added to the allow list";

    /// <inheritdoc/>
    public string Disallowed(string entry) => $"{entry} was removed from the allow list and may be banned again";

    /// <inheritdoc/>
    public string NotAllowed(string entry) => $"{entry} is not in the allow list";

    /// <inheritdoc/>
    public string AllowedByConfiguration(string entry, string file) => $"{entry} is allowed by {file}: remove it from allow there, then run postern reload";

    /// <inheritdoc/>
    public string AllLifted(long count, bool isDryRun) => $"{(isDryRun ? "would be lifted" : "lifted")}: {Counts.Of(count, "ban")}";

    /// <inheritdoc/>
    public string NobodyBanned(bool isDryRun) => isDryRun ? "nobody would be banned" : "nobody is banned";

    /// <inheritdoc/>
    public string NoSuchJail(string name, IEnumerable<string> jails) => $"there is no jail '{SafeText.Escape(name)}'; the jails are {string.Join(", ", jails)}";

    /// <inheritdoc/>
    public string Several(long done, long all) => $"done for {Counts.Number(done)} of {Counts.Number(all)}";

    /// <inheritdoc/>
    public string Released(string reasons) => $"the brake was released for {reasons}; the withheld bans are decided again";

    /// <inheritdoc/>
    public string NotHeld(string? reason) => reason is null ? "the brake withholds no bans" : $"the brake withholds no bans for '{SafeText.Escape(reason)}'";

    /// <inheritdoc/>
    public string NotAnAddress(string? text) => $"'{SafeText.Escape(text)}' is not an address or network";

    /// <inheritdoc/>
    public string UnknownRequest(string name) => $"the daemon does not know '{SafeText.Escape(name)}'; it may be of an older release";

    /// <inheritdoc/>
    public string Protection(ProtectionState state) => (state.Reason, state.Holds, state.But) switch
    {
        ("allowed", true, _) => $"the allow list names it: {state.Entry}",
        ("allowed", _, _) => "no entry of the allow list names it",
        ("own-address", true, _) => "it is one of this host's addresses",
        ("own-address", _, _) => "it is not one of this host's addresses",
        ("mynetworks", true, _) => $"it is within Postfix's mynetworks: {state.Entry}",
        ("mynetworks", _, _) => "it is not within Postfix's mynetworks",
        ("private-network", true, _) => "its address is of a private network, perhaps a gateway that hides all clients",
        ("private-network", _, _) => "its address is of no private network",
        ("logged-in", true, _) => $"it logged in on {state.Last:yyyy-MM-dd}",
        ("logged-in", _, "account-takeover") => $"it logged in on {state.Last:yyyy-MM-dd}, but others than the owner use the account",
        ("logged-in", _, _) => state.Last is null ? "it has not logged in" : $"its last login was on {state.Last:yyyy-MM-dd}",
        ("proven-sender", true, _) => $"it delivered on {Counts.Of(state.Days ?? 0, "day")} of the last 30, without a hostile day",
        ("proven-sender", _, "hostile-day") => $"it delivered on {Counts.Of(state.Days ?? 0, "day")} of the last 30, but it had a hostile day",
        ("proven-sender", _, "dnsbl-listed") => $"it delivered on {Counts.Of(state.Days ?? 0, "day")} of the last 30, but a DNS list names it",
        ("proven-sender", _, _) => $"it delivered on {Counts.Of(state.Days ?? 0, "day")} of the last 30; 3 are needed",
        (_, true, _) => $"its DNS shows a genuine sender{(state.Entry is { Length: > 0 } tests ? $": {tests}" : "")}",
        (_, _, "no-answer") => "the DNS was not asked, or gave no answer",
        (_, _, "dnsbl-listed") => "a DNS list names it",
        _ => "its DNS does not show a genuine sender",
    };
}
