using System.Collections.Immutable;

namespace Postern.Facts;

/// <summary>The networks that are banned at one moment. It never changes: whoever reads it waits for nobody.</summary>
public sealed class BannedNetworks
{
    private readonly ImmutableHashSet<ClientNetwork> _networks;

    // How many networks there are of each prefix length.
    private readonly ImmutableSortedDictionary<byte, int> _lengths4;
    private readonly ImmutableSortedDictionary<byte, int> _lengths6;

    // Who is left out of a network's ban; only of those that leave anybody out.
    private readonly ImmutableDictionary<ClientNetwork, IReadOnlyList<ClientNetwork>> _spared;

    private BannedNetworks(ImmutableHashSet<ClientNetwork> networks, ImmutableDictionary<ClientNetwork, IReadOnlyList<ClientNetwork>> spared, ImmutableSortedDictionary<byte, int> lengths4, ImmutableSortedDictionary<byte, int> lengths6) =>
        (_networks, _spared, _lengths4, _lengths6) = (networks, spared, lengths4, lengths6);

    /// <summary>No networks.</summary>
    public static BannedNetworks None { get; } = new([], ImmutableDictionary<ClientNetwork, IReadOnlyList<ClientNetwork>>.Empty, ImmutableSortedDictionary<byte, int>.Empty, ImmutableSortedDictionary<byte, int>.Empty);

    /// <summary>How many there are.</summary>
    public int Count => _networks.Count;

    /// <summary>True where the address is in any of them.</summary>
    public bool Contains(ClientAddress client)
    {
        foreach (var (length, _) in client.IsIPv4 ? _lengths4 : _lengths6)
        {
            var network = ClientNetwork.Of(client, length);
            if (_networks.Contains(network) && !(_spared.TryGetValue(network, out var spared) && spared.Any(one => one.Contains(client))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same after changes.</summary>
    /// <param name="changes">Networks, whether each is banned now, and whom that leaves out.</param>
    public BannedNetworks With(IEnumerable<(ClientNetwork Network, bool IsBanned, IReadOnlyList<ClientNetwork> Spared)> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var (networks, without, four, six) = (_networks.ToBuilder(), _spared.ToBuilder(), _lengths4.ToBuilder(), _lengths6.ToBuilder());
        var any = false;
        foreach (var (network, isBanned, spared) in changes)
        {
            any |= isBanned && spared.Count > 0 || without.ContainsKey(network);
            without.Remove(network);
            if (isBanned && spared.Count > 0)
            {
                without[network] = spared;
            }

            if (isBanned ? networks.Add(network) : networks.Remove(network))
            {
                any = true;
                Tally(network.IsIPv4 ? four : six, network.PrefixLength, isBanned ? 1 : -1);
            }
        }

        return any ? new BannedNetworks(networks.ToImmutable(), without.ToImmutable(), four.ToImmutable(), six.ToImmutable()) : this;
    }

    private static void Tally(ImmutableSortedDictionary<byte, int>.Builder lengths, byte length, int change)
    {
        var count = lengths.GetValueOrDefault(length) + change;
        if (count == 0)
        {
            lengths.Remove(length);
        }
        else
        {
            lengths[length] = count;
        }
    }
}
