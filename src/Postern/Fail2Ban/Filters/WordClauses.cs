using Postern.Fail2Ban.Expressions;

namespace Postern.Fail2Ban.Filters;

/// <summary>Sets of words of which each must have one in a text that an expression matches.</summary>
internal static class WordClauses
{
    /// <summary>So many sets at most are asked for.</summary>
    public const int Most = 3;

    // A set of more words than this is left out: they would slow the search.
    private const int MostWords = 120;

    // Shorter words stand in too many lines to tell much, and each costs the search: they serve only where there are no others.
    private const int ShortestFurther = 5;

    /// <summary>The sets, those with the longest words first: they are rarest.</summary>
    /// <param name="needed">What must stand in the text.</param>
    public static IReadOnlyList<IReadOnlyCollection<string>> Of(LiteralNode needed) =>
    [
        .. Find(needed).Select(clause => clause.Words).Where((words, i) => i == 0 || words.All(word => word.Length >= ShortestFurther)),
    ];

    private static List<Clause> Find(LiteralNode node) => node switch
    {
        Literal literal => [new Clause([literal.Text], LinePrefilter.Cost(literal.Text))],
        AllOf all => [.. all.Parts.SelectMany(part => Find(part)).DistinctBy(clause => string.Join(' ', clause.Words), StringComparer.Ordinal).OrderBy(clause => clause.Cost).Take(Most)],
        AnyOf any => Unite([.. any.Parts.Select(part => Find(part))]),
        _ => [],
    };

    // Where one of several must match, the rarest set of each makes the first set of all, the next of each the second, and so
    // on; one that has no further set gives its last again.
    private static List<Clause> Unite(IReadOnlyList<List<Clause>> parts)
    {
        var clauses = new List<Clause>();
        if (parts.Any(part => part.Count == 0))
        {
            return clauses;
        }

        for (var i = 0; i < Math.Min(Most, parts.Max(part => part.Count)); i++)
        {
            var words = new HashSet<string>(parts.SelectMany(part => part[Math.Min(i, part.Count - 1)].Words), StringComparer.Ordinal);
            if (words.Count <= MostWords)
            {
                clauses.Add(new Clause(words, words.Sum(LinePrefilter.Cost)));
            }
        }

        return clauses;
    }

    private readonly record struct Clause(HashSet<string> Words, double Cost);
}
