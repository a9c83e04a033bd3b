namespace Postern.Fail2Ban.Expressions;

/// <summary>With which characters the rest of an expression can go on: a branch that cannot is not entered.</summary>
/// <param name="Low">Bits of the characters U+0000 to U+003F.</param>
/// <param name="High">Bits of the characters U+0040 to U+007F.</param>
/// <param name="IsAny">Any character, or none at all.</param>
internal readonly record struct FirstCharacters(ulong Low, ulong High, bool IsAny)
{
    private static readonly FirstCharacters s_any = new(ulong.MaxValue, ulong.MaxValue, true);

    /// <summary>Whether it can go on at a place; always true before a character beyond ASCII.</summary>
    public bool Allow(ReadOnlySpan<char> text, int at)
    {
        if (IsAny)
        {
            return true;
        }

        if ((uint)at >= (uint)text.Length)
        {
            return false;
        }

        var c = text[at];
        return c >= 128 || ((c < 64 ? Low : High) >> c & 1) != 0;
    }

    /// <summary>For each step, with what the program can go on from there.</summary>
    public static FirstCharacters[] Of(Instruction[] steps)
    {
        var first = new FirstCharacters[steps.Length];
        // Most steps go on at a later one; only loops need another round.
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = steps.Length - 1; i >= 0; i--)
            {
                var now = Of(in steps[i], i, first);
                changed |= now != first[i];
                first[i] = now;
            }
        }

        return first;
    }

    private static FirstCharacters Of(in Instruction now, int step, FirstCharacters[] first) => now.Operation switch
    {
        Operation.Char => Single(now.A),
        Operation.Text => Single(now.Text![0]),
        Operation.Set or Operation.Any or Operation.AnyWithNewline => Single(now.Operation, now.Set),
        Operation.Run when now.A > 0 => Single(now.Single, now.Set),
        Operation.Run => Union(Single(now.Single, now.Set), first[step + 1]),
        Operation.Split => Union(first[now.A], first[now.B]),
        Operation.Jump => first[now.A],
        Operation.Save or Operation.Place => first[step + 1],
        Operation.Progress or Operation.Condition => Union(first[step + 1], first[now.B]),
        // What a look demands besides is left out.
        Operation.LookAhead or Operation.NotAhead or Operation.LookBehind or Operation.NotBehind => first[now.A],
        _ => s_any,
    };

    private static FirstCharacters Single(int character) => character switch
    {
        < 64 => new(1UL << character, 0, false),
        < 128 => new(0, 1UL << (character - 64), false),
        _ => default,
    };

    private static FirstCharacters Single(Operation operation, CharSet? set) => operation switch
    {
        Operation.Char or Operation.Set => new(set!.Low, set.High, false),
        Operation.Any => new(ulong.MaxValue & ~(1UL << '\n'), ulong.MaxValue, false),
        _ => new(ulong.MaxValue, ulong.MaxValue, false),
    };

    private static FirstCharacters Union(FirstCharacters one, FirstCharacters other) => new(one.Low | other.Low, one.High | other.High, one.IsAny || other.IsAny);
}
