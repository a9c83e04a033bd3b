using System.CommandLine;
using System.Text;
using System.Text.Json;
using Postern.Cli.GateReports;
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
        command.SetAction((parsed, stop) =>
        {
            if (ConfigArgument.Load(parsed.GetValue(config)) is not { } loaded)
            {
                return Task.FromResult(ExitCodes.BadUsage);
            }

            var (report, failure) = Read(Path.GetFullPath(loaded.Options.State), parsed.GetValue(days), stop);
            if (report is null)
            {
                PosternCommand.Complain(failure!);
                return Task.FromResult(ExitCodes.BadUsage);
            }

            Write(report, parsed.GetRequiredValue(format) is "json", new SmtpReportText(wording.People.SmtpReport, parsed.GetValue(wide)));
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static (GateReport? Report, string? Failure) Read(string state, int days, CancellationToken stop)
    {
        try
        {
            return (GateReporter.Read(state, TimeProvider.System.GetLocalNow(), days, MostRows, stop), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LedgerException)
        {
            return (null, e.Message);
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
