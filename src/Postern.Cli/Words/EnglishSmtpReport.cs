using System.Globalization;

namespace Postern.Cli.Words;

/// <summary>The report on the checks at SMTP time in English.</summary>
internal sealed class EnglishSmtpReport : ISmtpReportWords
{
    /// <inheritdoc/>
    public string[] CountColumns => ["server", "verdict", ">seen", ">would reject", ">would defer", ">would hold", ">rejected", ">deferred", ">held"];

    /// <inheritdoc/>
    public string[] SenderColumns => ["action", ">points", ">times", "address", "sender's domain", "because"];

    /// <inheritdoc/>
    public string[] WideSenderColumns => ["action", ">points", ">times", "address", "sender's domain", "because", "last", "helo"];

    /// <inheritdoc/>
    public string Next => "Check the first ones: 'postern check' shows why, 'postern allow' lets a sender pass for good. Then set mode = \"enforce\".";

    /// <inheritdoc/>
    public string Banned => "banned";

    /// <inheritdoc/>
    public string Server(string service) => service is "policy" ? "Policy server" : "Milter";

    /// <inheritdoc/>
    public string Title(string from, string to) => $"Checks at SMTP time, {from} to {to}";

    /// <inheritdoc/>
    public string Nothing(int days) => $"No refusals in the last {(days == 1 ? "day" : $"{Counts.Number(days)} days")}.";

    /// <inheritdoc/>
    public string Share(string server, bool isWould, IReadOnlyList<(string Action, long Count)> actions, long seen, bool isWhole)
    {
        var parts = actions.Count == 0 ? (isWould ? "reject 0" : "rejected 0") : string.Join(", ", actions.Select(one => $"{Verb(one.Action, isWould)} {Counts.Number(one.Count)}"));
        var share = seen == 0 ? 0 : 100.0 * actions.Sum(static one => one.Count) / seen;
        return string.Create(CultureInfo.InvariantCulture, $"{server}: {(isWould ? "would " : "")}{parts} of {Counts.Of(seen, "message")} from outside ({share:0.##}%){(isWhole ? "" : ", not all were counted")}.");
    }

    /// <inheritdoc/>
    public string Total(bool isWould, IReadOnlyList<(string Action, long Count)> actions) =>
        $"{(isWould ? "Would " : "In all: ")}{string.Join(", ", actions.Select(one => $"{Verb(one.Action, isWould)} {Counts.Number(one.Count)}"))}.";

    /// <inheritdoc/>
    public string Action(string action, bool isWould) => (isWould ? "would " : "") + Verb(action, isWould);

    /// <inheritdoc/>
    public string More(long count) => $"and {Counts.Number(count)} more that look less genuine";

    private static string Verb(string action, bool isWould) => (action, isWould) switch
    {
        ("quarantine", true) => "hold",
        ("quarantine", false) => "held",
        ("reject", false) => "rejected",
        ("defer", false) => "deferred",
        _ => action,
    };
}
