using System.Globalization;
using System.Text;
using Postern.Cli.GateReports;
using Postern.Cli.Terminal;
using Postern.Cli.Words;
using Postern.Reports.Content;
using Postern.Reports.Text;

namespace Postern.Cli.Commands;

/// <summary>The report on the checks at SMTP time for people.</summary>
/// <param name="words">The language.</param>
/// <param name="isWide">True for all columns, however wide.</param>
internal sealed class SmtpReportText(ISmtpReportWords words, bool isWide = false)
{
    private const int ShownRows = 40;
    private static readonly string[] s_actions = ["reject", "defer", "quarantine"];

    private int Width => isWide ? int.MaxValue : TextStyle.WidestLine;

    /// <summary>The report.</summary>
    public string Write(GateReport report)
    {
        var text = new StringBuilder();
        Wrap(text, words.Title(Stamp(report.From), Stamp(report.To)));
        if (report.Decisions == 0 && report.Counts.Count == 0)
        {
            Wrap(text, words.Nothing((int)Math.Round((report.To - report.From).TotalDays)));
            return text.ToString();
        }

        foreach (var server in report.Counts.GroupBy(static row => row.Service, StringComparer.Ordinal))
        {
            Shares(text, server.Key, [.. server], report.Seen is not null);
        }

        if (report.Counts.Count == 0)
        {
            Totals(text, report);
        }

        text.Append('\n');
        Counted(text, report.Counts);
        if (report.Senders.Count > 0)
        {
            Senders(text, report);
        }

        return text.ToString();
    }

    // What an operator asks first: how many of how many.
    private void Shares(StringBuilder text, string service, IReadOnlyList<GateReportCount> rows, bool isWhole)
    {
        var seen = rows.Sum(static row => row.Seen);
        var (would, did) = (Sum(rows.Select(static row => row.Would)), Sum(rows.Select(static row => row.Did)));
        if (would.Count > 0 || did.Count == 0)
        {
            Wrap(text, words.Share(words.Server(service), isWould: true, would, seen, isWhole));
        }

        if (did.Count > 0)
        {
            Wrap(text, words.Share(words.Server(service), isWould: false, did, seen, isWhole));
        }
    }

    // A journal that is older than the counts.
    private void Totals(StringBuilder text, GateReport report)
    {
        foreach (var (isWould, counts) in ((bool, IReadOnlyDictionary<string, int>)[])[(true, report.Would), (false, report.Did)])
        {
            if (counts.Count > 0)
            {
                Wrap(text, words.Total(isWould, [.. s_actions.Where(counts.ContainsKey).Select(action => (action, (long)counts[action]))]));
            }
        }
    }

    private static List<(string Action, long Count)> Sum(IEnumerable<IReadOnlyDictionary<string, long>> counts)
    {
        var all = counts.SelectMany(static row => row).GroupBy(static pair => pair.Key, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.Sum(static pair => pair.Value), StringComparer.Ordinal);
        return [.. s_actions.Where(action => all.GetValueOrDefault(action) > 0).Select(action => (action, all[action]))];
    }

    private void Counted(StringBuilder text, IReadOnlyList<GateReportCount> counts)
    {
        var table = new TextTable(words.CountColumns);
        foreach (var row in counts)
        {
            table.Add([
                row.Service, row.Verdict, row.Seen.ToString(CultureInfo.InvariantCulture),
                .. Numbers(row.Would), .. Numbers(row.Did),
            ]);
        }

        table.WriteTo(text, Width);

        static IEnumerable<string> Numbers(IReadOnlyDictionary<string, long> counts) => s_actions
            .Select(action => counts.GetValueOrDefault(action) is > 0 and var number ? number.ToString(CultureInfo.InvariantCulture) : "");
    }

    private void Senders(StringBuilder text, GateReport report)
    {
        var table = new TextTable(isWide ? words.WideSenderColumns : words.SenderColumns);
        foreach (var row in report.Senders.Take(ShownRows))
        {
            string[] cells =
            [
                words.Action(row.Action, !row.Enforced),
                row.Points?.ToString("+0.##;-0.##;0", CultureInfo.InvariantCulture) ?? "",
                row.Count.ToString(CultureInfo.InvariantCulture),
                SafeText.Escape(row.Address),
                row.Domain.Length > 0 ? SafeText.Short(row.Domain, 40) : "<>",
                SafeText.Escape(row.Verdict is "banned" ? words.Banned : string.Join(',', row.Deciding)),
            ];
            table.Add(isWide ? [.. cells, row.Last.ToLocalTime().ToString("MM-dd HH:mm", CultureInfo.InvariantCulture), SafeText.Short(row.Helo ?? "", 40)] : cells);
        }

        table.WriteTo(text, Width);
        var more = report.More + Math.Max(0, report.Senders.Count - ShownRows);
        if (more > 0)
        {
            text.Append(words.More(more)).Append('\n');
        }

        if (report.Would.Count > 0)
        {
            Wrap(text, words.Next);
        }
    }

    private static void Wrap(StringBuilder text, string sentence)
    {
        foreach (var line in LineBreaker.Lines(sentence, TextStyle.WidestLine, TextStyle.WidestLine))
        {
            text.Append(line).Append('\n');
        }
    }

    private static string Stamp(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
