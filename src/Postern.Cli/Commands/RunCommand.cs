using System.CommandLine;
using Postern.Cli.Configuration;
using Postern.Cli.Running;

namespace Postern.Cli.Commands;

/// <summary><c>postern run</c>: follow the logs, ban who knocks.</summary>
internal static class RunCommand
{
    /// <summary>The option that names a configuration, as all commands have it that need one.</summary>
    public static Option<string?> ConfigOption() => new("--config") { Description = $"The configuration instead of {PosternOptions.DefaultFile}", HelpName = "FILE" };

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var config = ConfigOption();
        var dryRun = new Option<bool>("--dry-run") { Description = "Decide and record everything, and touch nothing" };
        var command = new Command("run", "Follow the logs and ban who knocks, for a time") { config, dryRun };
        command.SetAction(async (parsed, _) =>
        {
            if (Load(parsed.GetValue(config), checkFiles: true) is not { } loaded)
                return ExitCodes.BadUsage;
            if (await new RunService(loaded, parsed.GetValue(dryRun), TimeProvider.System).RunAsync() is { } failure)
            {
                PosternCommand.Complain(failure);
                return ExitCodes.BadUsage;
            }

            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>The configuration; null after all of its mistakes were told.</summary>
    public static LoadedConfig? Load(string? path, bool checkFiles)
    {
        var loaded = ConfigLoader.Load(path);
        var mistakes = loaded.Mistakes.Concat(checkFiles && loaded.IsSound ? ConfigFiles.Check(loaded) : []).ToList();
        mistakes.ForEach(mistake => PosternCommand.Complain(mistake.ToString()));
        return mistakes.Count == 0 ? loaded : null;
    }
}
