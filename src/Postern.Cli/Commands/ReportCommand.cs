using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Postern.Cli.Running;
using Postern.Reports;

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
            var from = to.AddDays(-parsed.GetValue(days));
            var reporter = new GateReporter();
            foreach (var entry in GateJournal.Read(Path.GetFullPath(loaded.Options.State), from))
                reporter.Add(entry);
            Write(reporter.Report(from, to, MostRows), parsed.GetRequiredValue(format) is "json");
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
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
        text.Append(CultureInfo.InvariantCulture, $"The gate from {report.From:yyyy-MM-dd HH:mm} to {report.To:yyyy-MM-dd HH:mm}: ");
        if (report.Decisions == 0)
            return text.Append("nothing was refused, and nothing would have been.\n").ToString();
        string[] parts = [Counts("would have refused, deferred or held", report.Would), Counts("refused, deferred or held", report.Did)];
        text.Append(string.Join("; ", parts.Where(part => part.Length > 0))).Append(".\n\n");
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

    private static string Counts(string what, IReadOnlyDictionary<string, int> counts) => counts.Count == 0 ? ""
        : $"{what}: {string.Join(", ", counts.OrderByDescending(pair => pair.Value).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value}")))}";
}
