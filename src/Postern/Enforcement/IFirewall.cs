using Postern.Facts;

namespace Postern.Enforcement;

/// <summary>A network that is to be kept out until then.</summary>
/// <param name="Network">Who.</param>
/// <param name="Until">Until when.</param>
/// <param name="Rank">Where many are to be built at once, those of the highest rank are first.</param>
public readonly record struct FirewallEntry(ClientNetwork Network, DateTimeOffset Until, long Rank = 0);

/// <summary>A change of a firewall: with a time it keeps the network out until then (again where it stood already), without one it lets it in.</summary>
/// <param name="Network">Who.</param>
/// <param name="Until">Until when, or null to let it in.</param>
public readonly record struct FirewallChange(ClientNetwork Network, DateTimeOffset? Until);

/// <summary>Whether a firewall stands.</summary>
public enum FirewallState : byte
{
    /// <summary>Not opened yet, or closed again.</summary>
    Closed,
    /// <summary>It keeps out whom it is told.</summary>
    Standing,
    /// <summary>It cannot be built; <see cref="IFirewall.Trouble"/> says why.</summary>
    Failed,
    /// <summary>It only records what it would do.</summary>
    DryRun,
}

/// <summary>What a comparison of a firewall with the ledger mended.</summary>
/// <param name="Missing">Networks that had vanished from the firewall, or stood in it until another time, and stand in it as they should.</param>
/// <param name="Foreign">Networks that stood in it without a ban and were taken out.</param>
/// <param name="WasRebuilt">True where somebody had removed the firewall as a whole, or changed what it is made of.</param>
public readonly record struct FirewallDrift(int Missing, int Foreign, bool WasRebuilt)
{
    /// <summary>True where nothing had to be mended.</summary>
    public bool IsNone => Missing == 0 && Foreign == 0 && !WasRebuilt;
}

/// <summary>
/// Where bans take effect. Called from one task at a time. A firewall that fails does not throw for a broken world (no
/// permission, no nftables, a full kernel): it says so in <see cref="State"/> and <see cref="Trouble"/>, keeps what it was
/// told, and tries again when it is compared.
/// </summary>
public interface IFirewall : IAsyncDisposable
{
    /// <summary>Its name, such as <c>nftables</c>.</summary>
    string Name { get; }

    /// <summary>Whether it stands.</summary>
    FirewallState State { get; }

    /// <summary>Why it does not stand, in one line for the operator; null where it does.</summary>
    string? Trouble { get; }

    /// <summary>Builds it with these entries, each network once, and nothing else, whatever an earlier run left.</summary>
    Task OpenAsync(IReadOnlyCollection<FirewallEntry> standing, CancellationToken cancellationToken);

    /// <summary>The entries that an earlier run left in it, for a ledger that was lost; empty where there are none.</summary>
    Task<IReadOnlyList<FirewallEntry>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Makes all changes in one step.</summary>
    Task ApplyAsync(IReadOnlyList<FirewallChange> changes, CancellationToken cancellationToken);

    /// <summary>Compares it with what should stand, and mends it.</summary>
    /// <param name="standing">Tells what should stand, each network once; not asked where only the firewall as a whole is looked at, and stands.</param>
    /// <param name="isThorough">True to compare every entry; false to see only whether the firewall as a whole still stands.</param>
    /// <param name="cancellationToken">The caller's own end.</param>
    Task<FirewallDrift> CompareAsync(Func<IReadOnlyCollection<FirewallEntry>> standing, bool isThorough, CancellationToken cancellationToken);

    /// <summary>Completes when somebody else changed the firewall, so that it should be compared; may never complete.</summary>
    Task DisturbedAsync(CancellationToken cancellationToken);

    /// <summary>Removes every trace of it.</summary>
    Task CloseAsync(CancellationToken cancellationToken);
}
