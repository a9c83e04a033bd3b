namespace Postern.Reports.Text;

/// <summary>How a text report is laid out.</summary>
internal sealed record TextStyle
{
    /// <summary>The widest that a line ever is, in cells.</summary>
    public const int WidestLine = 80;

    /// <summary>Below this many cells a hanging indentation leaves nothing to read in.</summary>
    public const int NarrowestLine = 40;

    /// <summary>Cells a line, default 80; held between 40 and 80.</summary>
    public int Width { get; init; } = WidestLine;

    /// <summary>True for colours (ECMA-48 SGR); default false, as for a pipe.</summary>
    public bool Colour { get; init; }

    /// <summary>How this program is called here, in commands that a reader copies; default <c>postern</c>.</summary>
    public string Program { get; init; } = "postern";

    /// <summary>True for the long report; default false, the first screen alone.</summary>
    public bool Details { get; init; }

    /// <summary>True to show every client in full; default false.</summary>
    public bool All { get; init; }

    /// <summary>Clients in full, default 20.</summary>
    public int InFull { get; init; } = 20;

    /// <summary>Clients after those that have one line each, default 180.</summary>
    public int InBrief { get; init; } = 180;

    /// <summary>
    /// True where colours are wanted: output goes to a terminal that has them (TERM is neither empty nor <c>dumb</c>) and
    /// NO_COLOR is not set or empty (no-color.org).
    /// </summary>
    /// <param name="isTerminal">False where output goes to a file or pipe.</param>
    /// <param name="noColor">The value of NO_COLOR, or null.</param>
    /// <param name="term">The value of TERM, or null.</param>
    public static bool WantsColour(bool isTerminal, string? noColor, string? term) =>
        isTerminal && string.IsNullOrEmpty(noColor) && !string.IsNullOrEmpty(term)
        && !term.Equals("dumb", StringComparison.Ordinal);
}
