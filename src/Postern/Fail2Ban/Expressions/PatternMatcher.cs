namespace Postern.Fail2Ban.Expressions;

/// <summary>
/// Runs the steps of an expression over a text, in the order in which Python's engine tries them, so that match and groups
/// are the same. It goes back like every such engine; but once a text proves costly, it remembers the states that failed
/// and never enters one twice, so that time grows with the length of the text and not with a power of it.
/// </summary>
internal ref struct PatternMatcher
{
    private const int FrameGoOn = 0, FrameRestore = 1, FrameGreedy = 2, FrameLazy = 3;

    // Memory of failed states, in bits: a text that wants more is left to the budget.
    private const long MostMemory = 8L * 1024 * 1024 * 8;

    private readonly PatternProgram _program;
    private readonly ReadOnlySpan<char> _text;
    private readonly MatchScratch _scratch;
    private readonly int[] _slots;
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
            scratch.Slots = new int[program.SlotCount * 2];
        _slots = scratch.Slots;
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
            return false;
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
                return false;
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
                case Operation.Set or Operation.Any or Operation.AnyWithNewline:
                    holds = One(now.Operation, now.Set, ref at);
                    step++;
                    break;
                case Operation.Run:
                    holds = StartRun(in now, step, ref at);
                    step++;
                    break;
                case Operation.Split:
                    Push(at, 0, (now.B << 2) | FrameGoOn);
                    step = now.A;
                    holds = _memory is null || _depth > 0 || !IsKnownToFail(step, at);
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
                return false;
        }
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
                        continue;
                    step = (tag >> 2) + 1;
                    break;
                default:
                    if (!Longer(tag >> 2, out at))
                        continue;
                    step = (tag >> 2) + 1;
                    break;
            }

            if (--_budget <= 0)
                return false;
            if (_budget < _costly && _depth == 0 && _program.CanRemember && IsKnownToFail(step, at))
                continue;
            return true;
        }

        return false;
    }

    private bool StartRun(ref readonly Instruction now, int step, ref int at)
    {
        var from = at;
        if (now.Kind == RepeatKind.Lazy)
        {
            for (var i = 0; i < now.A; i++)
            {
                if (!One(now.Single, now.Set, ref at))
                    return false;
            }

            if (now.B > now.A)
            {
                Push(at, now.B == int.MaxValue ? int.MaxValue : now.B - now.A, (step << 2) | FrameLazy);
                // Straight to where what must follow stands.
                if (now.Next >= 0 && !(at < _text.Length && _text[at] == now.Next))
                    return false;
            }

            return true;
        }

        var least = at;
        var count = 0;
        if (now.B == int.MaxValue && now.Single == Operation.Any && now.A <= 1)
        {
            var length = _text[at..].IndexOf('\n');
            at = length < 0 ? _text.Length : at + length;
            if (now.A == 1)
            {
                if (at == from)
                    return false;
                least = from + (char.IsHighSurrogate(_text[from]) && from + 1 < at && char.IsLowSurrogate(_text[from + 1]) ? 2 : 1);
            }
        }
        else
        {
            while (count < now.B && One(now.Single, now.Set, ref at))
            {
                if (++count == now.A)
                    least = at;
            }

            if (count < now.A)
                return false;
        }

        _budget -= (at - from) >> 4;
        if (now.Kind == RepeatKind.Greedy && at > least)
        {
            Push(least, at, (step << 2) | FrameGreedy);
            if (now.Next >= 0 && !(at < _text.Length && _text[at] == now.Next))
                return false;
        }

        return true;
    }

    // Gives back characters of a greedy run until what must follow can.
    private bool Shorter(int step, out int at)
    {
        ref readonly var run = ref _program.Steps[step];
        var least = _stack[_top - 3];
        at = _stack[_top - 2];
        var before = at;
        if (run.Next >= 0)
        {
            var found = _text[least..at].LastIndexOf((char)run.Next);
            _budget -= (at - least) >> 5;
            at = found < 0 ? -1 : least + found;
        }
        else
        {
            at--;
            if (at > least && char.IsLowSurrogate(_text[at]) && char.IsHighSurrogate(_text[at - 1]))
                at--;
        }

        if (at <= least)
            _top -= 3;
        else
            _stack[_top - 2] = at;
        return at >= least && at < before;
    }

    private bool Longer(int step, out int at)
    {
        ref readonly var run = ref _program.Steps[step];
        at = _stack[_top - 3];
        var left = _stack[_top - 2];
        var from = at;
        while (left > 0 && One(run.Single, run.Set, ref at))
        {
            if (left != int.MaxValue)
                left--;
            if (run.Next >= 0 && !(at < _text.Length && _text[at] == run.Next))
                continue;
            _stack[_top - 3] = at;
            _stack[_top - 2] = left;
            _budget -= (at - from) >> 4;
            return true;
        }

        _budget -= (at - from) >> 4;
        _top -= 3;
        return false;
    }

    private bool Sub(ref readonly Instruction now, int step, ref int at)
    {
        var from = at;
        if (now.Operation is Operation.LookBehind or Operation.NotBehind)
        {
            for (var i = 0; i < now.B && from >= 0; i++)
            {
                from--;
                if (from > 0 && char.IsLowSurrogate(_text[from]) && char.IsHighSurrogate(_text[from - 1]))
                    from--;
            }
        }

        var bottom = _top;
        var negative = now.Operation is Operation.NotAhead or Operation.NotBehind;
        _depth++;
        var end = at;
        var found = from >= 0 && Run(step + 1, from, out end);
        _depth--;
        if (!found)
            return negative && _budget > 0;
        Forget(bottom, undo: negative);
        if (negative)
            return false;
        if (now.Operation == Operation.Atomic)
            at = end;
        return true;
    }

    // Drops the ways left in a part that is done; what it saved stays, or is undone.
    private void Forget(int bottom, bool undo)
    {
        if (undo)
        {
            while (_top > bottom)
            {
                _top -= 3;
                if ((_stack[_top + 2] & 3) == FrameRestore)
                    _slots[_stack[_top]] = _stack[_top + 1];
            }

            return;
        }

        var keep = bottom;
        for (var frame = bottom; frame < _top; frame += 3)
        {
            if ((_stack[frame + 2] & 3) != FrameRestore)
                continue;
            _stack.AsSpan(frame, 3).CopyTo(_stack.AsSpan(keep, 3));
            keep += 3;
        }

        _top = keep;
    }

    private bool IsKnownToFail(int step, int at)
    {
        var mark = _program.Marks[step];
        if (mark == 0)
            return false;
        long state = mark - 1;
        foreach (var group in _program.Conditions)
            state = (state * 2) + (_slots[(2 * group) + 1] >= 0 ? 1 : 0);
        var states = (long)_program.MarkCount << _program.Conditions.Length;
        if (_memory is null)
        {
            var bits = states * (_text.Length + 1);
            if (bits > MostMemory)
                return false;
            var words = (int)((bits + 63) / 64);
            if (_scratch.Memory.Length < words)
                _scratch.Memory = new ulong[words];
            _scratch.Memory.AsSpan(0, words).Clear();
            _memory = _scratch.Memory;
        }

        var bit = (state * (_text.Length + 1)) + at;
        ref var word = ref _memory[bit >> 6];
        var known = (word >> (int)(bit & 63) & 1) != 0;
        word |= 1UL << (int)(bit & 63);
        return known;
    }

    private readonly bool One(Operation operation, CharSet? set, ref int at)
    {
        if (at >= _text.Length)
            return false;
        int character = _text[at];
        var width = 1;
        if (char.IsHighSurrogate((char)character) && at + 1 < _text.Length && char.IsLowSurrogate(_text[at + 1]))
        {
            character = char.ConvertToUtf32((char)character, _text[at + 1]);
            width = 2;
        }

        var holds = operation switch
        {
            Operation.Any => character != '\n',
            Operation.AnyWithNewline => true,
            _ => set!.Contains(character),
        };
        if (holds)
            at += width;
        return holds;
    }

    private readonly bool Again(int group, bool ignoreCase, ref int at)
    {
        var (from, to) = (_slots[2 * group], _slots[(2 * group) + 1]);
        if (from < 0 || to < 0)
            return false;
        var wanted = _text[from..to];
        if (at + wanted.Length > _text.Length)
            return false;
        var here = _text.Slice(at, wanted.Length);
        at += wanted.Length;
        if (!ignoreCase)
            return here.SequenceEqual(wanted);
        for (var i = 0; i < wanted.Length; i++)
        {
            if (PythonCharacters.Lower(here[i]) != PythonCharacters.Lower(wanted[i]))
                return false;
        }

        return true;
    }

    private readonly bool IsAt(Place place, int at) => place switch
    {
        Place.Start => at == 0,
        Place.LineStart => at == 0 || _text[at - 1] == '\n',
        Place.End => at == _text.Length || (at == _text.Length - 1 && _text[at] == '\n'),
        Place.LineEnd => at == _text.Length || _text[at] == '\n',
        Place.VeryEnd => at == _text.Length,
        Place.WordEdge => IsEdge(at, false),
        Place.NoWordEdge => _text.Length > 0 && !IsEdge(at, false),
        Place.AsciiWordEdge => IsEdge(at, true),
        _ => _text.Length > 0 && !IsEdge(at, true),
    };

    private readonly bool IsEdge(int at, bool ascii) => IsWord(at - 1, ascii) != IsWord(at, ascii);

    private readonly bool IsWord(int index, bool ascii)
    {
        if (index < 0 || index >= _text.Length)
            return false;
        int character = _text[index];
        if (char.IsSurrogate((char)character))
        {
            var high = char.IsLowSurrogate((char)character) ? index - 1 : index;
            if (high >= 0 && high + 1 < _text.Length && char.IsSurrogatePair(_text[high], _text[high + 1]))
                character = char.ConvertToUtf32(_text[high], _text[high + 1]);
        }

        return (character < 0x80 || !ascii) && PythonCharacters.IsWord(character);
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
