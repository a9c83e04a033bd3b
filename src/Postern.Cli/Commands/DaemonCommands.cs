using System.CommandLine;
using System.Text.Json;
using Postern.Cli.Configuration;
using Postern.Cli.Control;

namespace Postern.Cli.Commands;

/// <summary>The commands that ask the running daemon: <c>status</c>, <c>bans</c>, <c>ban</c>, <c>unban</c>, <c>allow</c>, <c>reload</c>, <c>top</c>.</summary>
internal static class DaemonCommands
{
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(1);

    /// <summary>All of them.</summary>
    public static IEnumerable<Command> Create()
    {
        yield return Plain("status", "How the daemon does", ControlCommands.Status, DaemonText.Status);
        yield return Plain("bans", "Who is banned, until when and why", ControlCommands.Bans, DaemonText.Bans);
        yield return Plain("reload", "Read the configuration again", ControlCommands.Reload, DaemonText.Answer);
        yield return Ban();
        yield return Subject("unban", "Lift the bans of an address or network", ControlCommands.Unban);
        yield return Subject("allow", "Never ban an address, network or name", ControlCommands.Allow);
        yield return Top();
    }

    /// <summary>Asks the daemon and prints its reply.</summary>
    public static async Task<int> AskAsync(string? configPath, ControlRequest request, string format, Func<JsonElement, string> text, CancellationToken stop)
    {
        if (RunCommand.Load(configPath, checkFiles: false) is not { } config)
            return ExitCodes.BadUsage;
        var (reply, failure) = await new ControlClient(config.Options.Socket).AskAsync(request, stop);
        if (reply is null)
        {
            PosternCommand.Complain(failure!);
            return ExitCodes.BadUsage;
        }

        using (reply)
        {
            if (format is "json")
            {
                using var output = Console.OpenStandardOutput();
                ControlJson.WriteIndented(reply.RootElement, output);
            }
            else
            {
                Console.Out.Write(text(reply.RootElement));
            }

            return Outcome(reply.RootElement);
        }
    }

    private static int Outcome(JsonElement reply) => !reply.TryGetProperty("outcome", out var outcome) ? ExitCodes.Success : outcome.GetString() switch
    {
        nameof(ControlOutcome.Done) => ExitCodes.Success,
        nameof(ControlOutcome.No) => ExitCodes.No,
        _ => ExitCodes.BadUsage,
    };

    private static Option<string> Format()
    {
        var format = new Option<string>("--format") { Description = "text or json", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        return format;
    }

    private static Command Plain(string name, string description, string request, Func<JsonElement, string> text)
    {
        var (config, format) = (RunCommand.ConfigOption(), Format());
        var command = new Command(name, description) { config, format };
        command.SetAction((parsed, stop) => AskAsync(parsed.GetValue(config), new ControlRequest(request), parsed.GetRequiredValue(format), text, stop));
        return command;
    }

    private static Command Subject(string name, string description, string request)
    {
        var subject = new Argument<string>("ADDR") { Description = "An address or network" };
        var (config, format) = (RunCommand.ConfigOption(), Format());
        var command = new Command(name, description) { subject, config, format };
        command.SetAction((parsed, stop) => AskAsync(
            parsed.GetValue(config), new ControlRequest(request) { Subject = parsed.GetRequiredValue(subject) }, parsed.GetRequiredValue(format), DaemonText.Answer, stop));
        return command;
    }

    private static Command Ban()
    {
        var subject = new Argument<string>("ADDR") { Description = "An address or network" };
        var length = new Option<string?>("--for") { Description = "How long: 90s, 10m, 1h, 7d; else the jail's bantime", HelpName = "TIME" };
        var reason = new Option<string?>("--reason") { Description = "Why, for the record", HelpName = "TEXT" };
        var (config, format) = (RunCommand.ConfigOption(), Format());
        var command = new Command("ban", "Ban an address or network") { subject, length, reason, config, format };
        command.SetAction(async (parsed, stop) =>
        {
            double? seconds = null;
            if (parsed.GetValue(length) is { } text)
            {
                if (!DurationText.TryParse(text, out var span))
                {
                    PosternCommand.Complain($"--for takes a time such as 90s, 10m, 1h or 7d, not '{text}'");
                    return ExitCodes.BadUsage;
                }

                seconds = span.TotalSeconds;
            }

            var request = new ControlRequest(ControlCommands.Ban) { Subject = parsed.GetRequiredValue(subject), ForSeconds = seconds, Reason = parsed.GetValue(reason) };
            return await AskAsync(parsed.GetValue(config), request, parsed.GetRequiredValue(format), DaemonText.Answer, stop);
        });
        return command;
    }

    private static Command Top()
    {
        var (config, format) = (RunCommand.ConfigOption(), Format());
        var once = new Option<bool>("--once") { Description = "Show one view and end" };
        var command = new Command("top", "The busiest clients, live") { config, format, once };
        command.SetAction(async (parsed, stop) =>
        {
            var request = new ControlRequest(ControlCommands.Top) { Most = 20 };
            var isLive = !parsed.GetValue(once) && parsed.GetRequiredValue(format) is "text" && !Console.IsOutputRedirected;
            while (true)
            {
                if (isLive)
                    Console.Out.Write("\u001b[H\u001b[2J");
                var code = await AskAsync(parsed.GetValue(config), request, parsed.GetRequiredValue(format), DaemonText.Top, stop);
                if (!isLive || code != ExitCodes.Success)
                    return code;
                await Task.Delay(s_refresh, stop);
            }
        });
        return command;
    }
}
