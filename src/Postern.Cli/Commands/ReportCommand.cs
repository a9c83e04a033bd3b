using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Postern.Cli.GateReports;
using Postern.Cli.Storage;
using Postern.Cli.Terminal;
using Postern.Engine.Ledger;
using Postern.Reports.Content;

namespace Postern.Cli.Commands;

/// <summary><c>postern report</c>: what the gate refused, or would have refused, so that an operator can dare to enforce.</summary>
internal static class ReportCommand
{
    private const int MostRows = 1000;
    private const int ShownRows = 40;

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var config = ConfigArgument.Create();
        var format = DaemonRequest.FormatOption();
        var days = new Option<int>("--days") { Description = "How many days back", DefaultValueFactory = _ => 7, HelpName = "N" };
        days.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 366)
                result.AddError("--days takes a number from 1 to 366");
        });
        var command = new Command("report", "What the gate refused, or would have refused; the most genuine-looking senders first") { config, format, days };
        command.SetAction((parsed, _) =>
        {
            if (ConfigArgument.Load(parsed.GetValue(config)) is not { } loaded)
                return Task.FromResult(ExitCodes.BadUsage);
            var to = TimeProvider.System.GetLocalNow();
            // What is counted is counted by the hour.
            var from = to.AddDays(-parsed.GetValue(days)).AddTicks(-(to.Ticks % TimeSpan.TicksPerHour));
            var reporter = new GateReporter();
            if (Gather(reporter, Path.GetFullPath(loaded.Options.State), from) is { } failure)
            {
                PosternCommand.Complain(failure);
                return Task.FromResult(ExitCodes.BadUsage);
            }

            Write(reporter.Report(from, to, MostRows), parsed.GetRequiredValue(format) is "json");
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static string? Gather(GateReporter reporter, string state, DateTimeOffset from)
    {
        try
        {
            foreach (var entry in GateJournal.Read(state, from))
                reporter.Add(entry);
            reporter.Add(GateStore.ReadCounts(Path.Combine(state, GateStore.FileName), from));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LedgerException)
        {
            return e.Message;
        }
    }

    private static void Write(GateReport report, bool isJson)
    {
        using var output = Console.OpenStandardOutput();
        if (isJson)
        {
            using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
                JsonSerializer.Serialize(json, report, GateJson.Default.GateReport);
            output.Write("\n"u8);
            return;
        }

        output.Write(Encoding.UTF8.GetBytes(Text(report)));
    }

    /// <summary>The report for people.</summary>
    internal static string Text(GateReport report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"The gate from {report.From:yyyy-MM-dd HH:mm} to {report.To:yyyy-MM-dd HH:mm}:");
        if (report.Decisions == 0 && report.Counts.Count == 0)
            return text.Append(" nothing was refused, and nothing would have been.\n").ToString();
        foreach (var service in report.Counts.GroupBy(row => row.Service, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"\n{Share(service.Key, [.. service], report.Seen is not null)}");
        text.Append('\n');
        foreach (var part in (string[])[Counts("would have refused, deferred or held", report.Would), Counts("refused, deferred or held", report.Did)])
            text.Append(part);
        text.Append('\n');
        WriteCounts(text, report);
        if (report.Senders.Count == 0)
            return text.ToString();
        var table = new TextTable("action", ">points", ">times", "address", "sender's domain", "by", "last", "helo");
        foreach (var row in report.Senders.Take(ShownRows))
        {
            table.Add(
                (row.Enforced ? "" : "would ") + row.Action,
                row.Points?.ToString("+0.##;-0.##;0", CultureInfo.InvariantCulture) ?? "",
                row.Count.ToString(CultureInfo.InvariantCulture),
                SafeText.Escape(row.Address),
                row.Domain.Length > 0 ? SafeText.Short(row.Domain, 40) : "<>",
                SafeText.Escape(row.Verdict is "banned" ? "banned" : string.Join(',', row.Deciding)),
                row.Last.ToLocalTime().ToString("MM-dd HH:mm", CultureInfo.InvariantCulture),
                SafeText.Short(row.Helo ?? "", 40));
        }

        table.WriteTo(text);
        var more = report.More + Math.Max(0, report.Senders.Count - ShownRows);
        if (more > 0)
            text.Append(CultureInfo.InvariantCulture, $"and {more} more that look less genuine.\n");
        if (report.Would.Count > 0)
            text.Append("Look at the first ones: 'postern check' shows why, 'postern allow' lets a sender through for good. Then set mode = \"enforce\".\n");
        return text.ToString();
    }

    // What an operator asks first: of how many.
    private static string Share(string service, IReadOnlyList<GateReportCount> rows, bool isWhole)
    {
        var seen = rows.Sum(row => row.Seen);
        var (would, did) = (rows.Sum(row => row.Would.Values.Sum()), rows.Sum(row => row.Did.Values.Sum()));
        string[] parts =
        [
            .. would > 0 || did == 0 ? (string[])[$"would have refused, deferred or held {Of(would)}"] : [],
            .. did > 0 ? (string[])[$"refused, deferred or held {Of(did)}"] : [],
        ];
        return $"the {(service is "policy" ? "policy server" : service)} {string.Join(", and ", parts)}{(isWhole ? "" : " (not all were counted)")};";

        string Of(long part) => string.Create(CultureInfo.InvariantCulture, $"{part} of {seen} decisions on mail from outside ({(seen == 0 ? 0 : 100.0 * part / seen):0.##} %)");
    }

    private static void WriteCounts(StringBuilder text, GateReport report)
    {
        if (report.Counts.Count == 0)
            return;
        var table = new TextTable("at the", "verdict", ">seen", ">would refuse", ">would defer", ">would hold", ">refused", ">deferred", ">held");
        foreach (var row in report.Counts)
        {
            table.Add([
                row.Service, row.Verdict, row.Seen.ToString(CultureInfo.InvariantCulture),
                .. Numbers(row.Would), .. Numbers(row.Did),
            ]);
        }

        table.WriteTo(text);

        static IEnumerable<string> Numbers(IReadOnlyDictionary<string, long> counts) => ((string[])["reject", "defer", "quarantine"])
            .Select(action => counts.GetValueOrDefault(action) is > 0 and var number ? number.ToString(CultureInfo.InvariantCulture) : "");
    }

    private static string Counts(string what, IReadOnlyDictionary<string, int> counts) => counts.Count == 0 ? ""
        : $"{char.ToUpperInvariant(what[0])}{what[1..]}: {string.Join(", ", counts.OrderByDescending(pair => pair.Value).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value}")))}.\n";
}
