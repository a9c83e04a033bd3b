namespace Postern.Facts;

/// <summary>Why an input cannot be read.</summary>
public enum InputProblem
{
    /// <summary>Any other error of the system; the detail names it.</summary>
    Other,
    /// <summary>Standard input was asked for where there is none.</summary>
    NoStandardInput,
    /// <summary>There is no such file.</summary>
    Missing,
    /// <summary>The file may not be read.</summary>
    NoPermission,
    /// <summary>The name is too long, or not the name of a file.</summary>
    BadName,
    /// <summary>A directory that is not a Maildir.</summary>
    NotAMaildir,
    /// <summary>It is empty.</summary>
    Empty,
    /// <summary>It is damaged from the start; the detail tells how.</summary>
    Damaged,
    /// <summary>It is something else; the detail tells what it looks like.</summary>
    NotMail,
    /// <summary>Text without lines of Postfix; the detail is its first line.</summary>
    NoPostfixLines,
    /// <summary>Its lines have no times, which a replay needs.</summary>
    NoTimes,
}
