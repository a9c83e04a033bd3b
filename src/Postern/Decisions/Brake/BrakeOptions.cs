namespace Postern.Decisions.Brake;

/// <summary>The limits of the brake. What each is for stands in docs/jails.md.</summary>
public sealed record BrakeOptions
{
    /// <summary>False where no ban is ever held. Default: true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Bans count together within this time; default 10 minutes.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>So many established clients that would be banned, or that show one reason, pull the brake; default 5.</summary>
    public int Clients { get; init; } = 5;

    /// <summary>The share of the established clients seen lately that must show the reason; default 0.5.</summary>
    public double Share { get; init; } = 0.5;

    /// <summary>The share of the latest 2 × <see cref="Clients"/> known clients that must fail; default 0.8.</summary>
    public double LatestShare { get; init; } = 0.8;

    /// <summary>So many clients with names in order that would be banned for one reason pull the brake for such clients; default 10.</summary>
    public int NamedClients { get; init; } = 10;

    /// <summary>A ban of a client with a history waits for this time, and so does every ban while the latest known clients fail; default 5 minutes.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The brake lets go of a reason so long after the last sign of trouble; default 10 minutes.</summary>
    public TimeSpan ReleaseAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>While none of the known clients come, the brake lets go only after this time; default 1 hour.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A brake that only names or new clients pulled lets go after this time at the latest; default 6 hours.</summary>
    public TimeSpan WeakHold { get; init; } = TimeSpan.FromHours(6);

    /// <summary>A reason that the operator released is not held again within this time; default 1 hour.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromHours(1);
}
