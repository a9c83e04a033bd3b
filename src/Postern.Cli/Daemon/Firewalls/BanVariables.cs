using System.Globalization;
using System.Text;
using Postern.Engine.Ledger;
using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Cli.Daemon.Firewalls;

/// <summary>What the operator's own program is told of a ban in its environment; the names stand in docs/configuration.md.</summary>
internal static class BanVariables
{
    private const int MostFailures = 100;
    private const int MostText = 16_000;

    /// <summary>The variables of a ban.</summary>
    /// <param name="ban">The ban.</param>
    /// <param name="ledger">What is known of its client; a ledger that cannot be read leaves out what it would tell.</param>
    public static IReadOnlyDictionary<string, string> Of(Ban ban, ILedger ledger)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["POSTERN_ADDRESS"] = ban.Client.ToString(),
            ["POSTERN_NETWORK"] = ban.Network.ToString(),
            ["POSTERN_JAIL"] = ban.Jail,
            ["POSTERN_REASON"] = SafeText.Escape(ban.Reason),
            ["POSTERN_FAILURES"] = ban.Failures.ToString(CultureInfo.InvariantCulture),
            ["POSTERN_REPETITION"] = ban.Repetition.ToString(CultureInfo.InvariantCulture),
            ["POSTERN_FROM"] = Time(ban.From),
            ["POSTERN_UNTIL"] = Time(ban.Until),
        };
        try
        {
            Add(variables, ledger.FailuresOf(ban.Network, MostFailures));
        }
        catch (LedgerException)
        {
            // The ban is told all the same.
        }

        return variables;
    }

    private static void Add(Dictionary<string, string> variables, IReadOnlyList<Failure> failures)
    {
        var dated = failures.Where(static failure => failure.Mark.Time.IsKnown).Select(static failure => failure.Mark.Time.ToDateTimeOffset()).ToList();
        if (dated.Count > 0)
        {
            (variables["POSTERN_FIRST"], variables["POSTERN_LAST"]) = (Time(dated.Min()), Time(dated.Max()));
        }

        variables["POSTERN_BEHAVIOURS"] = string.Join(' ', failures.Aggregate(BehaviourSet.None, static (all, failure) => all.Union(failure.Mark.Behaviours)).Select(static behaviour => behaviour.Id()));
        variables["POSTERN_LINES"] = Lines(failures);
    }

    // The latest come first, and what does not fit is left out whole.
    private static string Lines(IReadOnlyList<Failure> failures)
    {
        var text = new StringBuilder();
        foreach (var line in failures.SelectMany(static failure => Encoding.Latin1.GetString(failure.Lines.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(SafeText.Escape))
        {
            if (text.Length + line.Length >= MostText)
            {
                break;
            }

            text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
