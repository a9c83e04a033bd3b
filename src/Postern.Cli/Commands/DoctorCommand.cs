using System.CommandLine;
using System.Text;
using System.Text.Json;
using Postern.Checks.Dns;
using Postern.Cli.Configuration;
using Postern.Cli.Postfix.Doctor;
using Postern.Cli.Terminal;
using Postern.Cli.Words;
using Postern.Reports.Json;

namespace Postern.Cli.Commands;

/// <summary><c>postern doctor</c>: what is wrong with how Postfix and Postern are set, each with the command that fixes it. Changes nothing.</summary>
internal static class DoctorCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create(Wording wording)
    {
        var (config, format) = (ConfigArgument.Create(), DaemonRequest.FormatOption());
        var offline = new Option<bool>("--offline") { };
        var command = new Command("doctor") { config, format, offline };
        command.SetAction(async (parsed, stop) =>
        {
            if (ConfigArgument.LoadOrDefaults(parsed.GetValue(config), wording.People.Errors) is not { } loaded)
            {
                return ExitCodes.BadUsage;
            }

            var report = await ExamineAsync(loaded, parsed.GetValue(offline), wording.For(parsed.GetRequiredValue(format)).Doctor, stop);
            Write(report, parsed.GetRequiredValue(format) is "json", wording.People.Doctor);
            return report.Findings.Count > 0 ? ExitCodes.No : ExitCodes.Success;
        });
        return command;
    }

    private static async Task<DoctorReport> ExamineAsync(LoadedConfig loaded, bool isOffline, IDoctorWords words, CancellationToken stop)
    {
        var (options, fix) = (loaded.Options, new SettingFix(loaded.File, words));
        var (postfix, failure) = await PostfixReader.ReadAsync(stop);
        var findings = new List<DoctorFinding>();
        if (postfix is null)
        {
            findings.Add(new("postfix", words.NoPostfix(failure!), "apt-get install postfix"));
        }
        else
        {
            findings.AddRange([.. WiringRules.Of(postfix, options, words), .. MilterRules.Of(postfix, options, OtherMilter.Installed(), words), .. BackscatterRules.Of(postfix, words), .. AbuseRules.Of(postfix, words)]);
        }

        findings.AddRange(SourceRules.Logs(postfix, options, TimeProvider.System.GetUtcNow(), fix, words));
        if (options.Fail2Ban is { } folder)
        {
            findings.AddRange(Fail2BanRules.Of(options, OtherFail2Ban.JailsOf(folder), OtherFail2Ban.Find(folder) is { Runs: true } own ? own : OtherFail2Ban.Find(OtherFail2Ban.UsualFolder), words));
        }

        findings.AddRange(await SharingRules.OfAsync(options.Sharing, isOffline, TimeProvider.System, words, stop));
        findings.AddRange(SuffixListRules.Of(PublicSuffixes.Load().Date, TimeProvider.System.GetUtcNow(), words));
        if (!isOffline)
        {
            var resolver = new CachingResolver(new DnsClientResolver(options.Checks.Dns), options.Checks.Dns, TimeProvider.System);
            findings.AddRange(await SourceRules.ListsAsync(options, resolver, fix, words, stop));
        }

        // What loses or leaks mail first.
        return new DoctorReport([.. findings.OrderByDescending(static finding => finding.IsError)]);
    }

    private static void Write(DoctorReport report, bool isJson, IDoctorWords words)
    {
        using var output = Console.OpenStandardOutput();
        if (isJson)
        {
            using (var json = new Utf8JsonWriter(output, JsonTexts.Indented))
            {
                JsonSerializer.Serialize(json, report, DoctorJson.Default.DoctorReport);
            }

            output.Write("\n"u8);
            return;
        }

        output.Write(Encoding.UTF8.GetBytes(DoctorText.Write(report, words)));
    }
}
