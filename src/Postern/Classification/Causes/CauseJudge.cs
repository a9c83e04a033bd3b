using Postern.Facts;

namespace Postern.Classification.Causes;

/// <summary>
/// Weighs the possible causes by the clues: each cause sums the bits of its rows, and its confidence is its share of all
/// (two to the power of the bits). That is the probability of the cause among those considered, if the clues were
/// independent and the table right; because neither is quite so, it never goes above 0.95.
/// </summary>
internal static class CauseJudge
{
    private const double HighestConfidence = 0.95;
    private const double Mentioned = 0.1;
    private const int MostClues = 5;

    /// <summary>All causes that any clue speaks for, and <see cref="Cause.Unclear"/>; the most likely first.</summary>
    public static IReadOnlyList<CauseFinding> Judge(IReadOnlyList<Clue> clues)
    {
        var bits = new Dictionary<Cause, double> { [Cause.Unclear] = CauseWeights.Priors[Cause.Unclear] };
        var reasons = new Dictionary<Cause, List<(Clue Clue, double Bits)>>();
        foreach (var clue in clues)
        {
            foreach (var weight in CauseWeights.Rows)
            {
                if (weight.Clue == clue.Kind)
                {
                    Count(weight, clue, bits, reasons);
                }
            }
        }

        var likely = bits.Where(pair => pair.Key == Cause.Unclear || reasons.ContainsKey(pair.Key)).ToArray();
        var sum = likely.Sum(pair => Math.Pow(2, pair.Value));
        return [.. likely.Select(pair => new CauseFinding(
                pair.Key, Math.Min(HighestConfidence, Math.Pow(2, pair.Value) / sum), Deciding(pair.Key, clues, reasons)))
            .Where(finding => finding.Confidence >= Mentioned || finding.Cause == Cause.Unclear)
            .OrderByDescending(finding => finding.Confidence).ThenByDescending(finding => finding.Cause)];
    }

    private static void Count(Weight weight, Clue clue, Dictionary<Cause, double> bits, Dictionary<Cause, List<(Clue, double)>> reasons)
    {
        var add = weight.For(clue.Number);
        bits[weight.Cause] = bits.GetValueOrDefault(weight.Cause, CauseWeights.Priors.GetValueOrDefault(weight.Cause)) + add;
        if (add > 0)
        {
            if (!reasons.TryGetValue(weight.Cause, out var list))
            {
                reasons[weight.Cause] = list = [];
            }

            list.Add((clue, add));
        }
    }

    // What stays unclear is explained by all that was seen.
    private static List<Clue> Deciding(Cause cause, IReadOnlyList<Clue> clues, Dictionary<Cause, List<(Clue Clue, double Bits)>> reasons) =>
        cause == Cause.Unclear
            ? [.. clues.Take(MostClues)]
            : [.. reasons[cause].OrderByDescending(reason => reason.Bits).Select(reason => reason.Clue).Take(MostClues)];
}
