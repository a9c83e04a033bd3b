using System.CommandLine;
using Postern.Cli.Configuration;
using Postern.Cli.Daemon;
using Postern.Cli.Terminal;
using Postern.Cli.Words;

namespace Postern.Cli.Commands;

/// <summary><c>postern run</c>: follow the logs, ban abusive clients.</summary>
internal static class RunCommand
{
    /// <summary>Its name.</summary>
    public const string Name = "run";

    /// <summary>The command with its options.</summary>
    public static Command Create(Wording wording)
    {
        var config = ConfigArgument.Create();
        var dryRun = new Option<bool>("--dry-run") { };
        var command = new Command(Name) { config, dryRun };
        command.SetAction(async (parsed, _) =>
        {
            if (ConfigArgument.Load(parsed.GetValue(config)) is not { } loaded || !HasItsFiles(loaded))
            {
                return ExitCodes.BadUsage;
            }

            if (await new RunService(loaded, parsed.GetValue(dryRun), TimeProvider.System).RunAsync() is var (why, code))
            {
                PosternCommand.Complain(why);
                return code;
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static bool HasItsFiles(LoadedConfig loaded)
    {
        var mistakes = ConfigFiles.Check(loaded);
        foreach (var mistake in mistakes)
        {
            PosternCommand.Complain(mistake.ToString());
        }

        return mistakes.Count == 0;
    }
}
