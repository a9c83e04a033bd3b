using Postern.Fail2Ban.Expressions;

namespace Postern.Fail2Ban.Lint;

/// <summary>
/// Looks for lines on which an engine that only goes back, such as Python's, spends a time that grows without measure. The
/// cost is counted in steps of such an engine, which are the same on every machine.
/// </summary>
internal static class BacktrackingRule
{
    // What an engine of that kind takes a second or longer for.
    private const int Unbearable = 20_000_000;

    // A line of a log that a client can make.
    private const int LongLine = 2000;

    private static readonly string[] s_pumps = [" ", "x", "1", ": ", "x ", ".", "/"];

    private static readonly string[] s_ends = ["", "!"];

    /// <summary>The expressions, with a line for each.</summary>
    public static IEnumerable<LintWarning> Look(LintSubject subject)
    {
        for (var regex = 0; regex < subject.Filter.FailRegex.Count; regex++)
        {
            if (Find(subject.Filter.FailRegex[regex].Pattern) is not { } found)
            {
                continue;
            }

            var example = subject.LineOf(found.Text) ?? found.Text;
            yield return subject.Warning(LintWarning.Backtracking, regex, LintReason.Time) with { Example = example, Power = found.Power, Costs = found.Costs };
        }
    }

    /// <summary>A hostile text for an expression, and what it costs; null where none was found.</summary>
    public static (string Text, double? Power, IReadOnlyList<(long Steps, int Length)> Costs)? Find(PythonPattern pattern)
    {
        foreach (var repeat in Repeats(pattern.Tree))
        {
            var start = MatchExample.Write(pattern, new ExampleChoice { Stop = repeat }).Text;
            var pumps = MatchExample.Variants(repeat.Body, pattern.GroupNames, new ExampleChoice()).Select(one => one.Text)
                .Where(text => text.Length is > 0 and < 24).Concat(s_pumps).Distinct(StringComparer.Ordinal);
            foreach (var pump in pumps)
            {
                foreach (var end in s_ends)
                {
                    if (Grows(pattern, count => start + string.Concat(Enumerable.Repeat(pump, count)) + end) is { } found)
                    {
                        return found;
                    }
                }
            }
        }

        return null;
    }

    private static (string Text, double? Power, IReadOnlyList<(long Steps, int Length)> Costs)? Grows(PythonPattern pattern, Func<int, string> text)
    {
        // Most texts cost little; a hundred pieces tell them from the others.
        int[] counts = [8, 12, 16];
        var steps = counts.Select(count => Steps(pattern, text(count))).ToArray();
        if (steps[2] >= 3 * steps[1] && steps[1] >= 3 * steps[0])
        {
            var count = counts[^1];
            for (long cost = steps[2]; cost < Unbearable && count < 400; cost = Steps(pattern, text(count)))
            {
                count += 2;
            }

            return (text(count), null, Costs(pattern, text, counts));
        }

        int[] longer = [40, 80];
        var (one, two) = (Steps(pattern, text(longer[0])), Steps(pattern, text(longer[1])));
        var power = Math.Log2((double)two / Math.Max(one, 1));
        var wanted = LongLine / (double)Math.Max(1, text(longer[1]).Length);
        if (power < 2.5 || two * Math.Pow(wanted, power) < Unbearable * 5.0)
        {
            return null;
        }

        return (text(Math.Min(400, (int)(longer[1] * wanted))), power, Costs(pattern, text, longer));
    }

    private static (long Steps, int Length)[] Costs(PythonPattern pattern, Func<int, string> text, int[] counts) =>
        [.. counts.Select(count => (Steps(pattern, text(count)), text(count).Length))];

    private static long Steps(PythonPattern pattern, string text)
    {
        var scratch = new MatchScratch { Remembers = false, Budget = Unbearable };
        pattern.Search(text + "\n", scratch);
        return Unbearable - scratch.Budget;
    }

    /// <summary>All repeats of an expression that have no narrow limit, in their order.</summary>
    public static IEnumerable<RepeatNode> Repeats(PatternNode node)
    {
        switch (node)
        {
            case RepeatNode repeat:
                if (repeat.Max > 20)
                {
                    yield return repeat;
                }

                foreach (var inner in Repeats(repeat.Body))
                {
                    yield return inner;
                }

                break;
            case SequenceNode sequence:
                foreach (var one in sequence.Items.SelectMany(Repeats))
                {
                    yield return one;
                }

                break;
            case AlternationNode alternation:
                foreach (var one in alternation.Branches.SelectMany(Repeats))
                {
                    yield return one;
                }

                break;
            case GroupNode group:
                foreach (var one in Repeats(group.Body))
                {
                    yield return one;
                }

                break;
            case ConditionalNode conditional:
                foreach (var one in Repeats(conditional.Yes).Concat(Repeats(conditional.No)))
                {
                    yield return one;
                }

                break;
        }
    }
}
