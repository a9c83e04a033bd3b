using System.Collections.Immutable;

namespace Postern.Facts;

/// <summary>The networks that are banned at one moment. It never changes: whoever reads it waits for nobody.</summary>
public sealed class BannedNetworks
{
    private readonly ImmutableHashSet<ClientNetwork> _networks;

    // How many networks there are of each prefix length.
    private readonly ImmutableSortedDictionary<byte, int> _lengths4;
    private readonly ImmutableSortedDictionary<byte, int> _lengths6;

    private BannedNetworks(ImmutableHashSet<ClientNetwork> networks, ImmutableSortedDictionary<byte, int> lengths4, ImmutableSortedDictionary<byte, int> lengths6) =>
        (_networks, _lengths4, _lengths6) = (networks, lengths4, lengths6);

    /// <summary>No networks.</summary>
    public static BannedNetworks None { get; } = new([], ImmutableSortedDictionary<byte, int>.Empty, ImmutableSortedDictionary<byte, int>.Empty);

    /// <summary>How many there are.</summary>
    public int Count => _networks.Count;

    /// <summary>True where the address is in any of them.</summary>
    public bool Contains(ClientAddress client)
    {
        foreach (var (length, _) in client.IsIPv4 ? _lengths4 : _lengths6)
        {
            if (_networks.Contains(ClientNetwork.Of(client, length)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same after changes.</summary>
    /// <param name="changes">Networks, and whether each is banned now.</param>
    public BannedNetworks With(IEnumerable<(ClientNetwork Network, bool IsBanned)> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var (networks, four, six) = (_networks.ToBuilder(), _lengths4.ToBuilder(), _lengths6.ToBuilder());
        var any = false;
        foreach (var (network, isBanned) in changes)
        {
            if (isBanned ? networks.Add(network) : networks.Remove(network))
            {
                any = true;
                Tally(network.IsIPv4 ? four : six, network.PrefixLength, isBanned ? 1 : -1);
            }
        }

        return any ? new BannedNetworks(networks.ToImmutable(), four.ToImmutable(), six.ToImmutable()) : this;
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
