using System.CommandLine;
using System.Text.Json;
using Postern.Cli.Daemon.Control;
using Postern.Cli.Daemon.Metrics;
using Postern.Cli.Terminal;
using Postern.Cli.Words;
using Postern.Facts;

namespace Postern.Cli.Commands;

/// <summary>The commands that ask the running daemon: <c>status</c>, <c>bans</c>, <c>ban</c>, <c>unban</c>, <c>allow</c>, <c>reload</c>, <c>top</c>, <c>hosts</c>, <c>metrics</c>, <c>notify</c>.</summary>
internal static class DaemonCommands
{
    /// <summary>All of them.</summary>
    public static IEnumerable<Command> Create(Wording wording)
    {
        var words = wording.People.Errors;
        yield return Table("status", ControlCommands.Status, wording, static (text, reply) => text.Status(reply), new Argument<string?>("JAIL") { Arity = ArgumentArity.ZeroOrOne }, static _ => null);
        yield return Table("bans", ControlCommands.Bans, wording, static (text, reply) => text.Bans(reply), new Argument<string?>("ADDR") { Arity = ArgumentArity.ZeroOrOne }, text => FaultOfNetwork(text, words));
        yield return SubjectCommands.Ban(wording);
        yield return SubjectCommands.Unban(wording);
        yield return SubjectCommands.Allow(wording);
        yield return Brake(wording);
        yield return Top(wording);
        yield return Table("hosts", ControlCommands.Hosts, wording, static (text, reply) => text.Hosts(reply));
        yield return Metrics(wording);
        yield return Reload(wording);
        yield return Notify(wording);
    }

    /// <summary>Why a text is no address or network; null where it is one.</summary>
    internal static string? FaultOfNetwork(string text, IErrorWords words) => ClientNetwork.TryParse(text, out _) ? null : words.NotANetwork(text);

    /// <summary>A command that shows a table, of all or of one subject; one that finds nothing of that subject answers 'no'.</summary>
    internal static Command Table(
        string name, string request, Wording wording, Func<DaemonText, JsonElement, string> write, Argument<string?>? subject = null, Func<string, string?>? fault = null)
    {
        var (wide, config, format) = (DaemonRequest.WideOption(), ConfigArgument.Create(), DaemonRequest.FormatOption());
        var command = new Command(name) { wide, config, format };
        if (subject is not null)
        {
            command.Arguments.Add(subject);
        }

        command.SetAction(async (parsed, stop) =>
        {
            var about = subject is null ? null : parsed.GetValue(subject);
            if (about is not null && fault?.Invoke(about) is { } complaint)
            {
                return Complain(complaint);
            }

            var text = new DaemonText(wording.People.Daemon, parsed.GetValue(wide));
            var isEmpty = false;
            var code = await DaemonRequest.RunAsync(
                parsed.GetValue(config), new ControlRequest(request) { Subject = about }, parsed.GetRequiredValue(format), wording, reply => write(text, reply), stop,
                reply => isEmpty = about is not null && reply.TryGetProperty("bans", out var bans) && bans.GetArrayLength() == 0);
            return code == ExitCodes.Success && isEmpty ? ExitCodes.No : code;
        });
        return command;
    }

    private static Command Reload(Wording wording)
    {
        var (config, format) = (ConfigArgument.Create(), DaemonRequest.FormatOption());
        var command = new Command("reload") { config, format };
        command.SetAction((parsed, stop) => DaemonRequest.RunAsync(
            parsed.GetValue(config), new ControlRequest(ControlCommands.Reload), parsed.GetRequiredValue(format), wording, DaemonText.Answer, stop));
        return command;
    }

    private static Command Notify(Wording wording)
    {
        var (config, format) = (ConfigArgument.Create(), DaemonRequest.FormatOption());
        var test = new Command("test") { config, format };
        test.SetAction((parsed, stop) => DaemonRequest.RunAsync(
            parsed.GetValue(config), new ControlRequest(ControlCommands.NotifyTest), parsed.GetRequiredValue(format), wording, DaemonText.Answer, stop));
        return new Command("notify") { test };
    }

    private static Command Brake(Wording wording)
    {
        var reason = new Argument<string?>("REASON") { Arity = ArgumentArity.ZeroOrOne };
        var (config, format) = (ConfigArgument.Create(), DaemonRequest.FormatOption());
        var release = new Command("release") { reason, config, format };
        release.SetAction((parsed, stop) => DaemonRequest.RunAsync(
            parsed.GetValue(config), new ControlRequest(ControlCommands.ReleaseBrake) { Subject = parsed.GetValue(reason) }, parsed.GetRequiredValue(format), wording, DaemonText.Answer, stop));
        return new Command("brake") { release };
    }

    private static Command Top(Wording wording)
    {
        var (wide, config, format) = (DaemonRequest.WideOption(), ConfigArgument.Create(), DaemonRequest.FormatOption());
        var once = new Option<bool>("--once");
        var command = new Command("top") { once, wide, config, format };
        command.SetAction((parsed, stop) =>
        {
            var isLive = !parsed.GetValue(once) && parsed.GetRequiredValue(format) is "text" && !Console.IsOutputRedirected;
            return isLive
                ? new TopView(parsed.GetValue(config), wording, TimeProvider.System).RunAsync(stop)
                : DaemonRequest.RunAsync(
                    parsed.GetValue(config), new ControlRequest(ControlCommands.Top), parsed.GetRequiredValue(format), wording, new DaemonText(wording.People.Daemon, parsed.GetValue(wide)).Top, stop);
        });
        return command;
    }

    private static Command Metrics(Wording wording)
    {
        var (config, format) = (ConfigArgument.Create(), DaemonRequest.FormatOption());
        var command = new Command("metrics") { config, format };
        command.SetAction((parsed, stop) => DaemonRequest.RunAsync(
            parsed.GetValue(config), new ControlRequest(ControlCommands.Metrics), parsed.GetRequiredValue(format), wording,
            static reply => OpenMetricsText.Write(reply.Deserialize(ControlJson.Default.MetricsReply)!), stop));
        return command;
    }

    /// <summary>Says what is wrong with the command line.</summary>
    internal static int Complain(string line)
    {
        PosternCommand.Complain(line);
        return ExitCodes.BadUsage;
    }
}
