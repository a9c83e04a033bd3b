namespace Postern.Fail2Ban.Filters;

/// <summary>The groups of a match by name. Their texts are made when they are asked for, since most are not.</summary>
internal sealed class MatchGroups
{
    private readonly FilterExpression? _expression;
    private readonly SeenText _text;
    private readonly int[] _places = [];
    private readonly MatchGroups? _before;
    private readonly Dictionary<string, string?>? _values;

    private MatchGroups(FilterExpression expression, SeenText text, int[] places, MatchGroups? before) =>
        (_expression, _text, _places, _before) = (expression, text, places, before);

    /// <summary>Groups whose texts are known.</summary>
    public MatchGroups(Dictionary<string, string?> values) => _values = values;

    /// <summary>The groups of an expression, and under them those of <c>prefregex</c>.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="text">What it saw.</param>
    /// <param name="places">Start and end of each of its named groups in that.</param>
    /// <param name="before">The groups of <c>prefregex</c>; null for none.</param>
    public static MatchGroups Of(FilterExpression expression, SeenText text, int[] places, MatchGroups? before)
    {
        var groups = new MatchGroups(expression, text, places, before);
        // Alternative names and tuples are joined from several.
        return expression.HasJoins || before?._values is not null ? new MatchGroups(groups.ToDictionary()) : groups;
    }

    /// <summary>The text of a group; null where it took no part.</summary>
    public string? this[string name]
    {
        get
        {
            if (_values is not null)
            {
                return _values.GetValueOrDefault(name);
            }

            var number = _expression!.NumberOf(name);
            return number >= 0 ? Text(number) : string.Equals(name, KnownGroups.Name(KnownGroup.Content), StringComparison.Ordinal) ? null : _before?[name];
        }
    }

    /// <summary>The text of a group; null where it took no part.</summary>
    public string? this[KnownGroup group]
    {
        get
        {
            if (_values is not null)
            {
                return _values.GetValueOrDefault(KnownGroups.Name(group));
            }

            var number = _expression!.NumberOf(group);
            return number >= 0 ? Text(number) : group == KnownGroup.Content ? null : _before?[group];
        }
    }

    /// <summary>All of them.</summary>
    public Dictionary<string, string?> ToDictionary()
    {
        if (_values is not null)
        {
            return _values;
        }

        var all = _before?.ToDictionary() ?? new Dictionary<string, string?>(StringComparer.Ordinal);
        all.Remove(KnownGroups.Name(KnownGroup.Content));
        foreach (var (name, value) in _expression!.Groups(Text))
        {
            all[name] = value;
        }

        return all;
    }

    /// <summary>Names of the groups; one may be there twice.</summary>
    public IEnumerable<string> Names => _values is not null ? _values.Keys : _before is null ? _expression!.Names : _before.Names.Concat(_expression!.Names);

    private string? Text(int number)
    {
        var (start, end) = (_places[2 * number], _places[(2 * number) + 1]);
        return start < 0 || end < start ? null : _text.Slice(start, end);
    }
}
