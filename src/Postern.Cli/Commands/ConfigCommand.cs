using System.CommandLine;
using System.Text.Json;
using Postern.Cli.Configuration;
using Postern.Cli.Terminal;
using Postern.Cli.Words;
using Postern.Reports.Content;
using Postern.Reports.Json;

namespace Postern.Cli.Commands;

/// <summary><c>postern config</c>: looks at the configuration, and asks no daemon.</summary>
internal static class ConfigCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Wording wording) => new("config") { Check(wording), Show(wording) };

    private static Command Show(Wording wording)
    {
        var (config, defaults, format) = (ConfigArgument.Create(), new Option<bool>("--defaults"), DaemonRequest.FormatOption());
        var command = new Command("show") { config, defaults, format };
        command.SetAction(parsed =>
        {
            if (ConfigArgument.Load(parsed.GetValue(config)) is not { } loaded)
            {
                return ExitCodes.BadUsage;
            }

            var all = EffectiveSettings.Of(loaded.Options);
            var shown = parsed.GetValue(defaults) ? all : EffectiveSettings.SetBy(all, loaded.Root!);
            if (parsed.GetRequiredValue(format) is not "json")
            {
                Console.Out.Write(shown.Entries.Count > 0 ? ConfigWriter.Toml(shown) : "# " + wording.People.Answers.AllDefaults + "\n");
                return ExitCodes.Success;
            }

            using var output = Console.OpenStandardOutput();
            using (var json = new Utf8JsonWriter(output, JsonTexts.Indented))
            {
                ConfigWriter.Json(shown, json);
            }

            output.Write("\n"u8);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Check(Wording wording)
    {
        var config = ConfigArgument.Create();
        var command = new Command("check") { config };
        command.SetAction(parsed =>
        {
            var loaded = ConfigLoader.Load(parsed.GetValue(config));
            if (loaded.IsUnreadable)
            {
                foreach (var mistake in loaded.Mistakes)
                {
                    PosternCommand.Complain(mistake.In(wording.People.Errors.Setting));
                }

                return ExitCodes.BadUsage;
            }

            IReadOnlyList<ConfigMistake> mistakes = loaded.IsSound ? ConfigFiles.Check(loaded) : loaded.Mistakes;
            foreach (var mistake in mistakes)
            {
                Console.Out.WriteLine(SafeText.Escape(mistake.In(wording.People.Errors.Setting)));
            }

            if (mistakes.Count > 0)
            {
                return ExitCodes.No;
            }

            var file = SafeText.Escape(loaded.File);
            Console.Out.WriteLine(File.Exists(loaded.File) ? wording.People.Answers.ConfigSound(file) : wording.People.Answers.ConfigAbsent(file));
            return ExitCodes.Success;
        });
        return command;
    }
}
