using System.CommandLine;
using System.Text;
using System.Text.Json;
using Postern.Checks.Dns;
using Postern.Cli.Configuration;
using Postern.Cli.Postfix.Doctor;
using Postern.Cli.Terminal;
using Postern.Reports.Content;

namespace Postern.Cli.Commands;

/// <summary><c>postern doctor</c>: what is wrong with how Postfix and Postern are set, each with the command that mends it. Changes nothing.</summary>
internal static class DoctorCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var (config, format) = (ConfigArgument.Create(), DaemonRequest.FormatOption());
        var offline = new Option<bool>("--offline") { Description = "Ask no DNS" };
        var command = new Command("doctor", "What is wrong with how Postfix and Postern are set, each with the command that mends it") { config, format, offline };
        command.SetAction(async (parsed, stop) =>
        {
            if (ConfigArgument.LoadOrDefaults(parsed.GetValue(config)) is not { } loaded)
                return ExitCodes.BadUsage;
            var report = await ExamineAsync(loaded.Options, parsed.GetValue(offline), stop);
            Write(report, parsed.GetRequiredValue(format) is "json");
            return report.Findings.Count > 0 ? ExitCodes.No : ExitCodes.Success;
        });
        return command;
    }

    private static async Task<DoctorReport> ExamineAsync(PosternOptions options, bool isOffline, CancellationToken stop)
    {
        var (postfix, failure) = await PostfixReader.ReadAsync(stop);
        var findings = new List<DoctorFinding>();
        if (postfix is null)
            findings.Add(new("postfix", failure!, "apt-get install postfix"));
        else
            findings.AddRange([.. WiringRules.Of(postfix, options), .. MilterRules.Of(postfix, options, OtherMilter.Installed()), .. BackscatterRules.Of(postfix), .. AbuseRules.Of(postfix)]);
        findings.AddRange(SourceRules.Logs(postfix, options, TimeProvider.System.GetUtcNow()));
        findings.AddRange(SuffixListRules.Of(PublicSuffixes.Load().Date, TimeProvider.System.GetUtcNow()));
        if (!isOffline)
        {
            var resolver = new CachingResolver(new DnsClientResolver(options.Checks.Dns), options.Checks.Dns, TimeProvider.System);
            findings.AddRange(await SourceRules.ListsAsync(options, resolver, stop));
        }

        return new DoctorReport(findings);
    }

    private static void Write(DoctorReport report, bool isJson)
    {
        using var output = Console.OpenStandardOutput();
        if (isJson)
        {
            using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
                JsonSerializer.Serialize(json, report, DoctorJson.Default.DoctorReport);
            output.Write("\n"u8);
            return;
        }

        var text = new StringBuilder();
        foreach (var finding in report.Findings)
            text.Append("- ").Append(SafeText.Escape(finding.Message)).Append(" [").Append(finding.Id).Append("]\n    ").Append(SafeText.Escape(finding.Cure)).Append('\n');
        text.Append(report.Findings.Count == 0 ? "Nothing is wrong.\n" : "\nAfter changes: postfix reload\n");
        output.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
