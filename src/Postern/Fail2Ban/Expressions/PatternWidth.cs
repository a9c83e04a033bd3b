namespace Postern.Fail2Ban.Expressions;

/// <summary>How many characters an expression can take, which Python wants to know of a look behind.</summary>
internal static class PatternWidth
{
    /// <summary>Least and greatest width; <see cref="int.MaxValue"/> for no limit.</summary>
    /// <param name="node">The expression.</param>
    /// <param name="groups">Widths of the groups that are closed by now, by number; null for an open one.</param>
    public static (int? Min, int? Max) Of(PatternNode node, IReadOnlyList<(int? Min, int? Max)> groups)
    {
        var (min, max) = Measure(node, groups);
        return ((int)Math.Min(min, int.MaxValue), (int)Math.Min(max, int.MaxValue));
    }

    private static (long Min, long Max) Measure(PatternNode node, IReadOnlyList<(int? Min, int? Max)> groups)
    {
        switch (node)
        {
            case CharNode or AnyNode:
                return (1, 1);
            case SequenceNode sequence:
                long least = 0, most = 0;
                foreach (var item in sequence.Items)
                {
                    var (min, max) = Measure(item, groups);
                    (least, most) = (Cap(least + min), Cap(most + max));
                }

                return (least, most);
            case AlternationNode alternation:
                var all = alternation.Branches.Select(branch => Measure(branch, groups)).ToArray();
                return (all.Min(width => width.Min), all.Max(width => width.Max));
            case GroupNode group:
                return Measure(group.Body, groups);
            case AtomicNode atomic:
                return Measure(atomic.Body, groups);
            case RepeatNode repeat:
                var body = Measure(repeat.Body, groups);
                return (Cap(body.Min * repeat.Min), repeat.Max == int.MaxValue && body.Max > 0 ? int.MaxValue : Cap(body.Max * repeat.Max));
            case BackreferenceNode reference:
                return (groups[reference.Group].Min ?? 0, groups[reference.Group].Max ?? int.MaxValue);
            case ConditionalNode conditional:
                var (yes, no) = (Measure(conditional.Yes, groups), Measure(conditional.No, groups));
                return (Math.Min(yes.Min, no.Min), Math.Max(yes.Max, no.Max));
            default:
                return (0, 0);
        }
    }

    private static long Cap(long width) => Math.Min(width, int.MaxValue);
}
