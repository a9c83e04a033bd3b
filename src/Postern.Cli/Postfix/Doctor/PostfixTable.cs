namespace Postern.Cli.Postfix.Doctor;

/// <summary>A row of a table.</summary>
/// <param name="Key">Its key, or its pattern.</param>
/// <param name="Value">What stands for it.</param>
/// <param name="From">The first line of a pattern in its file, from 1; 0 where it is no pattern.</param>
/// <param name="To">The last line.</param>
internal sealed record PostfixRow(string Key, string Value, int From = 0, int To = 0);

/// <summary>A table of Postfix, as far as it can be looked into.</summary>
/// <param name="Parameter">The parameter that names it.</param>
/// <param name="Map">Its name there.</param>
/// <param name="Rows">Its rows; empty where it answers single questions only.</param>
internal sealed record PostfixTable(string Parameter, PostfixMap Map, IReadOnlyList<PostfixRow> Rows)
{
    /// <summary>The row, or the question, by which it takes a name that nobody can have; null where it does not.</summary>
    public PostfixRow? Any { get; init; }
}

/// <summary>A user's file of forwards (<c>forward_path</c> of local(8)).</summary>
/// <param name="File">Its path.</param>
/// <param name="Targets">Where mail goes, with the line.</param>
internal sealed record ForwardFile(string File, IReadOnlyList<(string Target, int Line)> Targets);
