namespace Postern.Fail2Ban.Expressions;

/// <summary>What must stand in a text, in any case of letters, for an expression to match it.</summary>
internal abstract record LiteralNode
{
    /// <summary>Nothing need stand there.</summary>
    public static LiteralNode Nothing { get; } = new AllOf([]);

    /// <summary>All of them; what needs nothing is left out.</summary>
    public static LiteralNode All(IEnumerable<LiteralNode> parts)
    {
        List<LiteralNode> kept = [.. parts.Where(part => !part.IsNothing)];
        return kept.Count == 1 ? kept[0] : new AllOf(kept);
    }

    /// <summary>One of them at least; nothing where one needs nothing.</summary>
    public static LiteralNode Any(IEnumerable<LiteralNode> parts)
    {
        List<LiteralNode> kept = [.. parts];
        return kept.Exists(part => part.IsNothing) ? Nothing : kept.Count == 1 ? kept[0] : new AnyOf(kept);
    }

    /// <summary>Whether nothing need stand there.</summary>
    public bool IsNothing => this is AllOf { Parts.Count: 0 };

    /// <summary>The same with each text replaced.</summary>
    public LiteralNode Select(Func<string, LiteralNode> replace) => this switch
    {
        Literal literal => replace(literal.Text),
        AllOf all => All(all.Parts.Select(part => part.Select(replace))),
        AnyOf any => Any(any.Parts.Select(part => part.Select(replace))),
        _ => Nothing,
    };

    /// <summary>All texts in it.</summary>
    public IEnumerable<string> Texts() => this switch
    {
        Literal literal => [literal.Text],
        AllOf all => all.Parts.SelectMany(part => part.Texts()),
        AnyOf any => any.Parts.SelectMany(part => part.Texts()),
        _ => [],
    };

    /// <summary>
    /// The cheapest texts of which one must stand in every match, by what each costs (how often it stands where there is
    /// no match); null where nothing need.
    /// </summary>
    public (double Cost, IReadOnlyList<string> Texts)? Cheapest(Func<string, double> cost)
    {
        switch (this)
        {
            case Literal literal:
                return (cost(literal.Text), [literal.Text]);
            case AllOf all:
                (double Cost, IReadOnlyList<string> Texts)? best = null;
                foreach (var part in all.Parts)
                {
                    if (part.Cheapest(cost) is { } one && (best is null || one.Cost < best.Value.Cost))
                    {
                        best = one;
                    }
                }

                return best;
            case AnyOf any:
                var (sum, texts) = (0.0, new List<string>());
                foreach (var part in any.Parts)
                {
                    if (part.Cheapest(cost) is not { } one)
                    {
                        return null;
                    }

                    sum += one.Cost;
                    texts.AddRange(one.Texts);
                }

                return (sum, texts);
            default:
                return null;
        }
    }
}

/// <summary>This text, in lower case.</summary>
internal sealed record Literal(string Text) : LiteralNode;

/// <summary>All of these.</summary>
internal sealed record AllOf(IReadOnlyList<LiteralNode> Parts) : LiteralNode;

/// <summary>One of these.</summary>
internal sealed record AnyOf(IReadOnlyList<LiteralNode> Parts) : LiteralNode;
