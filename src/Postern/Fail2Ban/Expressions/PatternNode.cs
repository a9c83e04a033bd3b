namespace Postern.Fail2Ban.Expressions;

/// <summary>A part of a parsed expression.</summary>
internal abstract record PatternNode
{
    /// <summary>Matches the empty text.</summary>
    public static PatternNode Empty { get; } = new SequenceNode([]);
}

/// <summary>One character out of a set; <paramref name="Literal"/> where it is exactly one, else -1.</summary>
internal sealed record CharNode(CharSet Set, int Literal) : PatternNode;

/// <summary>The dot: any character, or any but a line feed.</summary>
internal sealed record AnyNode(bool WithNewline) : PatternNode;

/// <summary>One after the other.</summary>
internal sealed record SequenceNode(IReadOnlyList<PatternNode> Items) : PatternNode;

/// <summary>One of them, the first first.</summary>
internal sealed record AlternationNode(IReadOnlyList<PatternNode> Branches) : PatternNode;

/// <summary>A group whose text is kept under its number, from 1.</summary>
internal sealed record GroupNode(int Number, PatternNode Body) : PatternNode;

/// <summary>How a repeat takes its share.</summary>
internal enum RepeatKind : byte
{
    /// <summary>As much as it can, then less.</summary>
    Greedy,
    /// <summary>As little as it can, then more.</summary>
    Lazy,
    /// <summary>As much as it can, and nothing back.</summary>
    Possessive,
}

/// <summary>A repeat; <paramref name="Max"/> is <see cref="int.MaxValue"/> where there is no limit.</summary>
internal sealed record RepeatNode(PatternNode Body, int Min, int Max, RepeatKind Kind) : PatternNode;

/// <summary>A group that gives nothing back once it has matched.</summary>
internal sealed record AtomicNode(PatternNode Body) : PatternNode;

/// <summary>A look ahead, or behind by <paramref name="Width"/> characters.</summary>
internal sealed record LookNode(PatternNode Body, bool Behind, bool Negative, int Width) : PatternNode;

/// <summary>The text of an earlier group.</summary>
internal sealed record BackreferenceNode(int Group, bool IgnoreCase) : PatternNode;

/// <summary>One of two, by whether a group took part.</summary>
internal sealed record ConditionalNode(int Group, PatternNode Yes, PatternNode No) : PatternNode;

/// <summary>A place that takes no text.</summary>
internal enum Place : byte
{
    /// <summary><c>^</c> and <c>\A</c>.</summary>
    Start,
    /// <summary><c>^</c> with the flag <c>m</c>.</summary>
    LineStart,
    /// <summary><c>$</c>: the end, or before a line feed that ends the text.</summary>
    End,
    /// <summary><c>$</c> with the flag <c>m</c>.</summary>
    LineEnd,
    /// <summary><c>\Z</c>.</summary>
    VeryEnd,
    /// <summary><c>\b</c>.</summary>
    WordEdge,
    /// <summary><c>\B</c>.</summary>
    NoWordEdge,
    /// <summary><c>\b</c> with the flag <c>a</c>.</summary>
    AsciiWordEdge,
    /// <summary><c>\B</c> with the flag <c>a</c>.</summary>
    NoAsciiWordEdge,
}

/// <summary>An assertion about the place.</summary>
internal sealed record PlaceNode(Place Place) : PatternNode;
