namespace Postern.Cli.Commands;

/// <summary>A part of what is told of a client of the running daemon. Its texts are fit to be shown.</summary>
internal abstract record LivePart;

/// <summary>A sentence.</summary>
/// <param name="Text">The sentence.</param>
/// <param name="IsHead">True for the one that says how the client stands.</param>
internal sealed record LiveSentence(string Text, bool IsHead = false) : LivePart;

/// <summary>A table; one without rows is left out.</summary>
/// <param name="Columns">The names of its columns; one that begins with <c>&gt;</c> is of numbers.</param>
/// <param name="Rows">Its rows, a cell a column.</param>
internal sealed record LiveTable(string[] Columns, IReadOnlyList<string[]> Rows) : LivePart;

/// <summary>One thing that a client did, with the original lines.</summary>
/// <param name="Head">When, who, what.</param>
/// <param name="Lines">The lines.</param>
internal sealed record LiveFailure(string Head, IReadOnlyList<string> Lines) : LivePart;
