using System.CommandLine;
using System.CommandLine.Completions;
using Postern.Cli.Commands;
using Postern.Cli.Words;

namespace Postern.Packaging.Commands;

/// <summary>Reads the program's own commands: what the help says is said by the manual pages and the completion.</summary>
internal static class CommandTree
{
    /// <summary>The name of the program.</summary>
    public const string Program = "postern";

    /// <summary>The program with all its commands, in English.</summary>
    public static CommandEntry Read()
    {
        var english = Catalogue.For("en");
        return Read(PosternCommand.Create(new Wording(english, english)), [Program], english.Help);
    }

    private static CommandEntry Read(Command command, IReadOnlyList<string> words, IHelpWords sentences)
    {
        var help = sentences.Of(HelpPage.PathOf(command));
        return new CommandEntry(
            words,
            help.Summary,
            help.Uses,
            [.. command.Arguments.Where(argument => !argument.Hidden).Select(argument => Read(argument, help.Details[argument.Name]))],
            [.. HelpPage.Options(command).Select(option => Read(option, help.Details[option.Name]))],
            [.. command.Subcommands.Where(below => !below.Hidden).Select(below => Read(below, [.. words, below.Name], sentences))]);
    }

    private static ArgumentEntry Read(Argument argument, string meaning) => new(
        argument.HelpName ?? argument.Name,
        meaning,
        argument.Arity.MinimumNumberOfValues == 0,
        argument.Arity.MaximumNumberOfValues > 1,
        Values(argument));

    private static OptionEntry Read(Option option, string meaning)
    {
        var isSwitch = option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool);
        var values = isSwitch ? [] : Values(option);
        // The forms of other systems (-?, /h) work, and nobody writes them here.
        var names = option.Aliases.Append(option.Name).Where(name => name is ['-', not '?', ..]).Distinct(StringComparer.Ordinal).OrderBy(name => name.Length);
        return new OptionEntry(
            [.. names],
            meaning,
            isSwitch ? null : option.HelpName ?? (values.Count > 0 ? string.Join('|', values) : option.Name.TrimStart('-').ToUpperInvariant()),
            values);
    }

    private static List<string> Values(Symbol symbol) =>
        [.. symbol.GetCompletions(CompletionContext.Empty).Select(item => item.Label).Where(label => label is not ("true" or "false")).Order(StringComparer.Ordinal)];
}
