namespace Postern.Fail2Ban.Filters;

/// <summary>What an expression saw: a part of a line whose date was cut out, and a line feed.</summary>
/// <param name="Line">The line.</param>
/// <param name="Offset">Where the part begins, in the line without its date.</param>
/// <param name="Length">Its length without the feed.</param>
internal readonly record struct SeenText(LineParts Line, int Offset, int Length)
{
    /// <summary>The text between two places.</summary>
    public string Slice(int start, int end)
    {
        var text = Cut(Offset + Math.Min(start, Length), Offset + Math.Min(end, Length));
        return end > Length && start < end ? text + "\n" : text;
    }

    private string Cut(int start, int end)
    {
        var cut = Line.End - Line.Start;
        // The part itself may hold the line's feed.
        if (end > Line.Text.Length - cut)
        {
            return start >= end ? "" : Cut(start, end - 1) + "\n";
        }

        if (start >= end)
        {
            return "";
        }

        return end <= Line.Start ? Line.Text[start..end]
            : start >= Line.Start ? Line.Text[(start + cut)..(end + cut)]
            : string.Concat(Line.Text.AsSpan(start, Line.Start - start), Line.Text.AsSpan(Line.End, end - Line.Start));
    }
}
