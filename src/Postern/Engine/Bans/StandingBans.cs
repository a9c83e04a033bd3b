using Postern.Decisions.Bans;
using Postern.Enforcement;
using Postern.Engine.Firewalls;
using Postern.Facts;

namespace Postern.Engine.Bans;

/// <summary>
/// The bans of a run. Its own loop changes them; the firewalls, and what runs for a ban, read them from other threads. Mail does
/// not: it asks <see cref="BanEngine.IsBanned"/>, which waits for nobody.
/// </summary>
public sealed class StandingBans
{
    /// <summary>Held by whoever changes the bans, or reads them on another thread than the loop's.</summary>
    internal Lock Lock { get; } = new();

    /// <summary>The bans.</summary>
    internal BanTable Table { get; } = new();

    /// <summary>What should stand in a firewall.</summary>
    /// <param name="jails">The jails whose bans it takes; null for all.</param>
    public IReadOnlyCollection<FirewallEntry> Entries(Predicate<string>? jails)
    {
        lock (Lock)
        {
            return FirewallEntries.Standing(Table, jails);
        }
    }

    /// <summary>The ban of a network that lasts longest; null where there is none.</summary>
    public Ban? LongestOf(ClientNetwork network)
    {
        lock (Lock)
        {
            return Table.Covering(network.First).MaxBy(static ban => ban.Until);
        }
    }
}
