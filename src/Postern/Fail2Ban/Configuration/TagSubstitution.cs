namespace Postern.Fail2Ban.Configuration;

/// <summary>
/// Replaces <c>&lt;name&gt;</c> in options by other options, again and again, so that <c>&lt;mdre-&lt;mode&gt;&gt;</c> works. What no
/// option has the name of (<c>&lt;HOST&gt;</c>, <c>&lt;F-USER&gt;</c>) stays.
/// </summary>
internal static class TagSubstitution
{
    private const int MostRepeats = 25;

    // An option can double another's length; a dozen such make gigabytes.
    private const int LongestValue = 1024 * 1024;

    /// <summary>The options with their tags replaced; null and a clause where they go in a circle.</summary>
    /// <param name="options">All options.</param>
    /// <param name="ignored">Names that are left alone.</param>
    /// <param name="elsewhere">Finds an option that is not among them.</param>
    public static (Dictionary<string, string>? Options, string? Reason) Apply(
        IReadOnlyDictionary<string, string> options, IReadOnlySet<string> ignored, Func<string, string?> elsewhere)
    {
        var result = new Dictionary<string, string>(options, StringComparer.Ordinal);
        var counts = new Dictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);
        var done = new HashSet<string>(StringComparer.Ordinal);
        for (var again = true; again;)
        {
            again = false;
            foreach (var name in options.Keys)
            {
                if (ignored.Contains(name) || done.Contains(name))
                {
                    continue;
                }

                if (!counts.TryGetValue(name, out var count))
                {
                    count = new Dictionary<string, int>(StringComparer.Ordinal);
                }

                var before = result[name];
                var (value, reason) = ApplyOnce(name, before, result, ignored, count, elsewhere);
                if (value is null)
                {
                    return (null, reason);
                }

                if (!string.Equals(value, before, StringComparison.Ordinal))
                {
                    if (FindTag(value, 0) is not null)
                    {
                        counts[name] = count;
                        again = true;
                    }

                    result[name] = value;
                }

                if (!value.Contains('<', StringComparison.Ordinal))
                {
                    done.Add(name);
                }
            }
        }

        return (result, null);
    }

    private static (string? Value, string? Reason) ApplyOnce(
        string name, string value, Dictionary<string, string> options, IReadOnlySet<string> ignored, Dictionary<string, int> count, Func<string, string?> elsewhere)
    {
        for (var found = FindTag(value, 0); found is { } place;)
        {
            var tag = value[(place.Start + 1)..(place.End - 1)];
            if (ignored.Contains(tag))
            {
                found = FindTag(value, place.End);
                continue;
            }

            if (string.Equals(tag, name, StringComparison.Ordinal) || count.GetValueOrDefault(tag, 1) > MostRepeats)
            {
                return (null, $"'{name}' refers to itself by <{tag}>");
            }

            if ((options.TryGetValue(tag, out var replacement) ? replacement : elsewhere(tag)) is not { } text)
            {
                found = FindTag(value, place.End);
                continue;
            }

            value = value.Replace($"<{tag}>", text, StringComparison.Ordinal);
            if (value.Length > LongestValue)
            {
                return (null, $"'{name}' grows beyond {LongestValue} characters by its tags");
            }

            count[tag] = count.GetValueOrDefault(tag) + 1;
            found = FindTag(value, place.Start);
        }

        return (value, null);
    }

    // <…> without blanks and angle brackets in it.
    private static (int Start, int End)? FindTag(string value, int from)
    {
        for (var start = from < value.Length ? value.IndexOf('<', from) : -1; start >= 0;)
        {
            var stop = value.AsSpan(start + 1).IndexOfAny(" <>");
            if (stop < 0)
            {
                return null;
            }

            var end = start + 1 + stop;
            if (stop > 0 && value[end] == '>')
            {
                return (start, end + 1);
            }

            start = value.IndexOf('<', end);
        }

        return null;
    }
}
