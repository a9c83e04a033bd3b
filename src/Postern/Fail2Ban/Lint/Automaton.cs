using Postern.Fail2Ban.Expressions;

namespace Postern.Fail2Ban.Lint;

/// <summary>
/// The texts of ASCII that an expression can match, as an automaton: what looks ahead or behind is left out and a repeated
/// group is any text, so that it takes too much rather than too little.
/// </summary>
internal sealed class Automaton
{
    private const int MostCopies = 12;

    private readonly List<List<int>> _free = [];
    private readonly List<(ulong Low, ulong High, int Target)?> _taking = [];

    private Automaton()
    {
    }

    /// <summary>Makes one of an expression.</summary>
    /// <param name="node">The expression.</param>
    /// <param name="anyStart">Whether any text may stand before it.</param>
    /// <param name="anyEnd">Whether any text may follow.</param>
    public static Automaton Of(PatternNode node, bool anyStart, bool anyEnd)
    {
        var automaton = new Automaton();
        var start = automaton.New();
        if (anyStart)
        {
            start = automaton.AnyText(start);
        }

        var end = automaton.Add(node, start);
        automaton.End = anyEnd ? automaton.AnyText(end) : end;
        return automaton;
    }

    private int End { get; set; }

    /// <summary>Whether there is a text that both match.</summary>
    public bool Meets(Automaton other)
    {
        var seen = new HashSet<(int, int)>();
        var open = new Stack<(int Mine, int Theirs)>();
        Visit(0, 0);
        while (open.TryPop(out var pair))
        {
            if (pair.Mine == End && pair.Theirs == other.End)
            {
                return true;
            }

            foreach (var next in _free[pair.Mine])
            {
                Visit(next, pair.Theirs);
            }

            foreach (var next in other._free[pair.Theirs])
            {
                Visit(pair.Mine, next);
            }

            if (_taking[pair.Mine] is { } mine && other._taking[pair.Theirs] is { } theirs
                && ((mine.Low & theirs.Low) | (mine.High & theirs.High)) != 0)
            {
                Visit(mine.Target, theirs.Target);
            }
        }

        return false;

        void Visit(int mine, int theirs)
        {
            if (seen.Add((mine, theirs)))
            {
                open.Push((mine, theirs));
            }
        }
    }

    private int New()
    {
        _free.Add([]);
        _taking.Add(null);
        return _free.Count - 1;
    }

    private int AnyText(int from)
    {
        var state = New();
        _free[from].Add(state);
        _taking[state] = (ulong.MaxValue, ulong.MaxValue, state);
        var end = New();
        _free[state].Add(end);
        return end;
    }

    private int Take(int from, ulong low, ulong high)
    {
        var (state, end) = (New(), New());
        _free[from].Add(state);
        _taking[state] = (low, high, end);
        return end;
    }

    private int Add(PatternNode node, int from)
    {
        switch (node)
        {
            case CharNode one:
                return Take(from, one.Set.Low, one.Set.High);
            case AnyNode:
                return Take(from, ulong.MaxValue, ulong.MaxValue);
            case SequenceNode sequence:
                foreach (var item in sequence.Items)
                {
                    from = Add(item, from);
                }

                return from;
            case AlternationNode alternation:
                return Branches(alternation.Branches, from);
            case ConditionalNode conditional:
                return Branches([conditional.Yes, conditional.No], from);
            case GroupNode group:
                return Add(group.Body, from);
            case AtomicNode atomic:
                return Add(atomic.Body, from);
            case RepeatNode repeat:
                return Repeat(repeat, from);
            case BackreferenceNode:
                return AnyText(from);
            default:
                return from;
        }
    }

    private int Branches(IReadOnlyList<PatternNode> branches, int from)
    {
        var end = New();
        foreach (var branch in branches)
        {
            var start = New();
            _free[from].Add(start);
            _free[Add(branch, start)].Add(end);
        }

        return end;
    }

    private int Repeat(RepeatNode repeat, int from)
    {
        for (var i = 0; i < Math.Min(repeat.Min, MostCopies); i++)
        {
            from = Add(repeat.Body, from);
        }

        if (repeat.Max > MostCopies)
        {
            var start = New();
            _free[from].Add(start);
            _free[Add(repeat.Body, start)].Add(start);
            var end = New();
            _free[start].Add(end);
            return end;
        }

        var exit = New();
        for (var i = repeat.Min; i < repeat.Max; i++)
        {
            _free[from].Add(exit);
            from = Add(repeat.Body, from);
        }

        _free[from].Add(exit);
        return exit;
    }
}
