using Postern.Decisions.Jails;
using Postern.Facts;

namespace Postern.Decisions.Bans;

/// <summary>
/// Widens bans to an IPv4 /24 in which many clients are banned at once. IPv6 is not widened: the /64 of a ban is what a
/// /24 is in IPv4, and the prefix above it tells nothing of who owns it.
/// </summary>
public static class SubnetBan
{
    /// <summary>The prefix length of a subnet.</summary>
    public const int Prefix = 24;

    /// <summary>The network to ban as a whole; null where there is none.</summary>
    /// <param name="jail">The jail.</param>
    /// <param name="client">The client that is banned last.</param>
    /// <param name="banned">Clients of its /24 that are banned singly now, itself included.</param>
    /// <param name="hasProtected">Tells whether anybody lives in a network who may not be banned: allowed, our own, a user, a proven sender.</param>
    public static ClientNetwork? ToBan(JailOptions jail, ClientAddress client, int banned, Func<ClientNetwork, bool> hasProtected)
    {
        ArgumentNullException.ThrowIfNull(jail);
        ArgumentNullException.ThrowIfNull(hasProtected);
        if (!client.IsIPv4 || !client.IsKnown || jail.SubnetThreshold <= 0 || banned < jail.SubnetThreshold)
        {
            return null;
        }

        var network = ClientNetwork.Of(client, Prefix);
        return hasProtected(network) ? null : network;
    }
}
