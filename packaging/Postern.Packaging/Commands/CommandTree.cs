using System.CommandLine;
using System.CommandLine.Completions;
using Postern.Cli.Commands;

namespace Postern.Packaging.Commands;

/// <summary>Reads the program's own commands: what the help says is said by the manual pages and the completion.</summary>
internal static class CommandTree
{
    /// <summary>The name of the program.</summary>
    public const string Program = "postern";

    /// <summary>The program with all its commands.</summary>
    public static CommandEntry Read() => Read(PosternCommand.Create(), [Program], []);

    private static CommandEntry Read(Command command, IReadOnlyList<string> words, IReadOnlyList<OptionEntry> inherited)
    {
        var own = command.Options.Where(option => !option.Hidden).Select(Read).ToList();
        // --help belongs to the program, and every command takes it.
        var passedOn = command.Options.Where(option => option is { Hidden: false, Recursive: true }).Select(Read).Concat(inherited).ToList();
        return new CommandEntry(
            words,
            command.Description ?? "",
            [.. command.Arguments.Where(argument => !argument.Hidden).Select(Read)],
            [.. own, .. inherited],
            [.. command.Subcommands.Where(below => !below.Hidden).Select(below => Read(below, [.. words, below.Name], passedOn))]);
    }

    private static ArgumentEntry Read(Argument argument) => new(
        argument.HelpName ?? argument.Name,
        argument.Description ?? "",
        argument.Arity.MinimumNumberOfValues == 0,
        argument.Arity.MaximumNumberOfValues > 1,
        Values(argument));

    private static OptionEntry Read(Option option)
    {
        var isSwitch = option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool);
        var values = isSwitch ? [] : Values(option);
        // The forms of other systems (-?, /h) work, and nobody writes them here.
        var names = option.Aliases.Append(option.Name).Where(name => name is ['-', not '?', ..]).Distinct(StringComparer.Ordinal).OrderBy(name => name.Length);
        return new OptionEntry(
            [.. names],
            option.Description ?? "",
            isSwitch ? null : option.HelpName ?? (values.Count > 0 ? string.Join('|', values) : option.Name.TrimStart('-').ToUpperInvariant()),
            values,
            isSwitch || !option.HasDefaultValue ? null : Convert.ToString(option.GetDefaultValue(), System.Globalization.CultureInfo.InvariantCulture) is { Length: > 0 } value ? value : null);
    }

    private static List<string> Values(Symbol symbol) =>
        [.. symbol.GetCompletions(CompletionContext.Empty).Select(item => item.Label).Where(label => label is not ("true" or "false")).Order(StringComparer.Ordinal)];
}
