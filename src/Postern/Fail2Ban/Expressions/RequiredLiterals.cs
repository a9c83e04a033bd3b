namespace Postern.Fail2Ban.Expressions;

/// <summary>
/// Finds texts of which one must occur, in any case of letters, wherever an expression matches. A line without any of them
/// need not be looked at further.
/// </summary>
internal static class RequiredLiterals
{
    private const int MostAlternatives = 48;
    private const int LongestText = 48;

    /// <summary>What must stand in every match.</summary>
    public static LiteralNode Of(PatternNode node)
    {
        switch (node)
        {
            case CharNode:
                return Choice(Exact(node));
            case GroupNode group:
                return Of(group.Body);
            case AtomicNode atomic:
                return Of(atomic.Body);
            case LookNode { Negative: false } look:
                return Of(look.Body);
            case RepeatNode { Min: > 0 } repeat:
                return Of(repeat.Body);
            case AlternationNode alternation:
                return LiteralNode.Any(alternation.Branches.Select(Of));
            case ConditionalNode conditional:
                return LiteralNode.Any([Of(conditional.Yes), Of(conditional.No)]);
            case SequenceNode sequence:
                return LiteralNode.All(OfSequence(sequence));
            default:
                return LiteralNode.Nothing;
        }
    }

    // SubnetThreshold that can only be one of a few texts are joined: longer texts are rarer.
    private static List<LiteralNode> OfSequence(SequenceNode sequence)
    {
        var all = new List<LiteralNode>();
        List<string> current = [""];
        foreach (var item in sequence.Items)
        {
            if (item is LookNode look)
            {
                all.Add(Of(look));
            }

            var exact = Exact(item);
            if (exact is not null && Product(current, exact) is { } longer)
            {
                current = longer;
                continue;
            }

            all.Add(Choice(current));
            if (item is not LookNode)
            {
                all.Add(Of(item));
            }

            current = exact ?? [""];
        }

        all.Add(Choice(current));
        return all;
    }

    private static LiteralNode Choice(List<string>? texts) => texts is null || texts.Exists(text => text.Length == 0)
        ? LiteralNode.Nothing
        : LiteralNode.Any(texts.Select(text => new Literal(text)));

    private static List<string>? Product(List<string> left, List<string> right)
    {
        if (left.Count * right.Count > MostAlternatives)
        {
            return null;
        }

        var all = new List<string>(left.Count * right.Count);
        foreach (var first in left)
        {
            foreach (var second in right)
            {
                if (first.Length + second.Length > LongestText)
                {
                    return null;
                }

                all.Add(first + second);
            }
        }

        return [.. all.Distinct(StringComparer.Ordinal)];
    }

    // All that the expression can match, where that is little.
    private static List<string>? Exact(PatternNode node)
    {
        switch (node)
        {
            case CharNode { Literal: >= 0 and <= 0xFFFF } one:
                return [Fold((char)one.Literal)];
            case CharNode set:
                return OfSet(set.Set);
            case PlaceNode or LookNode:
                return [""];
            case GroupNode group:
                return Exact(group.Body);
            case AtomicNode atomic:
                return Exact(atomic.Body);
            case RepeatNode { Max: 1, Min: 0 } optional:
                return Exact(optional.Body) is { } body && body.Count < MostAlternatives ? [.. body, ""] : null;
            case RepeatNode { Max: < 5 } repeat when repeat.Min == repeat.Max:
                return Power(repeat);
            case SequenceNode sequence:
                List<string>? all = [""];
                foreach (var item in sequence.Items)
                {
                    if (Exact(item) is not { } exact || Product(all, exact) is not { } longer)
                    {
                        return null;
                    }

                    all = longer;
                }

                return all;
            case AlternationNode alternation:
                var union = new List<string>();
                foreach (var branch in alternation.Branches)
                {
                    if (Exact(branch) is not { } exact || union.Count + exact.Count > MostAlternatives)
                    {
                        return null;
                    }

                    union.AddRange(exact);
                }

                return [.. union.Distinct(StringComparer.Ordinal)];
            default:
                return null;
        }
    }

    private static List<string>? Power(RepeatNode repeat)
    {
        List<string>? all = [""];
        for (var i = 0; i < repeat.Min && all is not null; i++)
        {
            all = Exact(repeat.Body) is { } body ? Product(all, body) : null;
        }

        return all;
    }

    // Only ASCII: other letters may be written in ways that an ordinal comparison ignoring case does not know.
    private static List<string>? OfSet(CharSet set)
    {
        var all = new List<string>();
        for (var c = 0; c < 128; c++)
        {
            if (!set.Contains(c))
            {
                continue;
            }

            var text = Fold((char)c);
            if (!all.Contains(text, StringComparer.Ordinal))
            {
                all.Add(text);
            }

            if (all.Count > 4)
            {
                return null;
            }
        }

        return all.Count > 0 && !IsOpen(set) ? all : null;
    }

    // Whether it holds more than the letters whose ASCII forms were seen: probes of what negated sets and classes hold.
    private static bool IsOpen(CharSet set)
    {
        ReadOnlySpan<int> probes = [0xE9, 0x3A9, 0x4E00, 0xA0, 0xFFFD, 0x1F600, 0x660, 0x2028];
        foreach (var probe in probes)
        {
            if (set.Contains(probe))
            {
                return true;
            }
        }

        return set.HoldsRangesBeyondAscii;
    }

    private static string Fold(char c) => char.ToLowerInvariant(c).ToString();
}
