using System.CommandLine;
using Postern.Cli.Configuration;
using Postern.Cli.Terminal;
using Postern.Cli.Words;

namespace Postern.Cli.Commands;

/// <summary>
/// <c>postern web</c>: reads the configuration and becomes <c>postern-web</c>, the program beside this one that serves the page. So the
/// configuration is read by one program alone, and none but that one stays.
/// </summary>
internal static class WebCommand
{
    private const string Program = "postern-web";

    /// <summary>The command with its options.</summary>
    public static Command Create(Wording wording)
    {
        var config = ConfigArgument.Create();
        var command = new Command("web") { config };
        command.SetAction((parsed, _) => Task.FromResult(
            ConfigArgument.Load(parsed.GetValue(config)) is not { } loaded ? ExitCodes.BadUsage : Run(loaded, wording.People.Errors)));
        return command;
    }

    /// <summary>The arguments of postern-web.</summary>
    /// <param name="loaded">The configuration.</param>
    /// <param name="own">The path of this program.</param>
    public static IReadOnlyList<string> Arguments(LoadedConfig loaded, string own)
    {
        var web = loaded.Options.Web;
        return
        [
            "--listen", web.Listen.ToString(), "--socket", loaded.Options.Socket, "--program", own, "--config", Path.GetFullPath(loaded.File),
            .. web.TokenFile is { } file ? (string[])["--token-file", file] : [],
            .. web.Hosts.SelectMany(static host => (string[])["--host", host]),
            .. web.BehindProxy ? (string[])["--behind-proxy"] : [],
            .. web.IsReadFree ? (string[])[] : ["--reads-need-token"],
        ];
    }

    private static int Run(LoadedConfig loaded, IErrorWords words)
    {
        var own = Environment.ProcessPath!;
        var program = Path.Combine(Path.GetDirectoryName(own)!, Program);
        // It does not return where it works.
        var why = File.Exists(program) ? ProgramReplacement.Run(program, [program, .. Arguments(loaded, own)]) : null;
        PosternCommand.Complain(words.NoWebProgram(program, why));
        return ExitCodes.BadUsage;
    }
}
