namespace Postern.Fail2Ban.Jails;

/// <summary>How long a ban lasts, and how that grows with the bans before (<c>bantime.increment</c> and its kin).</summary>
internal sealed record BanTimeRule
{
    /// <summary>The formula that is used where a jail names none.</summary>
    public const string DefaultFormula = "ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor";

    /// <summary>A first ban, in seconds; -1 for ever.</summary>
    public double Seconds { get; init; } = 600;

    /// <summary>Whether later bans last longer.</summary>
    public bool Increments { get; init; }

    /// <summary>A factor of later bans.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>The formula of later bans, of <c>ban.Time</c>, <c>ban.Count</c> and <c>banFactor</c>.</summary>
    public string Formula { get; init; } = DefaultFormula;

    /// <summary>Multiples of the first by the number of bans before, the last for all that follow; empty to use the formula.</summary>
    public IReadOnlyList<double> Multipliers { get; init; } = [];

    /// <summary>No later ban is longer, in seconds; null for no limit.</summary>
    public double? Longest { get; init; }

    /// <summary>Up to so many seconds are added at random to later bans, so that their end cannot be foreseen.</summary>
    public double Random { get; init; }

    /// <summary>Whether bans of other jails count.</summary>
    public bool CountsAllJails { get; init; }

    /// <summary>How long a ban lasts; null for ever.</summary>
    /// <param name="before">Bans before it.</param>
    /// <param name="chance">From 0 to 1, for the random part.</param>
    public TimeSpan? Length(int before, double chance)
    {
        if (Seconds < 0)
        {
            return null;
        }

        var seconds = Seconds;
        if (Increments && before > 0)
        {
            seconds = Multipliers.Count > 0
                ? seconds * Factor * Multipliers[Math.Min(before, Multipliers.Count - 1)]
                : Math.Max(seconds, Calculate(Formula, seconds, before, Factor).Value ?? seconds);
            seconds = Math.Min(seconds, Longest ?? double.MaxValue) + (chance * Random);
        }

        return TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(36500).TotalSeconds));
    }

    /// <summary>The value of a formula, in seconds; null and a clause where it is none.</summary>
    public static (double? Value, string? Reason) Calculate(string formula, double seconds, int before, double factor) =>
        PythonArithmetic.Evaluate(formula, new Dictionary<string, double>(StringComparer.Ordinal) { ["ban.Time"] = seconds, ["ban.Count"] = before, ["banFactor"] = factor });

    /// <summary>How often a failure of an address counts that was banned before.</summary>
    public int Retries(int before, int maxRetry) =>
        Increments && before > 0 ? (int)Math.Min(maxRetry, (Math.Pow(2, Math.Min(before, 20)) / 2) + 1) : 1;
}
