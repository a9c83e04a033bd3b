namespace Postern.Fail2Ban.Expressions;

/// <content>Looks ahead and behind, and parts that give nothing back.</content>
internal ref partial struct PatternMatcher
{
    private bool Sub(ref readonly Instruction now, int step, ref int at)
    {
        var from = at;
        if (now.Operation is Operation.LookBehind or Operation.NotBehind)
        {
            for (var i = 0; i < now.B && from >= 0; i++)
            {
                from--;
                if (from > 0 && char.IsLowSurrogate(_text[from]) && char.IsHighSurrogate(_text[from - 1]))
                {
                    from--;
                }
            }
        }

        var bottom = _top;
        var negative = now.Operation is Operation.NotAhead or Operation.NotBehind;
        _depth++;
        var end = at;
        var found = from >= 0 && Run(step + 1, from, out end);
        _depth--;
        if (!found)
        {
            return negative && _budget > 0;
        }

        Forget(bottom, undo: negative);
        if (negative)
        {
            return false;
        }

        if (now.Operation == Operation.Atomic)
        {
            at = end;
        }

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
                {
                    _slots[_stack[_top]] = _stack[_top + 1];
                }
            }

            return;
        }

        var keep = bottom;
        for (var frame = bottom; frame < _top; frame += 3)
        {
            if ((_stack[frame + 2] & 3) != FrameRestore)
            {
                continue;
            }

            _stack.AsSpan(frame, 3).CopyTo(_stack.AsSpan(keep, 3));
            keep += 3;
        }

        _top = keep;
    }
}
