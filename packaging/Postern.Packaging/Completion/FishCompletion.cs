using System.Text;
using Postern.Packaging.Commands;

namespace Postern.Packaging.Completion;

/// <summary>The completion for fish: <c>/usr/share/fish/vendor_completions.d/postern.fish</c>.</summary>
internal static class FishCompletion
{
    /// <summary>Writes the script.</summary>
    public static string Write(CommandEntry program)
    {
        var name = program.Name;
        var text = new StringBuilder(
            $$"""
            # fish completion for {{name}}. Made by packaging/Postern.Packaging; do not change it by hand.

            # Whether the command that is being written is this one.
            function __{{name}}_at
                set -l words (commandline -opc)
                set -l command {{name}}
                for word in $words[2..-1]
                    if contains -- "$command $word" {{string.Join(' ', program.Walk().Skip(1).Select(command => Quote(string.Join(' ', command.Words))))}}
                        set command "$command $word"
                    end
                end
                test "$command" = "$argv"
            end

            complete -c {{name}} -f

            """);
        foreach (var command in program.Walk())
        {
            var at = $"complete -c {name} -n {Quote($"__{name}_at {string.Join(' ', command.Words)}")}";
            foreach (var below in command.Commands)
            {
                text.Append($"{at} -a {below.Name} -d {Quote(below.Description)}\n");
            }

            foreach (var argument in command.Arguments)
            {
                text.Append(argument.Kind() switch
                {
                    ValueKind.Chosen => $"{at} -a {Quote(string.Join(' ', argument.Values))} -d {Quote(argument.Description)}\n",
                    ValueKind.File => $"{at} -F\n",
                    ValueKind.Folder => $"{at} -a '(__fish_complete_directories)'\n",
                    _ => "",
                });
            }

            foreach (var option in command.Options)
            {
                var names = option.Names.Select(spelt => spelt.StartsWith("--", StringComparison.Ordinal) ? $"-l {spelt[2..]}" : $"-s {spelt[1..]}");
                var value = option.Kind() switch
                {
                    null => "",
                    ValueKind.Chosen => $" -x -a {Quote(string.Join(' ', option.Values))}",
                    ValueKind.File => " -r -F",
                    ValueKind.Folder => " -x -a '(__fish_complete_directories)'",
                    _ => " -x",
                };
                text.Append($"{at} {string.Join(' ', names)}{value} -d {Quote(option.Description)}\n");
            }
        }

        return text.ToString();
    }

    private static string Quote(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
