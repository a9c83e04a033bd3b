using Postern.Fail2Ban.Expressions;

namespace Postern.Fail2Ban.Dates;

/// <summary>Looks at how the first group of a date's expression can end, and at what stands before it.</summary>
internal static class CutEnd
{
    private const ulong WordLow = 0x03FF_0000_0000_0000, WordHigh = 0x07FF_FFFE_87FF_FFFE;

    /// <summary>Whether the text of group 1 can only end in a word character of ASCII.</summary>
    public static bool IsWord(PatternNode tree)
    {
        if (Find(tree) is not { } group)
        {
            return false;
        }

        var (isWord, isNullable) = Last(group.Body);
        return isWord && !isNullable;
    }

    /// <summary>Whether group 1 takes nothing: no text is cut out of the line.</summary>
    public static bool IsEmpty(PatternNode tree) => Find(tree) is { Body: SequenceNode { Items.Count: 0 } };

    /// <summary>Whether group 1 stands right after one certain character that is no word character: <c>^[^\[]*\[(…)</c>.</summary>
    public static bool FollowsNoWord(PatternNode tree)
    {
        if (tree is not SequenceNode sequence)
        {
            return false;
        }

        for (var i = 1; i < sequence.Items.Count; i++)
        {
            if (sequence.Items[i] is GroupNode { Number: 1 })
            {
                return sequence.Items[i - 1] is CharNode { Literal: >= 0 } before && !PythonCharacters.IsWord(before.Literal);
            }
        }

        return false;
    }

    private static GroupNode? Find(PatternNode node) => node switch
    {
        GroupNode { Number: 1 } group => group,
        GroupNode group => Find(group.Body),
        SequenceNode sequence => sequence.Items.Select(Find).FirstOrDefault(found => found is not null),
        AlternationNode alternation => alternation.Branches.Select(Find).FirstOrDefault(found => found is not null),
        RepeatNode repeat => Find(repeat.Body),
        AtomicNode atomic => Find(atomic.Body),
        _ => null,
    };

    private static (bool IsWord, bool IsNullable) Last(PatternNode node)
    {
        switch (node)
        {
            case CharNode one:
                return ((one.Set.Low & ~WordLow) == 0 && (one.Set.High & ~WordHigh) == 0, false);
            case GroupNode group:
                return Last(group.Body);
            case AtomicNode atomic:
                return Last(atomic.Body);
            case RepeatNode repeat:
                var (isWord, isNullable) = Last(repeat.Body);
                return (isWord, isNullable || repeat.Min == 0);
            case AlternationNode alternation:
                var all = alternation.Branches.Select(Last).ToArray();
                return (Array.TrueForAll(all, one => one.IsWord), Array.Exists(all, one => one.IsNullable));
            case SequenceNode sequence:
                for (var i = sequence.Items.Count - 1; i >= 0; i--)
                {
                    var last = Last(sequence.Items[i]);
                    if (!last.IsWord || !last.IsNullable)
                    {
                        return last;
                    }
                }

                return (true, true);
            case PlaceNode or LookNode:
                return (true, true);
            default:
                return (false, false);
        }
    }
}
