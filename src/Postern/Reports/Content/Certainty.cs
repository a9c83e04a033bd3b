namespace Postern.Reports.Content;

/// <summary>How much a report may claim.</summary>
internal enum Certainty
{
    /// <summary>Below 0.4: the cause cannot be told.</summary>
    CannotTell,
    /// <summary>From 0.4.</summary>
    Perhaps,
    /// <summary>From 0.6.</summary>
    Probably,
    /// <summary>From 0.8.</summary>
    AlmostCertain,
}

/// <summary>The steps from a confidence to words; the same in every language.</summary>
internal static class Certainties
{
    /// <summary>The step of a confidence of 0 to 1; anything that is no number counts as nothing.</summary>
    public static Certainty Of(double confidence) => confidence switch
    {
        >= 0.8 => Certainty.AlmostCertain,
        >= 0.6 => Certainty.Probably,
        >= 0.4 => Certainty.Perhaps,
        _ => Certainty.CannotTell,
    };

    /// <summary>The confidence within 0 to 1, whatever was given.</summary>
    public static double Bound(double confidence) => double.IsNaN(confidence) ? 0 : Math.Clamp(confidence, 0, 1);

    /// <summary>Whole per cent of a share; 100 and 0 only where it is exactly that, so that rounding claims nothing.</summary>
    public static int PerCent(double share)
    {
        var bound = Bound(share);
        return bound switch
        {
            0 => 0,
            1 => 100,
            _ => Math.Clamp((int)Math.Round(bound * 100), 1, 99),
        };
    }
}
