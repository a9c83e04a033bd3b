namespace Postern.Fail2Ban.Configuration;

/// <summary>A filter as its files and options give it, all names replaced.</summary>
internal sealed record FilterDefinition
{
    /// <summary>Its name, without options.</summary>
    public required string Name { get; init; }

    /// <summary>The file that names it, for messages.</summary>
    public required string File { get; init; }

    /// <summary>Expressions of failures, in their order, tags such as <c>&lt;HOST&gt;</c> not yet expanded.</summary>
    public IReadOnlyList<string> FailRegex { get; init; } = [];

    /// <summary>Expressions of what is no failure after all.</summary>
    public IReadOnlyList<string> IgnoreRegex { get; init; } = [];

    /// <summary>What a line must match first; null for none.</summary>
    public string? PrefRegex { get; init; }

    /// <summary>How many lines are looked at together; 1 unless the filter says otherwise.</summary>
    public int MaxLines { get; init; } = 1;

    /// <summary>Date patterns, one a line; null for the default ones.</summary>
    public string? DatePattern { get; init; }

    /// <summary><c>yes</c>, <c>warn</c>, <c>no</c> or <c>raw</c>; null where the filter says nothing.</summary>
    public string? UseDns { get; init; }

    /// <summary>Which entries of the journal it is for, one alternative a line; null for none.</summary>
    public string? JournalMatch { get; init; }

    /// <summary>Where its parts stand: <c>failregex 2</c>, <c>prefregex</c>, <c>datepattern</c>; those that were not written in a file are not among them.</summary>
    public IReadOnlyDictionary<string, ConfigPlace> Places { get; init; } = new Dictionary<string, ConfigPlace>(StringComparer.Ordinal);

    /// <summary>All combined options, for jails that name them as <c>known/…</c>.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
