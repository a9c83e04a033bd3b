namespace Postern.Cli.Words;

/// <summary>The help of the commands.</summary>
internal interface IHelpWords
{
    /// <summary>What the program is.</summary>
    string Program { get; }

    /// <summary>The heading of the commonest uses.</summary>
    string Uses { get; }

    /// <summary>The heading of the syntax.</summary>
    string Syntax { get; }

    /// <summary>The word for options in the syntax.</summary>
    string Options { get; }

    /// <summary>The heading of the commands.</summary>
    string Commands { get; }

    /// <summary>The heading of the arguments and options.</summary>
    string Details { get; }

    /// <summary>Where more is told of a command.</summary>
    string More(string command);

    /// <summary>The help of a command, by its words: <c>filter test</c>; empty for the program.</summary>
    CommandHelp Of(string command);
}

/// <summary>The help of one command.</summary>
/// <param name="Summary">What it does, in one line.</param>
/// <param name="Uses">The commonest uses.</param>
/// <param name="Details">What its arguments and options mean, by name.</param>
internal sealed record CommandHelp(string Summary, IReadOnlyList<CommandUse> Uses, IReadOnlyDictionary<string, string> Details)
{
    /// <summary>Help whose arguments and options are told by rows of name and meaning.</summary>
    public CommandHelp(string summary, CommandUse[] uses, params (string Name, string Meaning)[] details)
        : this(summary, uses, details.ToDictionary(static row => row.Name, static row => row.Meaning, StringComparer.Ordinal))
    {
    }
}

/// <summary>A use of a command.</summary>
/// <param name="Line">What is typed.</param>
/// <param name="Purpose">What for.</param>
internal sealed record CommandUse(string Line, string Purpose);
