using Postern.Fail2Ban.Expressions;

namespace Postern.Fail2Ban.Filters;

/// <summary>One expression of a filter, with what its groups mean.</summary>
internal sealed class FilterExpression
{
    private static readonly string[] s_identifiers = ["fid", "ip4", "ip6", "dns", "mlfid"];

    private readonly (string Name, int Number)[] _groups;
    private readonly int[] _known = new int[KnownGroups.Count];
    private readonly (string Name, string Target)[] _alternatives;
    private readonly (string Name, string Target)[] _tuples;
    private readonly int[] _skipped;

    private FilterExpression(string source, PythonPattern pattern)
    {
        Source = source;
        Pattern = pattern;
        _groups = [.. pattern.GroupNames.Select(group => (group.Key, group.Value)).OrderBy(group => group.Value)];
        Names = [.. _groups.Select(group => group.Name)];
        for (var i = 0; i < _known.Length; i++)
        {
            _known[i] = NumberOf(KnownGroups.Name((KnownGroup)i));
        }

        _alternatives = Targets("alt_");
        _tuples = Targets("tuple_");
        _skipped = [.. _groups.Where(group => group.Name.StartsWith("skiplines", StringComparison.Ordinal)).Select(group => group.Number)];
    }

    /// <summary>As the filter has it, tags not expanded.</summary>
    public string Source { get; }

    /// <summary>With its tags expanded.</summary>
    public PythonPattern Pattern { get; }

    /// <summary>Whether a match names whom the failure is counted by, now or by a later line.</summary>
    public bool HasIdentifier => Array.Exists(s_identifiers, Pattern.GroupNames.ContainsKey);

    /// <summary>Reads an expression of a filter; the reason is a clause.</summary>
    /// <param name="source">The expression with fail2ban's tags.</param>
    /// <param name="withNames">Whether <c>&lt;HOST&gt;</c> takes host names.</param>
    /// <param name="multiline">Whether it is matched over several lines.</param>
    public static (FilterExpression? Expression, string? Reason) Create(string source, bool withNames, bool multiline)
    {
        var expanded = TagExpansion.Expand(source, withNames);
        if (expanded.AsSpan().TrimStart().IsEmpty)
        {
            return (null, "it is empty");
        }

        var (pattern, error) = PythonPattern.Create(expanded, multiline ? PatternFlags.Multiline : PatternFlags.None);
        return pattern is null ? (null, error!.ToString()) : (new FilterExpression(source, pattern), null);
    }

    /// <summary>Names of its groups.</summary>
    public string[] Names { get; }

    /// <summary>The place of a name among the names; -1 for none.</summary>
    public int NumberOf(string name) => Array.IndexOf(Names, name);

    /// <summary>The same of a group that means something.</summary>
    public int NumberOf(KnownGroup group) => _known[(int)group];

    /// <summary>Start and end of each named group of the match that the scratch holds; -1 where one took no part.</summary>
    public int[] Places(MatchScratch scratch)
    {
        var places = new int[2 * _groups.Length];
        CopyPlaces(scratch, places);
        return places;
    }

    /// <summary>The same into memory for two numbers a name.</summary>
    public void CopyPlaces(MatchScratch scratch, Span<int> places)
    {
        for (var i = 0; i < _groups.Length; i++)
        {
            var number = _groups[i].Number;
            (places[2 * i], places[(2 * i) + 1]) = (scratch.Slots[2 * number], scratch.Slots[(2 * number) + 1]);
        }
    }

    /// <summary>Whether groups are joined from several: alternative names or tuples.</summary>
    public bool HasJoins => _alternatives.Length + _tuples.Length > 0;

    /// <summary>The groups of a match by name, those of alternative names and tuples joined.</summary>
    /// <param name="text">The text of a group by its place among the names; null where it took no part.</param>
    public Dictionary<string, string?> Groups(Func<int, string?> text)
    {
        var values = new Dictionary<string, string?>(_groups.Length, StringComparer.Ordinal);
        for (var i = 0; i < _groups.Length; i++)
        {
            values[_groups[i].Name] = text(i);
        }

        foreach (var (name, target) in _alternatives)
        {
            if (values[name] is { Length: > 0 } value && string.IsNullOrEmpty(values.GetValueOrDefault(target)))
            {
                values[target] = value;
            }
        }

        if (_tuples.Length == 0)
        {
            return values;
        }

        foreach (var set in _tuples.GroupBy(tuple => tuple.Target, StringComparer.Ordinal))
        {
            var parts = set.Select(tuple => values[tuple.Name]).Prepend(values.GetValueOrDefault(set.Key));
            values[set.Key] = $"({string.Join(", ", parts.Select(part => part is null ? "None" : $"'{part}'"))})";
        }

        return values;
    }

    /// <summary>The same of the match that the scratch holds.</summary>
    public Dictionary<string, string?> Groups(string text, MatchScratch scratch) => Groups(place => scratch.Text(text, _groups[place].Number));

    /// <summary>The lines that <c>&lt;SKIPLINES&gt;</c> passed over.</summary>
    public IEnumerable<string> SkippedLines(ReadOnlySpan<char> text, MatchScratch scratch)
    {
        var all = "";
        foreach (var number in _skipped)
        {
            all += scratch.Text(text, number);
        }

        return all.Length == 0 ? [] : all.TrimEnd('\n').Split('\n');
    }

    // alt_user_1 and alt_user stand in for user.
    private (string Name, string Target)[] Targets(string prefix) =>
    [
        .. _groups.Where(group => group.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(group => (group.Name, TagExpansion.GroupName(WithoutNumber(group.Name[prefix.Length..]))))
            .OrderBy(pair => pair.Item1, StringComparer.Ordinal),
    ];

    private static string WithoutNumber(string name)
    {
        var end = name.Length;
        while (end > 0 && char.IsAsciiDigit(name[end - 1]))
        {
            end--;
        }

        return end < name.Length && end > 0 && name[end - 1] == '_' ? name[..(end - 1)] : name;
    }
}
