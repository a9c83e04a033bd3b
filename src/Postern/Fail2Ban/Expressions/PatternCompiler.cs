using System.Text;

namespace Postern.Fail2Ban.Expressions;

/// <summary>Turns the tree of an expression into steps for <see cref="PatternMatcher"/>.</summary>
internal sealed class PatternCompiler
{
    /// <summary>More steps than any sensible expression has; counted repeats are written out, and one may ask for millions.</summary>
    private const int MostSteps = 100_000;

    private readonly List<Instruction> _steps = [];
    private readonly List<int> _conditions = [];
    private int _slots;
    private bool _hasBackreference;

    /// <summary>The steps; null where there would be too many.</summary>
    public static PatternProgram? Compile(ParsedPattern pattern)
    {
        var compiler = new PatternCompiler { _slots = 2 * (pattern.GroupCount + 1) };
        if (!compiler.Emit(pattern.Root))
        {
            return null;
        }

        compiler._steps.Add(new(Operation.Match));
        var steps = compiler._steps.ToArray();
        NextCharacters(steps);
        return new PatternProgram(steps, compiler._slots, pattern.GroupCount, [.. compiler._conditions.Distinct()], compiler._hasBackreference);
    }

    private bool Emit(PatternNode node)
    {
        if (_steps.Count > MostSteps)
        {
            return false;
        }

        switch (node)
        {
            case CharNode or AnyNode:
                _steps.Add(Single(node));
                return true;
            case SequenceNode sequence:
                return EmitSequence(sequence.Items);
            case AlternationNode alternation:
                return EmitAlternation(alternation.Branches);
            case GroupNode group:
                _steps.Add(new(Operation.Save, 2 * group.Number));
                if (!Emit(group.Body))
                {
                    return false;
                }

                _steps.Add(new(Operation.Save, (2 * group.Number) + 1));
                return true;
            case RepeatNode repeat:
                return EmitRepeat(repeat);
            case AtomicNode atomic:
                return EmitSub(Operation.Atomic, atomic.Body, 0);
            case LookNode look:
                return EmitSub(
                    (look.Behind, look.Negative) switch
                    {
                        (false, false) => Operation.LookAhead,
                        (false, true) => Operation.NotAhead,
                        (true, false) => Operation.LookBehind,
                        _ => Operation.NotBehind,
                    }, look.Body, look.Width);
            case BackreferenceNode reference:
                _hasBackreference = true;
                _steps.Add(new(reference.IgnoreCase ? Operation.BackreferenceIgnoringCase : Operation.Backreference, reference.Group));
                return true;
            case ConditionalNode conditional:
                return EmitConditional(conditional);
            case PlaceNode place:
                _steps.Add(new(Operation.Place, (int)place.Place));
                return true;
            default:
                throw new ArgumentOutOfRangeException(nameof(node), node, null);
        }
    }

    private static Instruction Single(PatternNode node) => node switch
    {
        AnyNode any => new(any.WithNewline ? Operation.AnyWithNewline : Operation.Any),
        CharNode { Literal: >= 0 and <= 0xFFFF } one => new(Operation.Char, one.Literal, Set: one.Set),
        CharNode set => new(Operation.Set, Set: set.Set),
        _ => throw new ArgumentOutOfRangeException(nameof(node), node, null),
    };

    private bool EmitSequence(IReadOnlyList<PatternNode> items)
    {
        for (var i = 0; i < items.Count; i++)
        {
            var text = new StringBuilder();
            var end = i;
            while (end < items.Count && items[end] is CharNode { Literal: >= 0 and <= 0xFFFF } one)
            {
                text.Append((char)one.Literal);
                end++;
            }

            if (end - i > 1)
            {
                _steps.Add(new(Operation.Text, Text: text.ToString()));
                i = end - 1;
            }
            else if (!Emit(items[i]))
            {
                return false;
            }
        }

        return true;
    }

    private bool EmitAlternation(IReadOnlyList<PatternNode> branches)
    {
        var exits = new List<int>();
        for (var i = 0; i < branches.Count; i++)
        {
            var split = -1;
            if (i < branches.Count - 1)
            {
                split = _steps.Count;
                _steps.Add(default);
            }

            if (!Emit(branches[i]))
            {
                return false;
            }

            if (split < 0)
            {
                continue;
            }

            exits.Add(_steps.Count);
            _steps.Add(default);
            _steps[split] = new(Operation.Split, split + 1, _steps.Count);
        }

        foreach (var exit in exits)
        {
            _steps[exit] = new(Operation.Jump, _steps.Count);
        }

        return true;
    }

    private bool EmitRepeat(RepeatNode repeat)
    {
        if (Bare(repeat.Body) is CharNode or AnyNode)
        {
            var single = Single(Bare(repeat.Body));
            _steps.Add(new(Operation.Run, repeat.Min, repeat.Max, single.Operation, repeat.Kind, single.Set));
            return true;
        }

        if (repeat.Kind == RepeatKind.Possessive)
        {
            return EmitSub(Operation.Atomic, repeat with { Kind = RepeatKind.Greedy }, 0);
        }

        for (var i = 0; i < repeat.Min; i++)
        {
            if (!Emit(repeat.Body))
            {
                return false;
            }
        }

        return repeat.Max == int.MaxValue ? EmitLoop(repeat) : EmitOptional(repeat, repeat.Max - repeat.Min);
    }

    // A sequence of one is that one.
    private static PatternNode Bare(PatternNode node) => node is SequenceNode { Items.Count: 1 } one ? Bare(one.Items[0]) : node;

    private bool EmitLoop(RepeatNode repeat)
    {
        var progress = _slots++;
        var split = _steps.Count;
        _steps.Add(default);
        _steps.Add(new(Operation.Save, progress));
        if (!Emit(repeat.Body))
        {
            return false;
        }

        _steps.Add(new(Operation.Progress, progress, _steps.Count + 2));
        _steps.Add(new(Operation.Jump, split));
        _steps[split] = repeat.Kind == RepeatKind.Greedy
            ? new(Operation.Split, split + 1, _steps.Count)
            : new(Operation.Split, _steps.Count, split + 1);
        return true;
    }

    private bool EmitOptional(RepeatNode repeat, int count)
    {
        var splits = new List<int>();
        for (var i = 0; i < count; i++)
        {
            splits.Add(_steps.Count);
            _steps.Add(default);
            if (!Emit(repeat.Body))
            {
                return false;
            }
        }

        foreach (var split in splits)
        {
            _steps[split] = repeat.Kind == RepeatKind.Greedy
                ? new(Operation.Split, split + 1, _steps.Count)
                : new(Operation.Split, _steps.Count, split + 1);
        }

        return true;
    }

    private bool EmitSub(Operation operation, PatternNode body, int width)
    {
        var at = _steps.Count;
        _steps.Add(default);
        if (!Emit(body))
        {
            return false;
        }

        _steps.Add(new(Operation.Match));
        _steps[at] = new(operation, _steps.Count, width);
        return true;
    }

    private bool EmitConditional(ConditionalNode conditional)
    {
        _conditions.Add(conditional.Group);
        var at = _steps.Count;
        _steps.Add(default);
        if (!Emit(conditional.Yes))
        {
            return false;
        }

        var exit = _steps.Count;
        _steps.Add(default);
        _steps[at] = new(Operation.Condition, conditional.Group, _steps.Count);
        if (!Emit(conditional.No))
        {
            return false;
        }

        _steps[exit] = new(Operation.Jump, _steps.Count);
        return true;
    }

    // A run need not stop where what must follow it does not stand.
    private static void NextCharacters(Instruction[] steps)
    {
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i].Operation != Operation.Run)
            {
                continue;
            }

            var next = i + 1;
            while (steps[next].Operation is Operation.Save or Operation.Jump)
            {
                next = steps[next].Operation == Operation.Jump ? steps[next].A : next + 1;
            }

            var character = steps[next] switch
            {
                { Operation: Operation.Char } one => one.A,
                { Operation: Operation.Text } text => text.Text![0],
                { Operation: Operation.Run, A: > 0, Single: Operation.Char } run => LiteralOf(run.Set!),
                _ => -1,
            };
            steps[i] = steps[i] with { Next = character };
        }
    }

    private static int LiteralOf(CharSet set)
    {
        for (var c = 0; c < 128; c++)
        {
            if (set.Contains(c))
            {
                return c;
            }
        }

        return -1;
    }
}
