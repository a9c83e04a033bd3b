namespace Postern.Fail2Ban.Filters;

/// <summary>
/// The last lines that no match of several lines can take yet, as they came. Their dates are looked for, and they become text,
/// only where the words that a match needs follow soon: most never do.
/// </summary>
/// <param name="most">So many lines are looked at together.</param>
internal sealed class PassedLines(int most)
{
    // A filter may name any number; room is made only for as many as come.
    private readonly List<Slot> _slots = [];
    private int _first;
    private int _count;

    /// <summary>Adds a line in UTF-8; the oldest goes where there are too many.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        if (_count < most && _slots.Count < most)
        {
            _slots.Add(new Slot());
        }

        var slot = _slots[(_first + _count) % _slots.Count];
        if (_count == _slots.Count)
        {
            _first = (_first + 1) % _slots.Count;
        }
        else
        {
            _count++;
        }

        if (slot.Text.Length < line.Length)
        {
            slot.Text = new byte[line.Length + 64];
        }

        line.CopyTo(slot.Text);
        slot.Length = line.Length;
    }

    /// <summary>Takes the oldest out, which stands until the next is added; false where there is none.</summary>
    public bool TryTake(out ReadOnlySpan<byte> line)
    {
        if (_count == 0)
        {
            // What was in a row begins at the first slot again, so that new ones come last.
            _first = 0;
            line = default;
            return false;
        }

        var slot = _slots[_first];
        line = slot.Text.AsSpan(0, slot.Length);
        _first = (_first + 1) % _slots.Count;
        _count--;
        return true;
    }

    private sealed class Slot
    {
        public byte[] Text { get; set; } = [];

        public int Length { get; set; }
    }
}
