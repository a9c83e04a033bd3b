using Postern.Cli.Configuration;
using Postern.Packaging.Commands;

namespace Postern.Packaging.Manual;

/// <summary>The page of one command, <c>postern-explain(8)</c>, and of the program, <c>postern(8)</c>.</summary>
internal static class CommandManual
{
    /// <summary>The section of the manual: commands for those who run the system.</summary>
    public const int Section = 8;

    /// <summary>The folder in which the package has the documents.</summary>
    public const string Documents = "/usr/share/doc/postern";

    /// <summary>Writes the page.</summary>
    /// <param name="command">The command.</param>
    /// <param name="program">The program that it belongs to.</param>
    /// <param name="edition">The foot of the page.</param>
    public static string Write(CommandEntry command, CommandEntry program, Edition edition)
    {
        var page = new RoffPage(command.Page, Section, edition);
        page.Section("NAME");
        page.Text($"{RoffPage.Escape(command.Page)} \\- {RoffPage.Escape(command.Description.TrimEnd('.'))}");
        page.Section("SYNOPSIS");
        WriteSynopsis(page, command);
        page.Section("DESCRIPTION");
        page.Text(RoffPage.Escape(command.Description.TrimEnd('.')) + ".");
        page.Section("EXAMPLES");
        foreach (var use in command.Uses)
        {
            page.Tagged(RoffPage.Bold(use.Line), RoffPage.Escape(use.Purpose));
        }

        if (command.Arguments.Count > 0)
        {
            page.Section("ARGUMENTS");
            foreach (var argument in command.Arguments)
            {
                page.Tagged(RoffPage.Italic(argument.Name), RoffPage.Escape(argument.Description));
            }
        }

        if (command.Commands.Count > 0)
        {
            page.Section("COMMANDS");
            foreach (var below in command.Commands)
            {
                page.Tagged($"{RoffPage.Bold(below.Page)}({Section})", RoffPage.Escape(below.Description));
            }
        }

        page.Section("OPTIONS");
        foreach (var option in command.Options)
        {
            page.Tagged(
                string.Join(", ", option.Names.Select(RoffPage.Bold)) + (option.Value is null ? "" : " " + RoffPage.Italic(option.Value)),
                RoffPage.Escape(option.Description));
        }

        if (command == program)
        {
            WriteCommonParts(page);
        }

        page.Section("SEE ALSO");
        page.Text(string.Join(", ", Related(command, program).Select(name => $"{RoffPage.Bold(name)}({Section})").Append($"{RoffPage.Bold("postern.toml")}({ConfigurationManual.Section})")));
        page.Paragraph($"The documents in {RoffPage.Italic(Documents)}.");
        return page.ToString();
    }

    // A command may do something itself and have commands below it: a line for each use.
    private static void WriteSynopsis(RoffPage page, CommandEntry command)
    {
        var name = RoffPage.Bold(string.Join(' ', command.Words));
        var option = $"[{RoffPage.Italic("OPTION")}...]";
        if (command.Commands.Count > 0)
        {
            page.Text($"{name} {RoffPage.Italic("COMMAND")} {option}");
        }

        if (command.Commands.Count > 0 && command.Arguments.Count > 0)
        {
            page.Break();
        }

        if (command.Commands.Count == 0 || command.Arguments.Count > 0)
        {
            var arguments = command.Arguments.Select(argument => (argument, text: RoffPage.Italic(argument.Name) + (argument.IsRepeated ? "..." : "")))
                .Select(pair => pair.argument.IsOptional ? $"[{pair.text}]" : pair.text);
            page.Text(string.Join(' ', [name, .. arguments, option]));
        }
    }

    private static void WriteCommonParts(RoffPage page)
    {
        page.Section("EXIT STATUS");
        page.Tagged("0", "Done.");
        page.Tagged("1", "The answer is \\(aqno\\(aq: a finding, an address that fails.");
        page.Tagged("2", "Bad usage or unreadable input, or the daemon does not run; one line on standard error says which.");
        page.Section("FILES");
        page.Tagged(RoffPage.Italic(PosternOptions.DefaultFile), $"The configuration; see {RoffPage.Bold("postern.toml")}(5).");
        page.Tagged(RoffPage.Italic(new PosternOptions().Socket), "The socket by which the commands reach the daemon; members of the group \\fBpostern\\fR may use it.");
        page.Tagged(RoffPage.Italic(new PosternOptions().State), "The database.");
    }

    // The one above, and those beside.
    private static IEnumerable<string> Related(CommandEntry command, CommandEntry program)
    {
        bool IsKin(CommandEntry other) => other.Words.Count > 1 && command.Words.Count > 1 && string.Equals(other.Words[1], command.Words[1], StringComparison.Ordinal);
        var family = program.Walk().Where(other => other != command && (command == program || other == program || IsKin(other)));
        return family.Select(other => other.Page).Order(StringComparer.Ordinal);
    }
}
