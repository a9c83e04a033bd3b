namespace Postern.Checks.Dkim;

/// <summary>Limits of DKIM.</summary>
public sealed record DkimOptions
{
    /// <summary>Signatures verified in one message, those of the sender's own domains first; the rest is passed over. 1 to 50.</summary>
    public int MaxSignatures { get; init; } = 10;

    /// <summary>The shortest RSA key in bits that a pass may rest on (RFC 8301, 3.2: 1024).</summary>
    public int MinRsaBits { get; init; } = 1024;

    /// <summary>The longest RSA key in bits that is computed with.</summary>
    public int MaxRsaBits { get; init; } = 8192;

    /// <summary>How far clocks may differ before a signature counts as expired.</summary>
    public TimeSpan ClockLeeway { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long after it was signed a message that a mailing list changed may come: moderators take their time.</summary>
    public TimeSpan ListDelay { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How far in the future a signature may say that it was made: a signer whose zone is wrong is hours ahead.</summary>
    public TimeSpan FutureLeeway { get; init; } = TimeSpan.FromHours(12);
}
