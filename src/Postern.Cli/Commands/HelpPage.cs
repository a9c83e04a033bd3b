using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text;
using Postern.Cli.Terminal;
using Postern.Cli.Words;
using Postern.Reports.Content;
using Postern.Reports.Text;

namespace Postern.Cli.Commands;

/// <summary>The help of a command: what it does, its commonest uses, then its arguments and options.</summary>
/// <param name="words">The language.</param>
internal sealed class HelpPage(IHelpWords words)
{
    private const string Between = "  ";
    private const int MostCells = 28;

    /// <summary>Lets <c>--help</c> of a command and all below it show these pages.</summary>
    public static void Attach(RootCommand root, IHelpWords words)
    {
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new Show(new HelpPage(words));
        }
    }

    /// <summary>The words by which a command is called, without the program's: <c>filter test</c>; empty for the program.</summary>
    public static string PathOf(Command command) => command is RootCommand ? ""
        : string.Join(' ', command.Parents.OfType<Command>().Where(static parent => parent is not RootCommand).Select(PathOf).Append(command.Name));

    /// <summary>The page.</summary>
    public string Text(Command command)
    {
        var path = PathOf(command);
        var help = words.Of(path);
        var name = path.Length == 0 ? "postern" : $"postern {path}";
        var text = new StringBuilder();
        Paragraph(text, $"{name}: {help.Summary}", 0);
        text.Append('\n').Append(words.Uses).Append('\n');
        var widest = help.Uses.Max(static use => Cells.Of(use.Line));
        foreach (var use in help.Uses)
        {
            text.Append(Between).Append(use.Line);
            var fits = Between.Length + widest + Between.Length + Cells.Of(use.Purpose) <= TextStyle.WidestLine;
            text.Append(fits ? new string(' ', widest - Cells.Of(use.Line)) + Between : "\n      ").Append(use.Purpose).Append('\n');
        }

        text.Append('\n').Append(words.Syntax).Append(' ').Append(Syntax(command, name)).Append('\n');
        if (command.Subcommands.Count > 0)
        {
            text.Append('\n').Append(words.Commands).Append('\n');
            Rows(text, command.Subcommands.Where(static one => !one.Hidden).Select(one => (one.Name, words.Of(PathOf(one)).Summary)));
            Paragraph(text, words.More($"{name} {(path.Length == 0 ? "COMMAND" : "NAME")} --help"), 0);
        }

        text.Append('\n').Append(words.Details).Append('\n');
        Rows(text, command.Arguments.Select(argument => (argument.Name, help.Details[argument.Name])).Concat(
            Options(command).Select(option => (Shown(option), help.Details[option.Name]))));
        return text.ToString();
    }

    /// <summary>The options that a command takes, those of the program for all commands included.</summary>
    public static IEnumerable<Option> Options(Command command)
    {
        var above = command.Parents.OfType<Command>().SelectMany(Options).Where(static option => option.Recursive);
        return command.Options.Concat(above).Where(static option => !option.Hidden).DistinctBy(static option => option.Name, StringComparer.Ordinal);
    }

    private static string Shown(Option option)
    {
        var aliases = option.Aliases.Where(alias => alias.Length == 2 && alias[0] == '-' && alias[1] != '?').Select(static alias => alias + ", ");
        return string.Concat(aliases) + option.Name + (option.HelpName is { } value ? " " + value : "");
    }

    private string Syntax(Command command, string name)
    {
        var parts = command.Arguments.Select(static argument => (argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name}]" : argument.Name) + (argument.Arity.MaximumNumberOfValues > 1 ? "..." : ""));
        return string.Join(' ', [name, .. command.Subcommands.Count > 0 ? (string[])["COMMAND"] : [], $"[{words.Options}]", .. parts]);
    }

    private static void Rows(StringBuilder text, IEnumerable<(string Name, string Meaning)> rows)
    {
        var all = rows.ToList();
        var widest = Math.Min(MostCells, all.Max(static row => Cells.Of(row.Name)));
        var indent = Between.Length + widest + Between.Length;
        foreach (var (name, meaning) in all)
        {
            text.Append(Between).Append(name).Append(Cells.Of(name) > widest ? "\n" + new string(' ', indent) : new string(' ', widest - Cells.Of(name)) + Between);
            var isFirst = true;
            foreach (var line in LineBreaker.Lines(meaning, TextStyle.WidestLine - indent, TextStyle.WidestLine - indent))
            {
                text.Append(isFirst ? "" : new string(' ', indent)).Append(line).Append('\n');
                isFirst = false;
            }
        }
    }

    private static void Paragraph(StringBuilder text, string sentence, int indent)
    {
        foreach (var line in LineBreaker.Lines(sentence, TextStyle.WidestLine - indent, TextStyle.WidestLine - indent))
        {
            text.Append(' ', indent).Append(line).Append('\n');
        }
    }

    private sealed class Show(HelpPage page) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            Console.Out.Write(page.Text(parseResult.CommandResult.Command));
            return ExitCodes.Success;
        }
    }
}
