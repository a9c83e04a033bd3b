using Postern.Packaging.Commands;
using Postern.Packaging.Completion;
using Postern.Packaging.Manual;

namespace Postern.Tests.Packaging;

/// <summary>Help, manual page and completion say the same of every command.</summary>
public sealed class OneSourceTests
{
    private static readonly CommandEntry s_program = CommandTree.Read();
    private static readonly Edition s_edition = new("0.1.0", new DateOnly(2026, 11, 25));
    private static readonly string s_bash = BashCompletion.Write(s_program);
    private static readonly string s_fish = FishCompletion.Write(s_program);
    private static readonly string s_zsh = ZshCompletion.Write(s_program);

    public static TheoryData<string> Commands => [.. s_program.Walk().Select(command => command.Page)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void The_options_are_the_same_everywhere(string page)
    {
        var command = Find(page);
        var help = Rows.OfHelp(command.Words);
        help.ShouldNotBeEmpty();
        Rows.OfManual(CommandManual.Write(command, s_program, s_edition)).ShouldBe(help);
        Rows.OfFish(s_fish, command.Words).ShouldBe(help);
        Rows.OfZsh(s_zsh, command.Words).ShouldBe(help);
        var bash = s_bash.Split('\n').First(line => line.StartsWith($"        '{string.Join(' ', command.Words)}')", StringComparison.Ordinal) && line.Contains("options='", StringComparison.Ordinal));
        bash.Split("options='")[1].Split('\'')[0].Split(' ').ShouldBe(help.Keys, ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void The_commands_below_are_told_everywhere(string page)
    {
        var command = Find(page);
        var manual = CommandManual.Write(command, s_program, s_edition);
        foreach (var below in command.Commands)
        {
            manual.ShouldContain($".TP\n{RoffPage.Bold(below.Page)}(8)\n");
            s_fish.ShouldContain($"-n '__postern_at {string.Join(' ', command.Words)}' -a {below.Name} -d ");
            s_zsh.ShouldContain($"'{below.Name}:{below.Description.Replace("'", "'\\''", StringComparison.Ordinal)}'");
            s_bash.ShouldContain($"'{string.Join(' ', below.Words)}'");
        }
    }

    [Fact]
    public void Every_command_says_what_it_does() =>
        s_program.Walk().Where(command => command.Description.Length == 0 || command.Options.Any(option => option.Description.Length == 0)
            || command.Arguments.Any(argument => argument.Description.Length == 0)).Select(command => command.Page).ShouldBeEmpty();

    [Fact]
    public void A_command_that_has_arguments_and_commands_shows_both_uses()
    {
        var below = new CommandEntry(["postern", "allow", "list"], "List them", [], [], [], []);
        var command = new CommandEntry(["postern", "allow"], "Allow it", [], [new("ADDR", "An address", IsOptional: false, IsRepeated: true, [])], [], [below]);
        var program = new CommandEntry(["postern"], "The program", [], [], [], [command]);
        CommandManual.Write(command, program, s_edition).ShouldContain(
            "\n\\fBpostern allow\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR...]\n.br\n\\fBpostern allow\\fR \\fIADDR\\fR... [\\fIOPTION\\fR...]\n");
        BashCompletion.Write(program).ShouldContain("'postern allow') commands='list'");
    }

    private static CommandEntry Find(string page) => s_program.Walk().First(command => string.Equals(command.Page, page, StringComparison.Ordinal));
}
