using System.CommandLine;
using Postern.Cli.Configuration;
using Postern.Cli.Daemon.Control;
using Postern.Cli.Terminal;
using Postern.Cli.Words;

namespace Postern.Cli.Commands;

/// <summary>The commands about one or several addresses, networks or names: <c>ban</c>, <c>unban</c>, <c>allow</c>.</summary>
internal static class SubjectCommands
{
    /// <summary><c>ban ADDR...</c>, and <c>ban -</c> for a list on standard input.</summary>
    public static Command Ban(Wording wording)
    {
        var words = wording.People.Errors;
        var reason = new Option<string?>("--reason") { HelpName = "TEXT" };
        var (subjects, length, config, format) = (Subjects(ArgumentArity.OneOrMore), LengthOption(), ConfigArgument.Create(), DaemonRequest.FormatOption());
        var command = new Command("ban") { subjects, length, reason, config, format };
        command.SetAction((parsed, stop) => TryLength(parsed.GetValue(length), words, out var seconds)
            ? new SubjectRequest(wording, parsed.GetValue(config), parsed.GetRequiredValue(format), text => DaemonCommands.FaultOfNetwork(text, words))
                .RunAsync(parsed.GetRequiredValue(subjects), new ControlRequest(ControlCommands.Ban) { ForSeconds = seconds, Reason = Given(parsed.GetValue(reason)) }, stop)
            : Task.FromResult(ExitCodes.BadUsage));
        return command;
    }

    /// <summary><c>unban ADDR...</c>, <c>unban -</c>, <c>unban --all</c>.</summary>
    public static Command Unban(Wording wording)
    {
        var words = wording.People.Errors;
        var all = new Option<bool>("--all");
        var (subjects, config, format) = (Subjects(ArgumentArity.ZeroOrMore), ConfigArgument.Create(), DaemonRequest.FormatOption());
        var command = new Command("unban") { subjects, all, config, format };
        command.SetAction((parsed, stop) =>
        {
            var texts = parsed.GetValue(subjects) ?? [];
            if (parsed.GetValue(all) == (texts.Length > 0))
            {
                return Task.FromResult(DaemonCommands.Complain(words.AddressOrAll));
            }

            return parsed.GetValue(all)
                ? DaemonRequest.RunAsync(parsed.GetValue(config), new ControlRequest(ControlCommands.Unban) { All = true }, parsed.GetRequiredValue(format), wording, DaemonText.Answer, stop)
                : new SubjectRequest(wording, parsed.GetValue(config), parsed.GetRequiredValue(format), text => DaemonCommands.FaultOfNetwork(text, words))
                    .RunAsync(texts, new ControlRequest(ControlCommands.Unban), stop);
        });
        return command;
    }

    /// <summary><c>allow ADDR...</c>, <c>allow list</c>, <c>allow remove ADDR...</c>.</summary>
    public static Command Allow(Wording wording)
    {
        var words = wording.People.Errors;
        var (subjects, length, config, format) = (Subjects(ArgumentArity.OneOrMore), LengthOption(), ConfigArgument.Create(), DaemonRequest.FormatOption());
        var command = new Command("allow") { subjects, length, config, format };
        command.SetAction((parsed, stop) => TryLength(parsed.GetValue(length), words, out var seconds)
            ? new SubjectRequest(wording, parsed.GetValue(config), parsed.GetRequiredValue(format), FaultOfEntry)
                .RunAsync(parsed.GetRequiredValue(subjects), new ControlRequest(ControlCommands.Allow) { ForSeconds = seconds }, stop)
            : Task.FromResult(ExitCodes.BadUsage));
        command.Add(DaemonCommands.Table("list", ControlCommands.Allowed, wording, static (text, reply) => text.Allowed(reply)));
        var (removed, removeConfig, removeFormat) = (Subjects(ArgumentArity.OneOrMore), ConfigArgument.Create(), DaemonRequest.FormatOption());
        var remove = new Command("remove") { removed, removeConfig, removeFormat };
        remove.SetAction((parsed, stop) => new SubjectRequest(wording, parsed.GetValue(removeConfig), parsed.GetRequiredValue(removeFormat), FaultOfEntry)
            .RunAsync(parsed.GetRequiredValue(removed), new ControlRequest(ControlCommands.Disallow), stop));
        command.Add(remove);
        return command;

        string? FaultOfEntry(string text) => AllowEntry.TryParseAny(text) is null ? words.NotAName(text) : null;
    }

    private static Argument<string[]> Subjects(ArgumentArity arity) => new("ADDR") { Arity = arity };

    private static Option<string?> LengthOption() => new("--for") { HelpName = "TIME" };

    private static bool TryLength(string? text, IErrorWords words, out double? seconds)
    {
        seconds = null;
        if (text is null)
        {
            return true;
        }

        if (!DurationText.TryParse(text, out var span) || span < TimeSpan.FromSeconds(1))
        {
            DaemonCommands.Complain(words.BadSpan(text));
            return false;
        }

        seconds = span.TotalSeconds;
        return true;
    }

    // An empty reason is none.
    private static string? Given(string? reason) => string.IsNullOrWhiteSpace(reason) ? null : reason;
}
