using System.CommandLine;
using System.CommandLine.Parsing;
using Postern.Cli.Configuration;
using Postern.Cli.Words;

namespace Postern.Cli.Commands;

/// <summary>Tells the first mistake of a command line in the operator's language.</summary>
/// <param name="words">The language.</param>
internal sealed class UsageErrors(IErrorWords words)
{
    /// <summary>The mistake in one line, with where help is.</summary>
    public string Tell(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        var root = parsed.RootCommandResult.Command;
        if (arguments is [{ Length: > 0 } name, ..] && name[0] != '-' && root.Subcommands.All(command => !string.Equals(command.Name, name, StringComparison.Ordinal)))
        {
            return words.UnknownCommand(name, NearestName.Of(name, root.Subcommands.Select(static command => command.Name))) + words.SeeHelp("postern");
        }

        var path = HelpPage.PathOf(parsed.CommandResult.Command);
        var command = path.Length == 0 ? "postern" : "postern " + path;
        return Reason(parsed, parsed.Errors[0], command) + words.SeeHelp(command);
    }

    private string Reason(ParseResult parsed, ParseError error, string command)
    {
        var plain = string.Join(' ', error.Message.Split((char[])['\n', '\r', '\t', ' '], StringSplitOptions.RemoveEmptyEntries));
        switch (error.SymbolResult)
        {
            case OptionResult { Tokens.Count: 0 } option:
                return words.MissingValue(option.Option.Name);
            case OptionResult { Tokens: [.., var token] } option:
                return Choices(option.Option) is { Count: > 0 } choices ? words.NotOneOf(option.Option.Name, token.Value, choices)
                    : option.Option.ValueType == typeof(int) || option.Option.ValueType == typeof(int?)
                        ? (int.TryParse(token.Value, System.Globalization.CultureInfo.InvariantCulture, out _) ? plain : words.NotANumber(option.Option.Name, token.Value))
                    : plain;
            case ArgumentResult { Tokens.Count: 0 } argument:
                return words.MissingArgument(argument.Argument.Name, command);
            case CommandResult result when parsed.UnmatchedTokens.Count == 0 && result.Command.Subcommands.Count > 0:
                return words.MissingCommand(command, result.Command.Subcommands.Select(static one => one.Name));
            case CommandResult result when parsed.UnmatchedTokens.Count == 0 && result.Command.Arguments.FirstOrDefault(argument => result.GetResult(argument) is not { Tokens.Count: > 0 }) is { } missing:
                return words.MissingArgument(missing.Name, command);
            default:
                return parsed.UnmatchedTokens is [var word, ..] ? words.Unrecognised(word) : plain;
        }
    }

    private static List<string> Choices(Option option) =>
        [.. option.GetCompletions(System.CommandLine.Completions.CompletionContext.Empty).Select(static item => item.Label).Where(static label => label.Length > 0)];
}
