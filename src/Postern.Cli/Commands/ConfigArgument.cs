using System.CommandLine;
using Postern.Cli.Configuration;
using Postern.Cli.Words;

namespace Postern.Cli.Commands;

/// <summary>The option <c>--config</c>, as all commands have it that need one.</summary>
internal static class ConfigArgument
{
    /// <summary>The option.</summary>
    public static Option<string?> Create() => new("--config") { HelpName = "FILE" };

    /// <summary>Reads the configuration; null after all of its mistakes were told.</summary>
    public static LoadedConfig? Load(string? path) => Sound(ConfigLoader.Load(path));

    /// <summary>
    /// The same for a command that works without: where the default file is not for this user to read, the built-in settings
    /// are used, and that is said.
    /// </summary>
    public static LoadedConfig? LoadOrDefaults(string? path, IErrorWords words)
    {
        if (path is null && ConfigLoader.WhyUnreadable(PosternOptions.DefaultFile) is { } why)
        {
            PosternCommand.Complain(words.ConfigNotUsed(PosternOptions.DefaultFile, why));
            return ConfigLoader.Parse("", PosternOptions.DefaultFile);
        }

        return Load(path);
    }

    /// <summary>Reads the configuration for a command that may make it: one that is named and does not exist is empty.</summary>
    public static LoadedConfig? LoadToExtend(string? path) =>
        path is not null && !File.Exists(path) && !Directory.Exists(path) ? ConfigLoader.Parse("", Path.GetFullPath(path)) : Load(path);

    /// <summary>
    /// The daemon's socket. A configuration that was changed and has mistakes still names it, and its mistakes are the
    /// daemon's to tell, when it is asked to reload; only one that cannot be read at all ends the command.
    /// </summary>
    public static string? SocketOf(string? path)
    {
        var loaded = ConfigLoader.Load(path);
        return loaded.IsSound || loaded.IsToml ? loaded.Options.Socket : Sound(loaded)?.Options.Socket;
    }

    /// <summary>
    /// The daemon's sockets for a notice, the one for notices first. Whoever delivers mail may often not read the configuration: then
    /// they are where they usually are.
    /// </summary>
    public static IReadOnlyList<string> NoticeSocketsOf(string? path)
    {
        var loaded = ConfigLoader.Load(path);
        var options = loaded.IsSound || loaded.IsToml ? loaded.Options : new PosternOptions();
        return [options.NoticeSocket, options.Socket];
    }

    private static LoadedConfig? Sound(LoadedConfig loaded)
    {
        if (loaded is { IsSound: true, Mistakes.Count: 0 })
        {
            return loaded;
        }

        // Every command reads it, before it has any words of its own.
        var words = Wording.Choose(Environment.GetCommandLineArgs(), Environment.GetEnvironmentVariable).People.Errors;
        foreach (var mistake in loaded.Mistakes)
        {
            PosternCommand.Complain(mistake.In(words.Setting));
        }

        return loaded.IsSound ? loaded : null;
    }
}
