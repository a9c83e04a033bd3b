namespace Postern.Fail2Ban.Expressions;

/// <summary>
/// Runs the steps of an expression over a text, in the order in which Python's engine tries them, so that match and groups
/// are the same. It goes back like every such engine; but once a text proves costly, it remembers the states that failed
/// and never enters one twice, so that time grows with the length of the text and not with a power of it.
/// </summary>
internal ref partial struct PatternMatcher
{
    private const int FrameGoOn = 0, FrameRestore = 1, FrameGreedy = 2, FrameLazy = 3;

    // Memory of failed states, in bits: a text that wants more is left to the budget.
    private const long MostMemory = 8L * 1024 * 1024 * 8;

    private readonly PatternProgram _program;
    private readonly ReadOnlySpan<char> _text;
    private readonly MatchScratch _scratch;
    private readonly int[] _slots;
    private readonly FirstCharacters[] _first;
    private int[] _stack;
    private int _top;
    private int _budget;
    private int _costly;
    private ulong[]? _memory;
    private int _depth;

    /// <summary>Prepares a search of <paramref name="text"/>.</summary>
    public PatternMatcher(PatternProgram program, ReadOnlySpan<char> text, MatchScratch scratch)
    {
        _program = program;
        _text = text;
        _scratch = scratch;
        if (scratch.Slots.Length < program.SlotCount)
        {
            scratch.Slots = new int[program.SlotCount * 2];
        }

        _slots = scratch.Slots;
        _first = program.First;
        _stack = scratch.Stack;
        _budget = scratch.Budget;
        _costly = scratch.Remembers ? _budget - 2000 - (4 * text.Length) : int.MinValue;
    }

    /// <summary>Whether the budget ended before an answer was found.</summary>
    public readonly bool GaveUp => _budget <= 0;

    /// <summary>Where the match ends.</summary>
    public int End { get; private set; }

    /// <summary>Tries to match at <paramref name="start"/>; groups are in the scratch's slots, -1 where one took no part.</summary>
    public bool TryAt(int start)
    {
        _slots.AsSpan(0, _program.SlotCount).Fill(-1);
        _top = 0;
        var found = Run(0, start, out var end);
        _scratch.Budget = _budget;
        if (!found)
        {
            return false;
        }

        _slots[0] = start;
        _slots[1] = end;
        End = end;
        return true;
    }

    private bool Run(int step, int at, out int end)
    {
        var bottom = _top;
        var steps = _program.Steps;
        end = at;
        while (true)
        {
            if (--_budget <= 0)
            {
                return false;
            }

            ref readonly var now = ref steps[step];
            var holds = true;
            switch (now.Operation)
            {
                case Operation.Match:
                    end = at;
                    return true;
                case Operation.Char:
                    holds = at < _text.Length && _text[at] == now.A;
                    at++;
                    step++;
                    break;
                case Operation.Text:
                    holds = _text[at..].StartsWith(now.Text!, StringComparison.Ordinal);
                    at += now.Text!.Length;
                    step++;
                    break;
                case Operation.Set:
                    if ((uint)at < (uint)_text.Length && _text[at] is < '\u0080' and var c)
                    {
                        holds = now.Set!.ContainsAscii(c);
                        at++;
                    }
                    else
                    {
                        holds = One(Operation.Set, now.Set, ref at);
                    }

                    step++;
                    break;
                case Operation.Any or Operation.AnyWithNewline:
                    holds = One(now.Operation, null, ref at);
                    step++;
                    break;
                case Operation.Run:
                    holds = StartRun(in now, step, ref at);
                    step++;
                    break;
                case Operation.Split:
                    holds = Choose(in now, ref step, at);
                    break;
                case Operation.Jump:
                    step = now.A;
                    break;
                case Operation.Save:
                    Push(now.A, _slots[now.A], FrameRestore);
                    _slots[now.A] = at;
                    step++;
                    break;
                case Operation.Place:
                    holds = IsAt((Place)now.A, at);
                    step++;
                    break;
                case Operation.Backreference or Operation.BackreferenceIgnoringCase:
                    holds = Again(now.A, now.Operation == Operation.BackreferenceIgnoringCase, ref at);
                    step++;
                    break;
                case Operation.LookAhead or Operation.NotAhead or Operation.LookBehind or Operation.NotBehind or Operation.Atomic:
                    holds = Sub(in now, step, ref at);
                    step = now.A;
                    break;
                case Operation.Condition:
                    step = _slots[(2 * now.A) + 1] >= 0 ? step + 1 : now.B;
                    break;
                case Operation.Progress:
                    step = _slots[now.A] == at ? now.B : step + 1;
                    break;
            }

            if (!holds && !Back(bottom, ref step, ref at))
            {
                return false;
            }
        }
    }

    // Only ways that can go on with what stands here are taken, or kept for later.
    private bool Choose(ref readonly Instruction now, ref int step, int at)
    {
        var hasSecond = _first[now.B].Allow(_text, at);
        step = now.A;
        if (!_first[now.A].Allow(_text, at))
        {
            if (!hasSecond)
            {
                return false;
            }

            step = now.B;
        }
        else if (hasSecond)
        {
            Push(at, 0, (now.B << 2) | FrameGoOn);
        }

        return _memory is null || _depth > 0 || !IsKnownToFail(step, at);
    }

    // Takes the newest way that is left.
    private bool Back(int bottom, ref int step, ref int at)
    {
        while (_top > bottom)
        {
            var tag = _stack[_top - 1];
            switch (tag & 3)
            {
                case FrameRestore:
                    _top -= 3;
                    _slots[_stack[_top]] = _stack[_top + 1];
                    continue;
                case FrameGoOn:
                    _top -= 3;
                    step = tag >> 2;
                    at = _stack[_top];
                    break;
                case FrameGreedy:
                    if (!Shorter(tag >> 2, out at))
                    {
                        continue;
                    }

                    step = (tag >> 2) + 1;
                    break;
                default:
                    if (!Longer(tag >> 2, out at))
                    {
                        continue;
                    }

                    step = (tag >> 2) + 1;
                    break;
            }

            if (--_budget <= 0)
            {
                return false;
            }

            if (_budget < _costly && _depth == 0 && _program.CanRemember && IsKnownToFail(step, at))
            {
                continue;
            }

            return true;
        }

        return false;
    }

    private void Push(int first, int second, int tag)
    {
        if (_top + 3 > _stack.Length)
        {
            Array.Resize(ref _scratch.Stack, _stack.Length * 2);
            _stack = _scratch.Stack;
        }

        _stack[_top] = first;
        _stack[_top + 1] = second;
        _stack[_top + 2] = tag;
        _top += 3;
    }
}
