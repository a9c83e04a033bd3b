namespace Postern.Fail2Ban.Filters;

/// <summary>A line with its date cut out.</summary>
internal sealed record LineParts(string Before, string Date, string After)
{
    /// <summary>What the expressions see.</summary>
    public string Content => Before.Length == 0 ? After : Before + After;

    /// <summary>The line as it was.</summary>
    public string Line => string.Concat(Before, Date, After);
}
