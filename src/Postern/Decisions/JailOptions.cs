namespace Postern.Decisions;

/// <summary>The settings of the built-in jail, named as in fail2ban.</summary>
public sealed record JailOptions
{
    /// <summary>Knocks count together within this time; default 10 minutes.</summary>
    public TimeSpan FindTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>So many knocks within <see cref="FindTime"/> are a ban; default 10.</summary>
    public double MaxRetry { get; init; } = 10;
}
