namespace Postern.Fail2Ban.Expressions;

/// <content>What stands at a place: characters, repeated groups, edges of words and lines.</content>
internal ref partial struct PatternMatcher
{
    private readonly bool One(Operation operation, CharSet? set, ref int at)
    {
        if ((uint)at >= (uint)_text.Length)
        {
            return false;
        }

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
        {
            at += width;
        }

        return holds;
    }

    private readonly bool Again(int group, bool ignoreCase, ref int at)
    {
        var (from, to) = (_slots[2 * group], _slots[(2 * group) + 1]);
        if (from < 0 || to < 0)
        {
            return false;
        }

        var wanted = _text[from..to];
        if (at + wanted.Length > _text.Length)
        {
            return false;
        }

        var here = _text.Slice(at, wanted.Length);
        at += wanted.Length;
        if (!ignoreCase)
        {
            return here.SequenceEqual(wanted);
        }

        for (var i = 0; i < wanted.Length; i++)
        {
            if (PythonCharacters.Lower(here[i]) != PythonCharacters.Lower(wanted[i]))
            {
                return false;
            }
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
        {
            return false;
        }

        int character = _text[index];
        if (char.IsSurrogate((char)character))
        {
            var high = char.IsLowSurrogate((char)character) ? index - 1 : index;
            if (high >= 0 && high + 1 < _text.Length && char.IsSurrogatePair(_text[high], _text[high + 1]))
            {
                character = char.ConvertToUtf32(_text[high], _text[high + 1]);
            }
        }

        return (character < 0x80 || !ascii) && PythonCharacters.IsWord(character);
    }
}
