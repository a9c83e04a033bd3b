using Postern.Decisions.Brake;
using Postern.Decisions.Jails;
using Postern.Decisions.Persistence;
using Postern.Facts;
using Postern.Fail2Ban.Jails;

namespace Postern.Engine;

/// <summary>What a run is set to; a reload replaces it as a whole.</summary>
public sealed record BanEngineOptions
{
    /// <summary>The jails, the built-in one first; at least one.</summary>
    public IReadOnlyList<JailOptions> Jails { get; init; } = [new JailOptions()];

    /// <summary>The long window of the built-in jail.</summary>
    public PersistenceOptions Persistence { get; init; } = new();

    /// <summary>The limits of the brake.</summary>
    public BrakeOptions Brake { get; init; } = new();

    /// <summary>fail2ban's jails that run here, too; none by default.</summary>
    internal Fail2BanJailSet Fail2Ban { get; init; } = Fail2BanJailSet.Empty;

    /// <summary>True where the gate tells of sessions, too; holds from the start to the end. Default: false.</summary>
    public bool HasGate { get; init; }

    /// <summary>
    /// Looks in the logs for trouble of the server's own, and for strangers who send to others through it, where this says which PTR
    /// names are made for a provider's customers; null for neither. Holds from the start to the end.
    /// </summary>
    public Func<string, ClientAddress, bool>? WatchesServer { get; init; }

    /// <summary>How long the DNS is waited for before a ban that it might prevent; default 3 s.</summary>
    public TimeSpan InquiryDeadline { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Inquiries at once, at most; what comes beyond is decided without; default 64.</summary>
    public int MostInquiries { get; init; } = 64;
}
