namespace Postern.Fail2Ban.Expressions;

/// <summary>What a step of a compiled expression does.</summary>
internal enum Operation : byte
{
    /// <summary>The expression has matched.</summary>
    Match,
    /// <summary>Exactly <see cref="Instruction.A"/>, below U+10000.</summary>
    Char,
    /// <summary>Exactly <see cref="Instruction.Text"/>.</summary>
    Text,
    /// <summary>A character of <see cref="Instruction.Set"/>.</summary>
    Set,
    /// <summary>Any character but a line feed.</summary>
    Any,
    /// <summary>Any character.</summary>
    AnyWithNewline,
    /// <summary>Between A and B single characters of <see cref="Instruction.Single"/>, by <see cref="Instruction.Kind"/>.</summary>
    Run,
    /// <summary>Goes on at A; if that fails, at B.</summary>
    Split,
    /// <summary>Goes on at A.</summary>
    Jump,
    /// <summary>Keeps the place in slot A.</summary>
    Save,
    /// <summary>Checks the place A.</summary>
    Place,
    /// <summary>Repeats the text of group A.</summary>
    Backreference,
    /// <summary>The same, ignoring case.</summary>
    BackreferenceIgnoringCase,
    /// <summary>Looks ahead with the program from the next step to its match, and goes on at A.</summary>
    LookAhead,
    /// <summary>Must not match ahead.</summary>
    NotAhead,
    /// <summary>Looks behind by B characters.</summary>
    LookBehind,
    /// <summary>Must not match behind by B characters.</summary>
    NotBehind,
    /// <summary>Matches the program from the next step once, and goes on at A.</summary>
    Atomic,
    /// <summary>Goes on at the next step if group A took part, else at B.</summary>
    Condition,
    /// <summary>Fails where no text was taken since slot A was set: a repeat of nothing ends.</summary>
    Progress,
}

/// <summary>A step of a compiled expression.</summary>
internal readonly record struct Instruction(
    Operation Operation, int A = 0, int B = 0, Operation Single = Operation.Match, RepeatKind Kind = RepeatKind.Greedy, CharSet? Set = null, string? Text = null)
{
    /// <summary>For <see cref="Operation.Run"/>: the character that must follow it, or -1.</summary>
    public int Next { get; init; } = -1;
}
