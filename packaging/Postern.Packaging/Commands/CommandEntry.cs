using Postern.Cli.Words;

namespace Postern.Packaging.Commands;

/// <summary>A command as its help shows it.</summary>
/// <param name="Words">How it is called: <c>postern filter test</c>.</param>
/// <param name="Description">What it does, in a line.</param>
/// <param name="Uses">Its commonest uses.</param>
/// <param name="Arguments">What it takes, in order.</param>
/// <param name="Options">Its options, in the order of the help.</param>
/// <param name="Commands">The commands below it.</param>
internal sealed record CommandEntry(
    IReadOnlyList<string> Words,
    string Description,
    IReadOnlyList<CommandUse> Uses,
    IReadOnlyList<ArgumentEntry> Arguments,
    IReadOnlyList<OptionEntry> Options,
    IReadOnlyList<CommandEntry> Commands)
{
    /// <summary>Its last word.</summary>
    public string Name => Words[^1];

    /// <summary>The name of its manual page: <c>postern-filter-test</c>.</summary>
    public string Page => string.Join('-', Words);

    /// <summary>This command and all below it.</summary>
    public IEnumerable<CommandEntry> Walk() => Commands.SelectMany(command => command.Walk()).Prepend(this);
}

/// <summary>An argument without a name of its own on the command line.</summary>
/// <param name="Name">What stands for it in the help: <c>ADDR</c>.</param>
/// <param name="Description">What it is.</param>
/// <param name="IsOptional">True where it may be left out.</param>
/// <param name="IsRepeated">True where several may be given.</param>
/// <param name="Values">The values that it takes; none where it takes any.</param>
internal sealed record ArgumentEntry(string Name, string Description, bool IsOptional, bool IsRepeated, IReadOnlyList<string> Values);

/// <summary>An option.</summary>
/// <param name="Names">Its names, the short one first: <c>-o</c>, <c>--output</c>.</param>
/// <param name="Description">What it does.</param>
/// <param name="Value">What stands for its value; null for a switch.</param>
/// <param name="Values">The values that it takes; none where it takes any.</param>
internal sealed record OptionEntry(IReadOnlyList<string> Names, string Description, string? Value, IReadOnlyList<string> Values)
{
    /// <summary>The long name, by which it is known.</summary>
    public string Name => Names[^1];
}
