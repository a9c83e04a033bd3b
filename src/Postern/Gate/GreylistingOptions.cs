namespace Postern.Gate;

/// <summary>Times and sizes of selective greylisting.</summary>
internal sealed record GreylistingOptions
{
    /// <summary>Who comes back sooner has still to wait; default 1 minute.</summary>
    public TimeSpan Least { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Who comes back later than this begins again; default 2 days.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromDays(2);

    /// <summary>How long one who came back is remembered, from the last time on; default 36 days, so that monthly mail does not wait.</summary>
    public TimeSpan Memory { get; init; } = TimeSpan.FromDays(36);

    /// <summary>Triplets remembered, at most; default 100,000.</summary>
    public int Most { get; init; } = 100_000;
}
