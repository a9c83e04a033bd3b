using System.CommandLine;
using System.Text.Json;
using Postern.Cli.Configuration;
using Postern.Cli.Daemon.Control;
using Postern.Cli.Terminal;
using Postern.Facts;

namespace Postern.Cli.Commands;

/// <summary>The commands that ask the running daemon: <c>status</c>, <c>bans</c>, <c>ban</c>, <c>unban</c>, <c>allow</c>, <c>reload</c>, <c>top</c>.</summary>
internal static class DaemonCommands
{
    /// <summary>All of them.</summary>
    public static IEnumerable<Command> Create()
    {
        yield return Plain("status", "How the daemon does: jails, sources, firewalls, troubles", ControlCommands.Status, DaemonText.Status);
        yield return Plain("bans", "Who is banned, until when and why", ControlCommands.Bans, DaemonText.Bans);
        yield return Ban();
        yield return Subject("unban", "Lift the bans of an address or network", "An address or network", ControlCommands.Unban, IsNetwork);
        yield return Subject("allow", "Never ban an address, network or name, and lift its bans", "An address, network or DNS name", ControlCommands.Allow, static text =>
            AllowEntry.TryParse(text) is null ? $"'{text}' is no address, network or DNS name" : null);
        yield return Brake();
        yield return Top();
        yield return Plain("reload", "Read the configuration again; one with mistakes is refused, and the old one stays", ControlCommands.Reload, DaemonText.Answer);
    }

    private static string? IsNetwork(string text) => ClientNetwork.TryParse(text, out _) ? null : $"'{text}' is no address or network";

    private static Command Plain(string name, string description, string request, Func<JsonElement, string> text)
    {
        var (config, format) = (ConfigArgument.Create(), DaemonRequest.FormatOption());
        var command = new Command(name, description) { config, format };
        command.SetAction((parsed, stop) => DaemonRequest.RunAsync(parsed.GetValue(config), new ControlRequest(request), parsed.GetRequiredValue(format), text, stop));
        return command;
    }

    private static Command Subject(string name, string description, string takes, string request, Func<string, string?> fault)
    {
        var subject = new Argument<string>("ADDR") { Description = takes };
        var (config, format) = (ConfigArgument.Create(), DaemonRequest.FormatOption());
        var command = new Command(name, description) { subject, config, format };
        command.SetAction(async (parsed, stop) =>
        {
            var text = parsed.GetRequiredValue(subject);
            return fault(text) is { } complaint ? Complain(complaint) : await DaemonRequest.RunAsync(
                parsed.GetValue(config), new ControlRequest(request) { Subject = text }, parsed.GetRequiredValue(format), DaemonText.Answer, stop);
        });
        return command;
    }

    private static Command Ban()
    {
        var subject = new Argument<string>("ADDR") { Description = "An address or network" };
        var length = new Option<string?>("--for") { Description = "How long: 90s, 10m, 1h, 7d; else the jail's bantime", HelpName = "TIME" };
        var reason = new Option<string?>("--reason") { Description = "Why, for the record", HelpName = "TEXT" };
        var (config, format) = (ConfigArgument.Create(), DaemonRequest.FormatOption());
        var command = new Command("ban", "Ban an address or network for a time") { subject, length, reason, config, format };
        command.SetAction(async (parsed, stop) =>
        {
            if (IsNetwork(parsed.GetRequiredValue(subject)) is { } complaint)
                return Complain(complaint);
            double? seconds = null;
            if (parsed.GetValue(length) is { } text)
            {
                if (!DurationText.TryParse(text, out var span) || span < TimeSpan.FromSeconds(1))
                    return Complain($"--for takes a time such as 90s, 10m, 1h or 7d, not '{text}'");
                seconds = span.TotalSeconds;
            }

            var request = new ControlRequest(ControlCommands.Ban) { Subject = parsed.GetRequiredValue(subject), ForSeconds = seconds, Reason = parsed.GetValue(reason) };
            return await DaemonRequest.RunAsync(parsed.GetValue(config), request, parsed.GetRequiredValue(format), DaemonText.Answer, stop);
        });
        return command;
    }

    private static Command Brake()
    {
        var reason = new Argument<string?>("REASON") { Description = "What to let go of, as status names it; all without", Arity = ArgumentArity.ZeroOrOne };
        var (config, format) = (ConfigArgument.Create(), DaemonRequest.FormatOption());
        var release = new Command("release", "Let go, and decide the held bans again: it is an attack") { reason, config, format };
        release.SetAction((parsed, stop) => DaemonRequest.RunAsync(
            parsed.GetValue(config), new ControlRequest(ControlCommands.ReleaseBrake) { Subject = parsed.GetValue(reason) }, parsed.GetRequiredValue(format), DaemonText.Answer, stop));
        return new Command("brake", "What the brake holds, and how it lets go") { release };
    }

    private static Command Top()
    {
        var (config, format) = (ConfigArgument.Create(), DaemonRequest.FormatOption());
        var once = new Option<bool>("--once") { Description = "Show one view and end" };
        var command = new Command("top", "The busiest clients, live; q leaves") { once, config, format };
        command.SetAction((parsed, stop) =>
        {
            var isLive = !parsed.GetValue(once) && parsed.GetRequiredValue(format) is "text" && !Console.IsOutputRedirected;
            return isLive
                ? new TopView(parsed.GetValue(config), TimeProvider.System).RunAsync(stop)
                : DaemonRequest.RunAsync(parsed.GetValue(config), new ControlRequest(ControlCommands.Top), parsed.GetRequiredValue(format), DaemonText.Top, stop);
        });
        return command;
    }

    private static int Complain(string line)
    {
        PosternCommand.Complain(line);
        return ExitCodes.BadUsage;
    }
}
