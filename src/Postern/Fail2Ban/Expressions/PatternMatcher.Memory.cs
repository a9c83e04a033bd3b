namespace Postern.Fail2Ban.Expressions;

/// <content>The states that failed, once a text proves costly.</content>
internal ref partial struct PatternMatcher
{
    private bool IsKnownToFail(int step, int at)
    {
        var mark = _program.Marks[step];
        if (mark == 0)
        {
            return false;
        }

        long state = mark - 1;
        foreach (var group in _program.Conditions)
        {
            state = (state * 2) + (_slots[(2 * group) + 1] >= 0 ? 1 : 0);
        }

        var states = (long)_program.MarkCount << _program.Conditions.Length;
        if (_memory is null)
        {
            var bits = states * (_text.Length + 1);
            if (bits > MostMemory)
            {
                return false;
            }

            var words = (int)((bits + 63) / 64);
            if (_scratch.Memory.Length < words)
            {
                _scratch.Memory = new ulong[words];
            }

            _scratch.Memory.AsSpan(0, words).Clear();
            _memory = _scratch.Memory;
        }

        var bit = (state * (_text.Length + 1)) + at;
        ref var word = ref _memory[bit >> 6];
        var known = (word >> (int)(bit & 63) & 1) != 0;
        word |= 1UL << (int)(bit & 63);
        return known;
    }
}
