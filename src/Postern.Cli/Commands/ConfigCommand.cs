using System.CommandLine;
using Postern.Cli.Configuration;
using Postern.Cli.Terminal;
using Postern.Cli.Words;
using Postern.Reports.Content;

namespace Postern.Cli.Commands;

/// <summary><c>postern config</c>: looks at the configuration, and asks no daemon.</summary>
internal static class ConfigCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Wording wording) => new("config") { Check(wording) };

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
                    PosternCommand.Complain(mistake.ToString());
                return ExitCodes.BadUsage;
            }

            IReadOnlyList<ConfigMistake> mistakes = loaded.IsSound ? ConfigFiles.Check(loaded) : loaded.Mistakes;
            foreach (var mistake in mistakes)
                Console.Out.WriteLine(SafeText.Escape(mistake.ToString()));
            if (mistakes.Count > 0)
                return ExitCodes.No;
            var file = SafeText.Escape(loaded.File);
            Console.Out.WriteLine(File.Exists(loaded.File) ? wording.People.Answers.ConfigSound(file) : wording.People.Answers.ConfigAbsent(file));
            return ExitCodes.Success;
        });
        return command;
    }
}
