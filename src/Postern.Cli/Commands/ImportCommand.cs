using System.CommandLine;
using System.Text.Json;
using Postern.Cli.Configuration;
using Postern.Cli.Fail2BanImport;
using Postern.Cli.Postfix.Doctor;
using Postern.Cli.Storage;
using Postern.Cli.Terminal;
using Postern.Cli.Words;
using Postern.Fail2Ban.Jails;

namespace Postern.Cli.Commands;

/// <summary><c>postern import fail2ban</c>: takes over fail2ban's bans, prints its settings in our language, and says what it left.</summary>
internal static class ImportCommand
{
    private const string UsualDatabase = "/var/lib/fail2ban/fail2ban.sqlite3";

    /// <summary>The command with its options.</summary>
    public static Command Create(Wording wording)
    {
        var dryRun = new Option<bool>("--dry-run");
        var folder = new Option<string>("--fail2ban") { HelpName = "DIR", DefaultValueFactory = static _ => OtherFail2Ban.UsualFolder };
        var database = new Option<string?>("--database") { HelpName = "FILE" };
        var (config, format) = (ConfigArgument.Create(), DaemonRequest.FormatOption());
        var command = new Command("fail2ban") { dryRun, folder, database, config, format };
        command.SetAction(async (parsed, stop) =>
        {
            if (ConfigArgument.Load(parsed.GetValue(config)) is not { } loaded)
            {
                return ExitCodes.BadUsage;
            }

            var name = parsed.GetRequiredValue(format);
            return await RunAsync(loaded, Path.GetFullPath(parsed.GetRequiredValue(folder)), parsed.GetValue(database), parsed.GetValue(dryRun), name, wording, stop);
        });
        return new Command("import") { command };
    }

    private static async Task<int> RunAsync(LoadedConfig loaded, string folder, string? database, bool isDryRun, string format, Wording wording, CancellationToken stop)
    {
        var people = wording.People;
        var theirs = Fail2BanJailReader.Read(folder, TimeProvider.System.GetLocalNow().Year);
        if (!Directory.Exists(folder))
        {
            return Complain(people.Import.NoFolder(folder));
        }

        var file = database ?? (OtherFail2Ban.Setting(folder, "dbfile") is { } named && named.StartsWith('/') ? named : UsualDatabase);
        var (records, failure) = File.Exists(file) ? Fail2BanDatabase.Read(file) : (null, people.Errors.NoFile(file));
        if (records is null)
        {
            return Complain(people.Import.NoDatabase(file, failure!));
        }

        var running = loaded.Options.Fail2Ban is { } ours ? OtherFail2Ban.JailsOf(ours).Select(static jail => jail.Name).ToHashSet(StringComparer.Ordinal) : [];
        var bans = ImportedBans.Read(records.Rows, theirs.Jails, running, loaded.Options);
        var settings = ImportedSettings.Read(folder, theirs, loaded.Options);
        TakeoverResult? taken = null;
        if (!isDryRun)
        {
            (taken, var why) = await new BanTakeover(loaded.Options, people.Errors, TimeProvider.System).TakeAsync(bans.Bans, stop);
            if (taken is null)
            {
                return Complain(why!);
            }
        }

        var report = new ImportText(wording.For(format).Import).Report(bans, settings, taken, records.WasLocked ? file : null, TimeProvider.System.GetLocalNow());
        if (format is "json")
        {
            Write(report);
        }
        else
        {
            Console.Out.Write(new ImportText(people.Import).Write(report, taken, loaded.File));
        }

        return ExitCodes.Success;
    }

    private static int Complain(string line)
    {
        PosternCommand.Complain(line);
        return ExitCodes.BadUsage;
    }

    private static void Write(ImportReport report)
    {
        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            JsonSerializer.Serialize(json, report, ImportJson.Default.ImportReport);
        }

        output.Write("\n"u8);
    }
}
