using Postern.Facts;

namespace Postern.Classification.Causes;

/// <summary>
/// Weighs the possible causes by the clues: each cause sums the bits of its rows, and its confidence is its share of all
/// (two to the power of the bits). That is the probability of the cause among those considered, if the clues were
/// independent and the table right; because neither is quite so, it never goes above 0.95.
/// </summary>
internal static class CauseScorer
{
    private const double HighestConfidence = 0.95;
    private const double Mentioned = 0.1;
    private const int MostClues = 5;
    private const int Causes = (int)Cause.AccountThief + 1;

    /// <summary>All causes that any clue speaks for, and <see cref="Cause.Unclear"/>; the most likely first.</summary>
    public static IReadOnlyList<CauseFinding> Judge(IReadOnlyList<Clue> clues)
    {
        Span<double> bits = stackalloc double[Causes];
        for (var i = 0; i < Causes; i++)
        {
            bits[i] = CauseWeights.Prior((Cause)i);
        }

        // A bit for each cause that a clue speaks for.
        var spoken = 0u;
        for (var i = 0; i < clues.Count; i++)
        {
            foreach (var weight in CauseWeights.Of(clues[i].Kind))
            {
                var add = weight.For(clues[i].Number);
                bits[(int)weight.Cause] += add;
                spoken |= add > 0 ? 1u << (int)weight.Cause : 0;
            }
        }

        return Share(bits, spoken, clues);
    }

    // A cause that no clue speaks for is none of those considered.
    private static List<CauseFinding> Share(Span<double> bits, uint spoken, IReadOnlyList<Clue> clues)
    {
        var sum = 0.0;
        for (var i = 0; i < bits.Length; i++)
        {
            bits[i] = IsConsidered(i, spoken) ? Math.Pow(2, bits[i]) : 0;
            sum += bits[i];
        }

        var findings = new List<CauseFinding>();
        for (var i = 0; i < bits.Length; i++)
        {
            var confidence = Math.Min(HighestConfidence, bits[i] / sum);
            if (i == (int)Cause.Unclear || (IsConsidered(i, spoken) && confidence >= Mentioned))
            {
                findings.Add(new CauseFinding((Cause)i, confidence, Deciding((Cause)i, spoken, clues)));
            }
        }

        findings.Sort(static (a, b) => a.Confidence != b.Confidence ? b.Confidence.CompareTo(a.Confidence) : b.Cause.CompareTo(a.Cause));
        return findings;
    }

    private static bool IsConsidered(int cause, uint spoken) => cause == (int)Cause.Unclear || (spoken & (1u << cause)) != 0;

    // The strongest first, those of equal strength in their order. What stays unclear is explained by all that was seen.
    private static Clue[] Deciding(Cause cause, uint spoken, IReadOnlyList<Clue> clues)
    {
        Span<double> strengths = stackalloc double[MostClues];
        Span<int> places = stackalloc int[MostClues];
        var count = 0;
        for (var i = 0; i < clues.Count; i++)
        {
            if ((spoken & (1u << (int)cause)) == 0)
            {
                Insert(0, i, strengths, places, ref count);
                continue;
            }

            foreach (var weight in CauseWeights.Of(clues[i].Kind))
            {
                if (weight.Cause == cause && weight.For(clues[i].Number) is > 0 and var add)
                {
                    Insert(add, i, strengths, places, ref count);
                }
            }
        }

        var deciding = new Clue[count];
        for (var i = 0; i < count; i++)
        {
            deciding[i] = clues[places[i]];
        }

        return deciding;
    }

    private static void Insert(double strength, int place, Span<double> strengths, Span<int> places, ref int count)
    {
        var at = count;
        while (at > 0 && strengths[at - 1] < strength)
        {
            at--;
        }

        if (at == MostClues)
        {
            return;
        }

        count = Math.Min(count + 1, MostClues);
        for (var i = count - 1; i > at; i--)
        {
            (strengths[i], places[i]) = (strengths[i - 1], places[i - 1]);
        }

        (strengths[at], places[at]) = (strength, place);
    }
}
