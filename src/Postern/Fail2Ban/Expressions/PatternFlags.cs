namespace Postern.Fail2Ban.Expressions;

/// <summary>Python's flags of an expression.</summary>
[Flags]
internal enum PatternFlags : byte
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary><c>i</c>.</summary>
    IgnoreCase = 1,
    /// <summary><c>m</c>: <c>^</c> and <c>$</c> at each line.</summary>
    Multiline = 2,
    /// <summary><c>s</c>: the dot matches a line feed.</summary>
    DotAll = 4,
    /// <summary><c>x</c>: blanks and comments are no part of it.</summary>
    Verbose = 8,
    /// <summary><c>a</c>: classes of ASCII only.</summary>
    Ascii = 16,
}

/// <summary>Why an expression cannot be used.</summary>
/// <param name="Reason">A clause.</param>
/// <param name="Position">Where, in characters from 0.</param>
internal sealed record PatternError(string Reason, int Position)
{
    /// <summary>Reason and place.</summary>
    public override string ToString() => $"{Reason} (at character {Position + 1})";
}

/// <summary>A parsed expression.</summary>
/// <param name="Root">Its tree.</param>
/// <param name="GroupCount">Groups, the whole match not counted.</param>
/// <param name="GroupNames">Names and numbers of the named groups.</param>
internal sealed record ParsedPattern(PatternNode Root, int GroupCount, IReadOnlyDictionary<string, int> GroupNames);
