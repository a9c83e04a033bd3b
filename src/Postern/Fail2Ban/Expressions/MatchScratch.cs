namespace Postern.Fail2Ban.Expressions;

/// <summary>Working memory of matches, for one thread: its stack, the places of the groups, and the budget of the line.</summary>
internal sealed class MatchScratch
{
    /// <summary>Steps that one line may cost over all its expressions: a few milliseconds on a slow machine.</summary>
    public const int StepsALine = 600_000;

    internal int[] Stack = new int[1024];

    internal int[] Slots = new int[64];

    internal ulong[] Memory = [];

    /// <summary>Steps left for the current line; at zero, matching gives up.</summary>
    public int Budget { get; set; } = StepsALine;

    /// <summary>Where a group of the last match lies, group 0 being the whole; null where it took no part.</summary>
    public Range? Group(int number)
    {
        var (start, end) = (Slots[2 * number], Slots[(2 * number) + 1]);
        return start < 0 || end < start ? null : start..end;
    }

    /// <summary>The text of a group of the last match; null where it took no part.</summary>
    public string? Text(ReadOnlySpan<char> text, int number) => Group(number) is { } range ? text[range].ToString() : null;

    /// <summary>
    /// Whether failed states of costly texts are remembered. Without, a match costs what it costs an engine that only goes
    /// back, such as Python's.
    /// </summary>
    public bool Remembers { get; init; } = true;

    /// <summary>Starts the budget of a new line.</summary>
    public void NextLine() => Budget = StepsALine;
}
