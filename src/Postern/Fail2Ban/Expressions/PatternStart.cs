namespace Postern.Fail2Ban.Expressions;

/// <summary>How matches of an expression begin, so that a search need not try every place.</summary>
/// <param name="IsAnchored">Only the start of the text can match.</param>
/// <param name="IsLineAnchored">Only the start of a line can match.</param>
/// <param name="Low">Bits of the characters U+0000 to U+003F that can come first.</param>
/// <param name="High">Bits of the characters U+0040 to U+007F that can come first.</param>
/// <param name="IsNullable">It may match without a character, or begin with any.</param>
internal sealed record PatternStart(bool IsAnchored, bool IsLineAnchored, ulong Low, ulong High, bool IsNullable)
{
    /// <summary>Looks at the tree.</summary>
    public static PatternStart Of(PatternNode node)
    {
        var (low, high, nullable) = First(node);
        return new PatternStart(Anchored(node, Place.Start), Anchored(node, Place.LineStart), low, high, nullable);
    }

    /// <summary>Whether a match can begin with this character; always true beyond ASCII.</summary>
    public bool CanBegin(char c) => IsNullable || c >= 128 || ((c < 64 ? Low >> c : High >> (c - 64)) & 1) != 0;

    private static bool Anchored(PatternNode node, Place place) => node switch
    {
        PlaceNode at => at.Place == Place.Start || at.Place == place,
        SequenceNode sequence => sequence.Items.Count > 0 && Anchored(sequence.Items[0], place),
        GroupNode group => Anchored(group.Body, place),
        AtomicNode atomic => Anchored(atomic.Body, place),
        AlternationNode alternation => alternation.Branches.All(branch => Anchored(branch, place)),
        RepeatNode { Min: > 0 } repeat => Anchored(repeat.Body, place),
        _ => false,
    };

    private static (ulong Low, ulong High, bool Nullable) First(PatternNode node)
    {
        switch (node)
        {
            case CharNode one:
                return (one.Set.Low, one.Set.High, false);
            case AnyNode any:
                return (any.WithNewline ? ulong.MaxValue : ulong.MaxValue & ~(1UL << '\n'), ulong.MaxValue, false);
            case GroupNode group:
                return First(group.Body);
            case AtomicNode atomic:
                return First(atomic.Body);
            case RepeatNode repeat:
                var body = First(repeat.Body);
                return (body.Low, body.High, body.Nullable || repeat.Min == 0);
            case AlternationNode alternation:
                return Union(alternation.Branches.Select(First));
            case ConditionalNode conditional:
                return Union([First(conditional.Yes), First(conditional.No)]);
            case SequenceNode sequence:
                (ulong Low, ulong High, bool Nullable) all = (0, 0, true);
                foreach (var item in sequence.Items)
                {
                    var first = First(item);
                    all = (all.Low | first.Low, all.High | first.High, first.Nullable);
                    if (!first.Nullable)
                    {
                        break;
                    }
                }

                return all;
            default:
                return (0, 0, true);
        }
    }

    private static (ulong Low, ulong High, bool Nullable) Union(IEnumerable<(ulong Low, ulong High, bool Nullable)> all)
    {
        (ulong Low, ulong High, bool Nullable) union = (0, 0, false);
        foreach (var (low, high, nullable) in all)
        {
            union = (union.Low | low, union.High | high, union.Nullable || nullable);
        }

        return union;
    }
}
