using System.Text;
using Postern.Packaging.Commands;

namespace Postern.Packaging.Completion;

/// <summary>The completion for bash: <c>/usr/share/bash-completion/completions/postern</c>. It needs no function of that package.</summary>
internal static class BashCompletion
{
    /// <summary>Writes the script.</summary>
    public static string Write(CommandEntry program)
    {
        var text = new StringBuilder(
            $$"""
            # bash completion for {{program.Name}}. Made by packaging/Postern.Packaging; do not change it by hand.

            _{{program.Name}}() {
                local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command={{program.Name}} i
                local commands= options= values= chosen=
                # bash takes the sign of --option=value for a word of its own.
                if [[ $current == = ]]; then
                    current=
                elif [[ $before == = ]]; then
                    before=${COMP_WORDS[COMP_CWORD-2]}
                fi
                for ((i = 1; i < COMP_CWORD; i++)); do
                    case "$command ${COMP_WORDS[i]}" in
                        {{Alternatives(program.Walk().Skip(1).Select(command => string.Join(' ', command.Words)))}}) command+=" ${COMP_WORDS[i]}" ;;
                    esac
                done

                case "$command $before" in

            """);
        foreach (var command in program.Walk())
        {
            foreach (var option in command.Options.Where(option => option.Value is not null))
            {
                text.Append("        ").Append(Alternatives(option.Names.Select(name => $"{string.Join(' ', command.Words)} {name}"))).Append(") ").Append(option.Kind() switch
                {
                    ValueKind.Chosen => $"COMPREPLY=($(compgen -W '{string.Join(' ', option.Values)}' -- \"$current\"))",
                    ValueKind.File => "compopt -o default; COMPREPLY=()",
                    ValueKind.Folder => "compopt -o dirnames; COMPREPLY=()",
                    _ => "COMPREPLY=()",
                }).Append("; return ;;\n");
            }
        }

        text.Append("    esac\n\n    case $command in\n");
        foreach (var command in program.Walk())
        {
            text.Append($"        '{string.Join(' ', command.Words)}')");
            if (command.Commands.Count > 0)
            {
                text.Append($" commands='{string.Join(' ', command.Commands.Select(below => below.Name))}'");
            }

            text.Append($" options='{string.Join(' ', command.Options.SelectMany(option => option.Names))}'");
            if (command.Arguments.Any(argument => argument.Kind() is ValueKind.File or ValueKind.Folder))
            {
                text.Append(" values=files");
            }

            if (command.Arguments.SelectMany(argument => argument.Values).ToList() is { Count: > 0 } chosen)
            {
                text.Append($" chosen='{string.Join(' ', chosen)}'");
            }

            text.Append(" ;;\n");
        }

        return text.Append(
            $$"""
                esac

                if [[ $current == -* ]]; then
                    COMPREPLY=($(compgen -W "$options" -- "$current"))
                else
                    [[ $values != files ]] || compopt -o default
                    COMPREPLY=($(compgen -W "$commands $chosen" -- "$current"))
                fi
            }

            complete -F _{{program.Name}} {{program.Name}}

            """).ToString();
    }

    private static string Alternatives(IEnumerable<string> words) => string.Join(" | ", words.Select(word => $"'{word}'"));
}
