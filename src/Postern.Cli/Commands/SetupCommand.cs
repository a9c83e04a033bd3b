using System.CommandLine;
using System.Text.Json;
using Postern.Cli.Configuration;
using Postern.Cli.Postfix;
using Postern.Cli.Postfix.Doctor;
using Postern.Cli.Setup;
using Postern.Cli.Terminal;
using Postern.Cli.Words;

namespace Postern.Cli.Commands;

/// <summary><c>postern setup</c>: looks at the host, shows the configuration and the commands for Postfix that fit it, and writes them when told so.</summary>
internal static class SetupCommand
{
    private const string UsualPolicy = "127.0.0.1:10040";
    private const string None = "none";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>The command with its options.</summary>
    public static Command Create(Wording wording)
    {
        var options = new SetupOptions();
        var command = new Command("setup")
        {
            options.Yes, options.Log, options.Notices, options.Policy, options.Milter, options.Fail2Ban, options.Harden, options.Offline, options.Config, options.Format,
        };
        command.SetAction(async (parsed, stop) => await RunAsync(options, parsed, wording, stop));
        return command;
    }

    private static async Task<int> RunAsync(SetupOptions options, ParseResult parsed, Wording wording, CancellationToken stop)
    {
        var people = wording.People;
        if (Answers(options, parsed, people.Setup) is not { } answers || ConfigArgument.LoadToExtend(parsed.GetValue(options.Config)) is not { } loaded)
        {
            return ExitCodes.BadUsage;
        }

        var (found, failure) = await new HostSurveyor(new HostPaths(), TimeProvider.System).LookAsync(loaded.Options, parsed.GetValue(options.Offline), stop);
        if (found is null)
        {
            PosternCommand.Complain(people.Doctor.NoPostfix(failure!));
            return ExitCodes.BadUsage;
        }

        var format = parsed.GetRequiredValue(options.Format);
        var (yes, asks) = (parsed.GetValue(options.Yes), format is "text" && !Console.IsInputRedirected && !Console.IsOutputRedirected);
        var words = wording.For(format);
        var text = new SetupText(words.Setup, words.Doctor);
        var before = File.Exists(loaded.File) ? await File.ReadAllTextAsync(loaded.File, stop) : null;
        if (asks && !yes)
        {
            Console.Out.Write(text.Found(found));
            answers = Ask(answers, found, loaded, people);
        }
        else
        {
            // What doctor would recommend next is part of what is shown, and written with --yes.
            answers = answers with { Hardens = answers.Hardens ?? true };
        }

        var plan = SetupPlan.Make(loaded.File, before, found, answers, words.Setup, words.Doctor);
        if (!plan.After.IsSound)
        {
            PosternCommand.Complain(people.Setup.Unsound(loaded.File));
            return ExitCodes.BadUsage;
        }

        if (format is "text")
        {
            Console.Out.Write((asks && !yes ? "\n" : text.Found(found)) + text.Plan(plan));
        }

        var isWritten = false;
        string? keptAs = null;
        if (!plan.IsDone && (yes || (asks && Agrees(people.Setup.Ask(SetupQuestion.Write, "")))))
        {
            keptAs = plan.Additions.Count > 0 ? ConfigFileWriter.Write(loaded.File, plan.Text, TimeProvider.System.GetLocalNow()) : null;
            if (!await SetPostfixAsync(plan.Postfix, people.Setup, stop))
            {
                return ExitCodes.BadUsage;
            }

            isWritten = true;
        }

        var notes = text.Notes(found, plan, answers);
        if (format is "json")
        {
            Write(SetupText.Report(found, plan, notes, text, isWritten, keptAs));
        }
        else
        {
            Console.Out.Write(text.End(plan, notes, isWritten, keptAs, Again(parsed)));
        }

        return ExitCodes.Success;
    }

    private static async Task<bool> SetPostfixAsync(IReadOnlyList<PostfixSetting> settings, ISetupWords words, CancellationToken stop)
    {
        // One call: Postfix reads either all of it or nothing.
        if (settings.Count == 0)
        {
            return true;
        }

        var (_, failure) = await Postconf.AskAsync(s_patience, stop, ["-e", .. settings.Select(static setting => $"{setting.Name} = {setting.Value}")]);
        if (failure is not null)
        {
            PosternCommand.Complain(words.PostfixFailed("postconf -e", failure));
        }

        return failure is null;
    }

    private static SetupAnswers? Answers(SetupOptions options, ParseResult parsed, ISetupWords words)
    {
        foreach (var option in (Option<string?>[])[options.Policy, options.Milter])
        {
            if (parsed.GetValue(option) is { } text && ListenAddress.TryParse(text) is null)
            {
                return Complain(words.BadListen(option.Name, text));
            }
        }

        foreach (var (option, word) in ((Option<string?>, string)[])[(options.Log, "journal"), (options.Notices, None), (options.Fail2Ban, "")])
        {
            if (parsed.GetValue(option) is { } text && !text.StartsWith('/') && !string.Equals(text, word, StringComparison.Ordinal))
            {
                return Complain(words.BadPath(option.Name, text));
            }
        }

        return new SetupAnswers
        {
            Log = parsed.GetValue(options.Log) is { } log ? log is "journal" ? new LogSource(LogSourceKind.Journal, null) : new LogSource(LogSourceKind.File, log) : null,
            Notices = parsed.GetValue(options.Notices) is { } notices ? notices is None ? "" : notices : null,
            Policy = parsed.GetValue(options.Policy) is { } policy ? ListenAddress.TryParse(policy) : null,
            Milter = parsed.GetValue(options.Milter) is { } milter ? ListenAddress.TryParse(milter) : null,
            Fail2Ban = parsed.GetValue(options.Fail2Ban),
            Hardens = parsed.GetValue(options.Harden),
        };
    }

    // Only what nobody can find out by looking.
    private static SetupAnswers Ask(SetupAnswers answers, HostSurvey found, LoadedConfig loaded, Catalogue people)
    {
        if (answers.Policy is null && loaded.Options.Policy.Listen is null && Agrees(people.Setup.Ask(SetupQuestion.Policy, UsualPolicy)))
        {
            answers = answers with { Policy = ListenAddress.TryParse(UsualPolicy) };
        }

        if (answers.Fail2Ban is null && loaded.Options.Fail2Ban is null && found.Fail2Ban is { Jails.Count: > 0 } other
            && Agrees(people.Setup.Ask(SetupQuestion.Fail2Ban, string.Join(", ", other.Jails.Select(static jail => jail.Name)))))
        {
            answers = answers with { Fail2Ban = other.Folder };
        }

        var advice = AbuseRules.Of(found.Postfix, people.Doctor).Where(static finding => PostfixSetting.Read(finding.Fix).Count > 0).Select(static finding => finding.Id).ToList();
        return answers with { Hardens = answers.Hardens ?? (advice.Count > 0 && Agrees(people.Setup.Ask(SetupQuestion.Harden, string.Join(", ", advice)))) };
    }

    private static bool Agrees(string question)
    {
        Console.Out.Write(question);
        return Console.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    // The same command line, told to write.
    private static string Again(ParseResult parsed) => string.Join(' ', ["postern", .. parsed.Tokens.Select(static token => TableFix.Shell(token.Value)), "--yes"]);

    private static SetupAnswers? Complain(string line)
    {
        PosternCommand.Complain(line);
        return null;
    }

    private static void Write(SetupReport report)
    {
        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            JsonSerializer.Serialize(json, report, SetupJson.Default.SetupReport);
        }

        output.Write("\n"u8);
    }

    private sealed class SetupOptions
    {
        public Option<bool> Yes { get; } = new("--yes");

        public Option<string?> Log { get; } = new("--log") { HelpName = "FILE" };

        public Option<string?> Notices { get; } = new("--notices") { HelpName = "PATH" };

        public Option<string?> Policy { get; } = new("--policy") { HelpName = "ADDRESS" };

        public Option<string?> Milter { get; } = new("--milter") { HelpName = "ADDRESS" };

        public Option<string?> Fail2Ban { get; } = new("--fail2ban") { HelpName = "DIR" };

        public Option<bool?> Harden { get; } = new("--harden") { HelpName = "true|false" };

        public Option<bool> Offline { get; } = new("--offline");

        public Option<string?> Config { get; } = ConfigArgument.Create();

        public Option<string> Format { get; } = DaemonRequest.FormatOption();
    }
}
