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
        var reasons = new List<(Clue Clue, double Bits)>?[Causes];
        for (var i = 0; i < Causes; i++)
        {
            bits[i] = CauseWeights.Prior((Cause)i);
        }

        for (var i = 0; i < clues.Count; i++)
        {
            foreach (var weight in CauseWeights.Of(clues[i].Kind))
            {
                var add = weight.For(clues[i].Number);
                bits[(int)weight.Cause] += add;
                if (add > 0)
                {
                    (reasons[(int)weight.Cause] ??= []).Add((clues[i], add));
                }
            }
        }

        return Share(bits, reasons, clues);
    }

    // A cause that no clue speaks for is none of those considered.
    private static List<CauseFinding> Share(ReadOnlySpan<double> bits, List<(Clue Clue, double Bits)>?[] reasons, IReadOnlyList<Clue> clues)
    {
        var sum = 0.0;
        for (var i = 0; i < bits.Length; i++)
        {
            sum += i == (int)Cause.Unclear || reasons[i] is not null ? Math.Pow(2, bits[i]) : 0;
        }

        var findings = new List<CauseFinding>();
        for (var i = 0; i < bits.Length; i++)
        {
            var confidence = Math.Min(HighestConfidence, Math.Pow(2, bits[i]) / sum);
            if (i == (int)Cause.Unclear || (reasons[i] is not null && confidence >= Mentioned))
            {
                findings.Add(new CauseFinding((Cause)i, confidence, Deciding(reasons[i], clues)));
            }
        }

        findings.Sort(static (a, b) => a.Confidence != b.Confidence ? b.Confidence.CompareTo(a.Confidence) : b.Cause.CompareTo(a.Cause));
        return findings;
    }

    // What stays unclear is explained by all that was seen.
    private static List<Clue> Deciding(List<(Clue Clue, double Bits)>? reasons, IReadOnlyList<Clue> clues) =>
        reasons is null
            ? [.. clues.Take(MostClues)]
            : [.. reasons.OrderByDescending(reason => reason.Bits).Select(reason => reason.Clue).Take(MostClues)];
}
