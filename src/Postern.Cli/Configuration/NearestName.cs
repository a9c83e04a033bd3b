namespace Postern.Cli.Configuration;

/// <summary>Finds what somebody meant who mistyped a name.</summary>
internal static class NearestName
{
    /// <summary>The name that takes the fewest changes, a third of its letters at most; null where none is near.</summary>
    public static string? Of(string name, IEnumerable<string> names)
    {
        string? best = null;
        var least = int.MaxValue;
        foreach (var candidate in names)
        {
            var changes = Changes(Plain(name), Plain(candidate));
            if (changes < least && changes <= Math.Max(1, Math.Max(name.Length, candidate.Length) / 3))
            {
                (best, least) = (candidate, changes);
            }
        }

        return best;
    }

    /// <summary>Asks whether a name was meant; null for none.</summary>
    public static Sentence? Suggest(string? nearest)
    {
        if (nearest is null)
        {
            return null;
        }

        Sentence question = $"did you mean '{nearest}'?";
        return question;
    }

    // ban-time, ban_time and bantime are one word to whoever types it.
    private static string Plain(string name) =>
        string.Concat(name.Length > 64 ? name[..64] : name).Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>Letters to insert, drop, change, or swap with their neighbour (Damerau's distance of adjacent swaps).</summary>
    private static int Changes(string from, string to)
    {
        var rows = new int[from.Length + 1][];
        for (var i = 0; i <= from.Length; i++)
        {
            rows[i] = new int[to.Length + 1];
            rows[i][0] = i;
        }

        for (var j = 0; j <= to.Length; j++)
        {
            rows[0][j] = j;
        }

        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var cost = from[i - 1] == to[j - 1] ? 0 : 1;
                rows[i][j] = Math.Min(Math.Min(rows[i - 1][j], rows[i][j - 1]) + 1, rows[i - 1][j - 1] + cost);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    rows[i][j] = Math.Min(rows[i][j], rows[i - 2][j - 2] + 1);
                }
            }
        }

        return rows[from.Length][to.Length];
    }
}
