using System.Text;
using Postern.Packaging.Commands;

namespace Postern.Packaging.Completion;

/// <summary>The completion for zsh: <c>/usr/share/zsh/vendor-completions/_postern</c>.</summary>
internal static class ZshCompletion
{
    /// <summary>Writes the script.</summary>
    public static string Write(CommandEntry program)
    {
        var text = new StringBuilder($"#compdef {program.Name}\n# zsh completion for {program.Name}. Made by packaging/Postern.Packaging; do not change it by hand.\n");
        foreach (var command in program.Walk().Reverse())
        {
            WriteFunction(text, command);
        }

        return text.Append($"\n{Function(program)} \"$@\"\n").ToString();
    }

    private static void WriteFunction(StringBuilder text, CommandEntry command)
    {
        text.Append($"\n{Function(command)}() {{\n");
        var specs = command.Options.Select(Spec).ToList();
        if (command.Commands.Count == 0)
        {
            specs.AddRange(command.Arguments.Select(Spec));
            text.Append($"    _arguments -s -S \\\n        {string.Join(" \\\n        ", specs)}\n}}\n");
            return;
        }

        text.Append("    local curcontext=$curcontext state line\n    local -a commands\n");
        text.Append($"    _arguments -C -s -S \\\n        {string.Join(" \\\n        ", specs)} \\\n        '1: :->command' \\\n        '*:: :->rest'\n");
        text.Append("    case $state in\n        command)\n            commands=(\n");
        foreach (var below in command.Commands)
        {
            text.Append($"                {Quote(below.Name + ":" + below.Description)}\n");
        }

        text.Append($"            )\n            _describe -t commands command commands\n            ;;\n        rest)\n            case $line[1] in\n");
        foreach (var below in command.Commands)
        {
            text.Append($"                {below.Name}) {Function(below)} ;;\n");
        }

        text.Append("            esac\n            ;;\n    esac\n}\n");
    }

    private static string Spec(OptionEntry option)
    {
        var explanation = Quote($"[{Bracket(option.Description)}]{Action(option)}");
        var excluded = string.Join(' ', option.Names);
        return option.Names.Count == 1
            ? Quote($"({excluded})") + Suffixed(option.Name, option) + explanation
            : Quote($"({excluded})") + "{" + string.Join(',', option.Names.Select(name => Suffixed(name, option))) + "}" + explanation;
    }

    // With a value: --name=value or --name value; -n value or -nvalue.
    private static string Suffixed(string name, OptionEntry option) =>
        option.Value is null ? name : name.StartsWith("--", StringComparison.Ordinal) ? name + "=" : name + "+";

    private static string Action(OptionEntry option) => option.Kind() switch
    {
        null => "",
        var kind => $":{Message(option.Value!)}:{Action(kind.Value, option.Values)}",
    };

    private static string Spec(ArgumentEntry argument)
    {
        var place = argument.IsRepeated ? "*" : "";
        return Quote($"{place}{(argument.IsOptional && !argument.IsRepeated ? "::" : ":")}{Message(argument.Name)}:{Action(argument.Kind(), argument.Values)}");
    }

    private static string Action(ValueKind kind, IReadOnlyList<string> values) => kind switch
    {
        ValueKind.Chosen => $"({string.Join(' ', values)})",
        ValueKind.File => "_files",
        ValueKind.Folder => "_files -/",
        _ => " ",
    };

    private static string Function(CommandEntry command) => "_" + string.Join('_', command.Words).Replace('-', '_');

    private static string Bracket(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal);

    private static string Message(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
