using Postern.Facts;

namespace Postern.Classification.Causes;

/// <summary>What a clue says of a cause, in bits: one bit makes the cause twice as likely as before.</summary>
/// <param name="Clue">The clue.</param>
/// <param name="Cause">The cause.</param>
/// <param name="Bits">For a clue of number 1; negative speaks against.</param>
/// <param name="PerDoubling">Added each time that the number doubles.</param>
/// <param name="Most">The sum stops here, in either direction.</param>
internal sealed record Weight(ClueKind Clue, Cause Cause, double Bits, double PerDoubling = 0, double Most = 6)
{
    /// <summary>The bits for a clue of that number.</summary>
    public double For(int number) => Math.Clamp(Bits + (PerDoubling * Math.Log2(Math.Max(1, number))), -Most, Most);
}
