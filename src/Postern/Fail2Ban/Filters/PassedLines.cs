namespace Postern.Fail2Ban.Filters;

/// <summary>
/// The last lines that hold no word which a match of several lines needs. They become text only where a line with such a word
/// follows soon: most never do.
/// </summary>
/// <param name="most">So many lines are looked at together.</param>
internal sealed class PassedLines(int most)
{
    // A filter may name any number; room is made only for as many as come.
    private readonly List<Slot> _slots = [];
    private int _first;
    private int _count;

    /// <summary>Adds a line; the oldest goes where there are too many.</summary>
    /// <param name="line">The line.</param>
    /// <param name="cut">Where its date stands.</param>
    /// <param name="otherDate">The date that it takes from another line.</param>
    public void Add(ReadOnlySpan<char> line, (int Start, int End) cut, string? otherDate)
    {
        if (_count < most && _slots.Count < most)
            _slots.Add(new Slot());
        var slot = _slots[(_first + _count) % _slots.Count];
        if (_count == _slots.Count)
            _first = (_first + 1) % _slots.Count;
        else
            _count++;
        if (slot.Text.Length < line.Length)
            slot.Text = new char[line.Length + 64];
        line.CopyTo(slot.Text);
        (slot.Length, slot.Cut, slot.OtherDate) = (line.Length, cut, otherDate);
    }

    /// <summary>Hands all of them over, the oldest first, and keeps none.</summary>
    public void MoveTo(MatchLines lines)
    {
        for (; _count > 0; _count--, _first = (_first + 1) % _slots.Count)
        {
            var slot = _slots[_first];
            lines.Add(new LineParts(new string(slot.Text, 0, slot.Length), slot.Cut.Start, slot.Cut.End, slot.OtherDate, false));
        }

        // What was in a row begins at the first slot again, so that new ones come last.
        _first = 0;
    }

    private sealed class Slot
    {
        public char[] Text { get; set; } = [];

        public int Length { get; set; }

        public (int Start, int End) Cut { get; set; }

        public string? OtherDate { get; set; }
    }
}
