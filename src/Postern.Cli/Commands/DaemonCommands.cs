using System.CommandLine;
using System.Text.Json;
using Postern.Cli.Configuration;
using Postern.Cli.Daemon.Control;
using Postern.Cli.Terminal;
using Postern.Cli.Words;
using Postern.Facts;

namespace Postern.Cli.Commands;

/// <summary>The commands that ask the running daemon: <c>status</c>, <c>bans</c>, <c>ban</c>, <c>unban</c>, <c>allow</c>, <c>reload</c>, <c>top</c>.</summary>
internal static class DaemonCommands
{
    /// <summary>All of them.</summary>
    public static IEnumerable<Command> Create(Wording wording)
    {
        var words = wording.People.Errors;
        yield return Table("status", ControlCommands.Status, wording, static (text, reply) => text.Status(reply));
        yield return Table("bans", ControlCommands.Bans, wording, static (text, reply) => text.Bans(reply));
        yield return Ban(wording);
        yield return Subject("unban", ControlCommands.Unban, wording, text => FaultOfNetwork(text, words));
        yield return Subject("allow", ControlCommands.Allow, wording, text => AllowEntry.TryParse(text) is null ? words.NotAName(text) : null);
        yield return Brake(wording);
        yield return Top(wording);
        yield return Reload(wording);
    }

    private static string? FaultOfNetwork(string text, IErrorWords words) => ClientNetwork.TryParse(text, out _) ? null : words.NotANetwork(text);

    private static Command Table(string name, string request, Wording wording, Func<DaemonText, JsonElement, string> write)
    {
        var (wide, config, format) = (DaemonRequest.WideOption(), ConfigArgument.Create(), DaemonRequest.FormatOption());
        var command = new Command(name) { wide, config, format };
        command.SetAction((parsed, stop) =>
        {
            var text = new DaemonText(wording.People.Daemon, parsed.GetValue(wide));
            return DaemonRequest.RunAsync(parsed.GetValue(config), new ControlRequest(request), parsed.GetRequiredValue(format), wording, reply => write(text, reply), stop);
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

    private static Command Subject(string name, string request, Wording wording, Func<string, string?> fault)
    {
        var subject = new Argument<string>("ADDR");
        var (config, format) = (ConfigArgument.Create(), DaemonRequest.FormatOption());
        var command = new Command(name) { subject, config, format };
        command.SetAction(async (parsed, stop) =>
        {
            var text = parsed.GetRequiredValue(subject);
            return fault(text) is { } complaint ? Complain(complaint) : await DaemonRequest.RunAsync(
                parsed.GetValue(config), new ControlRequest(request) { Subject = text }, parsed.GetRequiredValue(format), wording, DaemonText.Answer, stop);
        });
        return command;
    }

    private static Command Ban(Wording wording)
    {
        var words = wording.People.Errors;
        var subject = new Argument<string>("ADDR");
        var length = new Option<string?>("--for") { HelpName = "TIME" };
        var reason = new Option<string?>("--reason") { HelpName = "TEXT" };
        var (config, format) = (ConfigArgument.Create(), DaemonRequest.FormatOption());
        var command = new Command("ban") { subject, length, reason, config, format };
        command.SetAction(async (parsed, stop) =>
        {
            if (FaultOfNetwork(parsed.GetRequiredValue(subject), words) is { } complaint)
                return Complain(complaint);
            double? seconds = null;
            if (parsed.GetValue(length) is { } text)
            {
                if (!DurationText.TryParse(text, out var span) || span < TimeSpan.FromSeconds(1))
                    return Complain(words.BadSpan(text));
                seconds = span.TotalSeconds;
            }

            var request = new ControlRequest(ControlCommands.Ban) { Subject = parsed.GetRequiredValue(subject), ForSeconds = seconds, Reason = parsed.GetValue(reason) };
            return await DaemonRequest.RunAsync(parsed.GetValue(config), request, parsed.GetRequiredValue(format), wording, DaemonText.Answer, stop);
        });
        return command;
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

    private static int Complain(string line)
    {
        PosternCommand.Complain(line);
        return ExitCodes.BadUsage;
    }
}
