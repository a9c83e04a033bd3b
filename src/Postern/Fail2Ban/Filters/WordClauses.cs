using Postern.Fail2Ban.Expressions;

namespace Postern.Fail2Ban.Filters;

/// <summary>Sets of words of which each must have one in a text that an expression matches.</summary>
internal static class WordClauses
{
    // A set of more words than this is left out: they would slow the search.
    private const int MostWords = 120;

    // Shorter words stand in too many lines to tell much, and each costs the search: they serve only where there are no others.
    private const int ShortestFurther = 5;

    /// <summary>The sets, those with the longest words first: they are rarest.</summary>
    /// <param name="needed">What must stand in the text.</param>
    /// <param name="most">So many sets at most.</param>
    public static IReadOnlyList<IReadOnlyCollection<string>> Of(LiteralNode needed, int most) =>
    [
        .. Find(needed, most).Select(clause => clause.Words).Where((words, i) => i == 0 || words.All(word => word.Length >= ShortestFurther)),
    ];

    private static List<Clause> Find(LiteralNode node, int most) => node switch
    {
        Literal literal => [new Clause([literal.Text], LinePrefilter.Cost(literal.Text))],
        AllOf all => [.. all.Parts.SelectMany(part => Find(part, most)).DistinctBy(clause => string.Join(' ', clause.Words), StringComparer.Ordinal).OrderBy(clause => clause.Cost).Take(most)],
        AnyOf any => Unite([.. any.Parts.Select(part => Find(part, most))], most),
        _ => [],
    };

    // Where one of several must match, the rarest set of each makes the first set of all, the next of each the second, and so
    // on; one that has no further set gives its last again.
    private static List<Clause> Unite(IReadOnlyList<List<Clause>> parts, int most)
    {
        var clauses = new List<Clause>();
        if (parts.Any(part => part.Count == 0))
            return clauses;
        for (var i = 0; i < Math.Min(most, parts.Max(part => part.Count)); i++)
        {
            var words = new HashSet<string>(parts.SelectMany(part => part[Math.Min(i, part.Count - 1)].Words), StringComparer.Ordinal);
            if (words.Count <= MostWords)
                clauses.Add(new Clause(words, words.Sum(LinePrefilter.Cost)));
        }

        return clauses;
    }

    private readonly record struct Clause(HashSet<string> Words, double Cost);
}
