using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Engine.Bans;

/// <content>Whom the ban of a network leaves out.</content>
internal sealed partial class BanDecider
{
    // A firewall holds such a network in pieces, up to 64 for each that is left out.
    private const int MostSpared = 32;
    private const int MostSparedInAll = 512;

    /// <summary>
    /// What a ban of a client covers: its network, but for who lives there and is protected. Where those are too many it is the client
    /// alone, and so where its network is banned already and it was left out.
    /// </summary>
    /// <param name="network">The network that the ban would cover.</param>
    /// <param name="client">Who is to blame.</param>
    /// <param name="jail">The jail that bans.</param>
    public (ClientNetwork Network, IReadOnlyList<ClientNetwork> Spared) Around(ClientNetwork network, ClientAddress client, string jail)
    {
        var alone = ClientNetwork.Of(client);
        if (network.IsSingle || Book.Of(network).Any(ban => string.Equals(ban.Jail, jail, StringComparison.Ordinal) && ban.Spares(client)))
        {
            return (alone, []);
        }

        // The client itself was judged, and is not protected.
        var others = Protections.Within(network).Where(one => one != alone).Take(MostSpared + 1).ToList();
        var isMuch = others.Count > MostSpared || others.Count + Book.SparedClients > MostSparedInAll || others.Exists(one => one.Contains(client) || one.Contains(network));
        return isMuch ? (alone, []) : (network, others);
    }

    /// <summary>Finds out anew whom the bans of an earlier run leave out; what it may not leave out any more is banned alone.</summary>
    public void SpareAgain()
    {
        foreach (var ban in Book.Standing.Where(static ban => !ban.Network.IsSingle && ban.Jail is not Ban.OperatorJail).ToList())
        {
            var others = Protections.Within(ban.Network).Where(one => one != ClientNetwork.Of(ban.Client)).ToList();
            if (others.Count > 0)
            {
                Book.Add(ban with { Spared = others });
            }
        }
    }
}
