namespace Postern.Fail2Ban.Expressions;

/// <content>Repeats of single characters: taken as a whole, and given back or added one by one.</content>
internal ref partial struct PatternMatcher
{
    private bool StartRun(ref readonly Instruction now, int step, ref int at)
    {
        var from = at;
        if (now.Kind == RepeatKind.Lazy)
        {
            for (var i = 0; i < now.A; i++)
            {
                if (!One(now.Single, now.Set, ref at))
                {
                    return false;
                }
            }

            if (now.B > now.A)
            {
                Push(at, now.B == int.MaxValue ? int.MaxValue : now.B - now.A, (step << 2) | FrameLazy);
                // Straight to where what must follow stands.
                return _first[step + 1].Allow(_text, at);
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
                {
                    return false;
                }

                least = from + (char.IsHighSurrogate(_text[from]) && from + 1 < at && char.IsLowSurrogate(_text[from + 1]) ? 2 : 1);
            }
        }
        else
        {
            for (; count < now.B; least = count == now.A ? at : least)
            {
                if (now.Single is Operation.Set or Operation.Char && (uint)at < (uint)_text.Length && _text[at] is < '\u0080' and var c)
                {
                    if (!now.Set!.ContainsAscii(c))
                    {
                        break;
                    }

                    at++;
                }
                else if (!One(now.Single, now.Set, ref at))
                {
                    break;
                }

                count++;
            }

            if (count < now.A)
            {
                return false;
            }
        }

        _budget -= (at - from) >> 4;
        if (now.Kind == RepeatKind.Greedy && at > least)
        {
            Push(least, at, (step << 2) | FrameGreedy);
        }

        return _first[step + 1].Allow(_text, at);
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
            ref readonly var next = ref _first[step + 1];
            do
            {
                at--;
                if (at > least && char.IsLowSurrogate(_text[at]) && char.IsHighSurrogate(_text[at - 1]))
                {
                    at--;
                }
            }
            while (at > least && !next.Allow(_text, at));
            _budget -= (before - at) >> 4;
        }

        if (at <= least)
        {
            _top -= 3;
        }
        else
        {
            _stack[_top - 2] = at;
        }

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
            {
                left--;
            }

            if (!_first[step + 1].Allow(_text, at))
            {
                continue;
            }

            _stack[_top - 3] = at;
            _stack[_top - 2] = left;
            _budget -= (at - from) >> 4;
            return true;
        }

        _budget -= (at - from) >> 4;
        _top -= 3;
        return false;
    }
}
