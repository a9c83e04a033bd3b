using System.CommandLine;
using System.Text;
using System.Text.Json;
using Postern.Cli.GateReports;
using Postern.Cli.Storage;
using Postern.Cli.Terminal;
using Postern.Cli.Words;
using Postern.Engine.Ledger;
using Postern.Reports.Json;

namespace Postern.Cli.Commands;

/// <summary><c>postern report</c>: what the checks at SMTP time refused, or would refuse, so that an operator can dare to enforce.</summary>
internal static class ReportCommand
{
    private const int MostRows = 1000;

    /// <summary>The command with its options.</summary>
    public static Command Create(Wording wording)
    {
        var config = ConfigArgument.Create();
        var format = DaemonRequest.FormatOption();
        var wide = DaemonRequest.WideOption();
        var days = new Option<int>("--days") { DefaultValueFactory = _ => 7, HelpName = "N" };
        days.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 366)
            {
                result.AddError(wording.People.Errors.BadDays);
            }
        });
        var command = new Command("report") { config, format, days, wide };
        command.SetAction((parsed, _) =>
        {
            if (ConfigArgument.Load(parsed.GetValue(config)) is not { } loaded)
            {
                return Task.FromResult(ExitCodes.BadUsage);
            }

            var to = TimeProvider.System.GetLocalNow();
            // What is counted is counted by the hour.
            var from = to.AddDays(-parsed.GetValue(days)).AddTicks(-(to.Ticks % TimeSpan.TicksPerHour));
            var reporter = new GateReporter();
            if (Gather(reporter, Path.GetFullPath(loaded.Options.State), from) is { } failure)
            {
                PosternCommand.Complain(failure);
                return Task.FromResult(ExitCodes.BadUsage);
            }

            Write(reporter.Report(from, to, MostRows), parsed.GetRequiredValue(format) is "json", new SmtpReportText(wording.People.SmtpReport, parsed.GetValue(wide)));
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static string? Gather(GateReporter reporter, string state, DateTimeOffset from)
    {
        try
        {
            foreach (var entry in GateJournal.Read(state, from))
            {
                reporter.Add(entry);
            }

            reporter.Add(GateStore.ReadCounts(Path.Combine(state, GateStore.FileName), from));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LedgerException)
        {
            return e.Message;
        }
    }

    private static void Write(GateReport report, bool isJson, SmtpReportText text)
    {
        using var output = Console.OpenStandardOutput();
        if (isJson)
        {
            using (var json = new Utf8JsonWriter(output, JsonTexts.Indented))
            {
                JsonSerializer.Serialize(json, report, GateJson.Default.GateReport);
            }

            output.Write("\n"u8);
            return;
        }

        output.Write(Encoding.UTF8.GetBytes(text.Write(report)));
    }
}
