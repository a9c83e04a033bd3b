namespace Postern.Fail2Ban.Filters;

/// <summary>A line with its date cut out. Its parts are made when they are asked for: most lines match nothing.</summary>
/// <param name="Text">The line, without the date that it takes from elsewhere.</param>
/// <param name="Start">Where its own date begins.</param>
/// <param name="End">Where that ends.</param>
/// <param name="OtherDate">The date of a line before, where it has none of its own; null where it needs none.</param>
internal sealed record LineParts(string Text, int Start = 0, int End = 0, string? OtherDate = null)
{
    /// <summary>What the expressions see, but for the line feed.</summary>
    public string Content => Start == End ? Text : string.Concat(Text.AsSpan(0, Start), Text.AsSpan(End));

    /// <summary>The same with the line feed that expressions rely on.</summary>
    public string ContentWithFeed => string.Concat(Text.AsSpan(0, Start), Text.AsSpan(End), "\n");

    /// <summary>The line as it was.</summary>
    public string Line => OtherDate is null ? Text : OtherDate + Text;
}
