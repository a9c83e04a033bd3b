using System.CommandLine;
using System.Text;
using System.Text.Json;
using Postern.Cli.Daemon.Control;
using Postern.Cli.Terminal;
using Postern.Cli.Words;

namespace Postern.Cli.Commands;

/// <summary>Asks the running daemon, prints its reply, and turns it into an exit code.</summary>
internal static class DaemonRequest
{
    /// <summary>The option <c>--format</c> of the commands that ask the daemon.</summary>
    public static Option<string> FormatOption()
    {
        var format = new Option<string>("--format") { DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        return format;
    }

    /// <summary>The option <c>--wide</c> of the commands that show tables.</summary>
    public static Option<bool> WideOption() => new("--wide");

    /// <summary>Asks the daemon of a configuration; exit code 2 with one line where none answers.</summary>
    /// <param name="configPath">The configuration whose socket is used; null for the default one.</param>
    /// <param name="request">What to ask.</param>
    /// <param name="format"><c>text</c> or <c>json</c>.</param>
    /// <param name="wording">The languages.</param>
    /// <param name="text">How the reply reads for people.</param>
    /// <param name="stop">The operator's patience.</param>
    /// <param name="seen">Told the reply; null where nobody asks.</param>
    /// <param name="file">The file that the answer is written to; null for standard output.</param>
    public static async Task<int> RunAsync(
        string? configPath, ControlRequest request, string format, Wording wording, Func<JsonElement, string> text, CancellationToken stop,
        Action<JsonElement>? seen = null, string? file = null)
    {
        if (ConfigArgument.SocketOf(configPath) is not { } socket)
        {
            return ExitCodes.BadUsage;
        }

        var (reply, failure) = await new ControlClient(socket, wording.People.Errors).AskAsync(request with { Lang = wording.For(format).Tag }, stop);
        if (reply is null)
        {
            PosternCommand.Complain(failure!);
            return ExitCodes.BadUsage;
        }

        using (reply)
        {
            // The answer of a request that failed belongs to standard error, so that a script's output stays clean.
            var root = reply.RootElement;
            seen?.Invoke(root);
            if (IsRefusal(root, out var code) && format is not "json")
            {
                foreach (var line in DaemonText.AnswerLines(root))
                {
                    PosternCommand.Complain(line);
                }
            }
            else
            {
                using var output = file is null ? Console.OpenStandardOutput() : new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read);
                if (format is "json")
                {
                    ControlJson.WriteIndented(root, output);
                }
                else
                {
                    output.Write(Encoding.UTF8.GetBytes(text(root)));
                }
            }

            return code;
        }
    }

    /// <summary>True where the daemon did not do what was asked, with the exit code for it.</summary>
    public static bool IsRefusal(JsonElement reply, out int code)
    {
        code = !reply.TryGetProperty("outcome", out var outcome) ? ExitCodes.Success : outcome.GetString() switch
        {
            nameof(ControlOutcome.Done) => ExitCodes.Success,
            nameof(ControlOutcome.No) => ExitCodes.No,
            _ => ExitCodes.BadUsage,
        };
        return code != ExitCodes.Success;
    }
}
