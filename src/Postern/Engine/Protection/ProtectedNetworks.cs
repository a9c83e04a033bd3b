using Postern.Facts;

namespace Postern.Engine.Protection;

/// <summary>Whom no jail may ban, whatever it does; replaced as a whole when any of it changes.</summary>
public sealed record ProtectedNetworks
{
    /// <summary>The operator's allow-list, names resolved, each with the entry as it was written.</summary>
    public IReadOnlyList<(ClientNetwork Network, string Entry)> Allowed { get; init; } = [];

    /// <summary>The addresses of this host.</summary>
    public IReadOnlySet<ClientAddress> Own { get; init; } = new HashSet<ClientAddress>();

    /// <summary>Postfix's mynetworks.</summary>
    public IReadOnlyList<ClientNetwork> MyNetworks { get; init; } = [];

    /// <summary>The entry of the allow-list that names a client; null where none does.</summary>
    public string? AllowedBy(ClientAddress client)
    {
        foreach (var (network, entry) in Allowed)
        {
            if (network.Contains(client))
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>The network of mynetworks that a client is in; null where there is none.</summary>
    public string? MyNetworkOf(ClientAddress client)
    {
        foreach (var network in MyNetworks)
        {
            if (network.Contains(client))
            {
                return network.ToString();
            }
        }

        return null;
    }

    /// <summary>True where any of it lies within a network, or around it.</summary>
    public bool Touches(ClientNetwork network) =>
        Own.Any(network.Contains) || Allowed.Any(pair => Overlap(pair.Network, network)) || MyNetworks.Any(mine => Overlap(mine, network));

    /// <summary>What of it lies within a network.</summary>
    public IEnumerable<ClientNetwork> Within(ClientNetwork network) =>
        Own.Where(network.Contains).Select(static address => ClientNetwork.Of(address)).Concat(Allowed.Select(pair => pair.Network).Concat(MyNetworks).Where(network.Contains));

    private static bool Overlap(ClientNetwork one, ClientNetwork other) => one.Contains(other) || other.Contains(one);
}
