using System.Globalization;
using Postern.Fail2Ban.Lint;

namespace Postern.Cli.Words;

/// <summary>What <c>filter</c> says in English.</summary>
internal sealed class EnglishFilter : IFilterWords
{
    private const string Class = "Before <HOST>, use a class that ends where the daemon puts the address, such as [^[]*\\[<HOST>\\], not .*";

    /// <inheritdoc/>
    public string Dates => "Date patterns used:";

    /// <inheritdoc/>
    public string NoAddressYet => "(waits for its address)";

    /// <inheritdoc/>
    public string FaultsBelow => "Warnings (postern filter lint):";

    /// <inheritdoc/>
    public string FixLabel => "Fix: ";

    /// <inheritdoc/>
    public string ExampleLabel => "Example: ";

    /// <inheritdoc/>
    public string Hits(long hits) => $"Failregex: {Counts.Of(hits, "hit")}";

    /// <inheritdoc/>
    public string Lines(long total, long ignored, long matched, long missed) =>
        $"Lines: {Counts.Of(total, "line")}, {Counts.Number(ignored)} ignored, {Counts.Number(matched)} matched, {Counts.Number(missed)} missed";

    /// <inheritdoc/>
    public string NamesOnly(long lines) =>
        $"{Counts.Of(lines, "missed line names", "missed lines name")} only a host, which was not looked up (--usedns raw takes it as it is)";

    /// <inheritdoc/>
    public string GaveUp(long lines) => $"{Counts.Of(lines, "line was", "lines were")} left undecided: matching would have cost too much";

    /// <inheritdoc/>
    public string Faults(long faults) => faults == 0 ? "No faults found." : $"{Counts.Of(faults, "fault")} found.";

    /// <inheritdoc/>
    public string Problem(LintWarning warning) => warning.Reason switch
    {
        LintReason.DaemonLogsClient => $"A client can get any address banned: {warning.Detail} logs what a client writes there.",
        LintReason.UserName => "A client can get any address banned: the user name is whatever the client says.",
        LintReason.AnyTextBefore => "A client can get any address banned: the text before the address may be the client's own.",
        LintReason.TextAfter => "A client can get any address banned: its own text, later in the line, matches too.",
        LintReason.CommandReply => "Postfix never logs this line. It replies 500 or 502 to a command that it does not know, and logs no reject. "
            + "For a lone dot or another unknown command, Postfix 3.7 and later log the example line; 3.0 to 3.6 log only "
            + "'disconnect from unknown[192.0.2.1] unknown=0/1 commands=0/1'. A blank line is recorded only in the notice to the postmaster.",
        LintReason.NoSuchForm => "No message of Postfix (2.3 to 3.10, its own replies) has this form. The nearest that it logs is the example line, which the expression does not match.",
        LintReason.Time => $"A line can keep fail2ban busy without limit: its time {Growth(warning)} ({string.Join(", ", warning.Costs.Select(Cost))}), "
            + "because two repeats can share the same text in many ways. Postern stops at its limit of steps; fail2ban would hang on the example.",
        LintReason.Unusable => $"It cannot be used: {warning.Detail}.",
        LintReason.Empty => "The filter has no failregex, so it finds nothing.",
        _ => throw new ArgumentOutOfRangeException(nameof(warning), warning.Reason, "No sentence for this reason."),
    };

    /// <inheritdoc/>
    public string Fix(LintWarning warning) => warning.Code switch
    {
        LintWarning.Injectable => (warning.IsOpen ? "Begin the expression with ^%(__prefix_line)s. " : "") + Class,
        LintWarning.Backtracking => "Put no repeat into, or beside, another one that takes the same characters.",
        _ => "",
    };

    /// <inheritdoc/>
    public string Blamed(string sender, string named) => $"Sent by {sender}, counted against {named}.";

    private static string Growth(LintWarning warning) => warning.Power is { } power
        ? string.Create(CultureInfo.InvariantCulture, $"grows with the power {power:0.#} of its length")
        : "doubles or worse with every few characters";

    private static string Cost((long Steps, int Length) cost) => $"{Counts.Of(cost.Steps, "step")} at {Counts.Of(cost.Length, "character")}";
}
