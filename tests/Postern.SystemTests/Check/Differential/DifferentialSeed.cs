using System.Globalization;

namespace Postern.SystemTests.Check.Differential;

/// <summary>The seed of a run's cases: that of POSTERN_DIFFERENTIAL_SEED, else 1, so that nobody's change fails by another's rare case.</summary>
internal static class DifferentialSeed
{
    /// <summary>The seed; it is printed so that a run can be made again.</summary>
    public static int Choose(ITestOutputHelper output)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("POSTERN_DIFFERENTIAL_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var given)
            ? given
            : 1;
        output.WriteLine($"POSTERN_DIFFERENTIAL_SEED={seed}");
        return seed;
    }
}
