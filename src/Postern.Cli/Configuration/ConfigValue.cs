namespace Postern.Cli.Configuration;

/// <summary>A value of the file with its place. The kinds are those of TOML that a configuration needs.</summary>
/// <param name="Line">The line of its key or of the value itself, from 1.</param>
internal abstract record ConfigValue(int Line)
{
    /// <summary>What it is, for a complaint: <c>a text</c>.</summary>
    public abstract string Kind { get; }
}

/// <summary>A string.</summary>
internal sealed record ConfigText(string Text, int Line) : ConfigValue(Line)
{
    /// <inheritdoc/>
    public override string Kind => "a text";
}

/// <summary>An integer or a float.</summary>
internal sealed record ConfigNumber(double Number, bool IsWhole, int Line) : ConfigValue(Line)
{
    /// <inheritdoc/>
    public override string Kind => IsWhole ? "a whole number" : "a number";
}

/// <summary>True or false.</summary>
internal sealed record ConfigFlag(bool Flag, int Line) : ConfigValue(Line)
{
    /// <inheritdoc/>
    public override string Kind => "true or false";
}

/// <summary>A date or time, which no key takes.</summary>
internal sealed record ConfigMoment(int Line) : ConfigValue(Line)
{
    /// <inheritdoc/>
    public override string Kind => "a date or time";
}

/// <summary>No value: the key is left out.</summary>
internal sealed record ConfigAbsent() : ConfigValue(0)
{
    /// <inheritdoc/>
    public override string Kind => "nothing";
}

/// <summary>An array, or the tables of one <c>[[name]]</c>.</summary>
internal sealed record ConfigList(List<ConfigValue> Items, int Line) : ConfigValue(Line)
{
    /// <inheritdoc/>
    public override string Kind => "a list";
}

/// <summary>A table: its keys in the order of the file.</summary>
internal sealed record ConfigTable(int Line) : ConfigValue(Line)
{
    /// <summary>The keys with their values.</summary>
    public OrderedDictionary<string, ConfigValue> Entries { get; } = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string Kind => "a table";
}
