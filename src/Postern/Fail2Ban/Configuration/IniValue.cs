namespace Postern.Fail2Ban.Configuration;

/// <summary>A value as it was written, not interpolated, and where.</summary>
internal readonly record struct IniValue(string Text, string File, int Line)
{
    /// <summary>The line of the file for each line of the value; null where only the first is known.</summary>
    public IReadOnlyList<int>? Lines { get; init; }
}

/// <summary>The options of a section by their names in lower case.</summary>
internal sealed class IniSection : Dictionary<string, IniValue>
{
    /// <summary>An empty section.</summary>
    public IniSection()
        : base(StringComparer.Ordinal)
    {
    }
}
