using System.Collections.Immutable;

namespace Postern.Facts;

/// <summary>The networks that are banned at one moment. It never changes: whoever reads it waits for nobody.</summary>
public sealed class BannedNetworks
{
    private const int MostChanges = 1024;

    // Nothing is ever added to the first: it is made anew, with what came and went since, when that has become much. A set that
    // shares its parts with the one before takes five times the memory, and long to build.
    private readonly HashSet<ClientNetwork> _most;
    private readonly ImmutableHashSet<ClientNetwork> _since, _gone;

    // How many networks there are of each prefix length.
    private readonly ImmutableSortedDictionary<byte, int> _lengths4;
    private readonly ImmutableSortedDictionary<byte, int> _lengths6;

    // Who is left out of a network's ban; only of those that leave anybody out.
    private readonly ImmutableDictionary<ClientNetwork, IReadOnlyList<ClientNetwork>> _spared;

    private BannedNetworks(
        HashSet<ClientNetwork> most, ImmutableHashSet<ClientNetwork> since, ImmutableHashSet<ClientNetwork> gone,
        ImmutableDictionary<ClientNetwork, IReadOnlyList<ClientNetwork>> spared, ImmutableSortedDictionary<byte, int> lengths4, ImmutableSortedDictionary<byte, int> lengths6) =>
        (_most, _since, _gone, _spared, _lengths4, _lengths6) = (most, since, gone, spared, lengths4, lengths6);

    /// <summary>No networks.</summary>
    public static BannedNetworks None { get; } = new([], [], [], ImmutableDictionary<ClientNetwork, IReadOnlyList<ClientNetwork>>.Empty, ImmutableSortedDictionary<byte, int>.Empty, ImmutableSortedDictionary<byte, int>.Empty);

    /// <summary>How many there are.</summary>
    public int Count => _most.Count - _gone.Count + _since.Count;

    /// <summary>True where the address is in any of them.</summary>
    public bool Contains(ClientAddress client)
    {
        foreach (var (length, _) in client.IsIPv4 ? _lengths4 : _lengths6)
        {
            var network = ClientNetwork.Of(client, length);
            if (Has(network) && !(_spared.TryGetValue(network, out var spared) && spared.Any(one => one.Contains(client))))
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
        var (since, gone, without, four, six) = (_since.ToBuilder(), _gone.ToBuilder(), _spared.ToBuilder(), _lengths4.ToBuilder(), _lengths6.ToBuilder());
        var any = false;
        // Very many at once are not worth a set that shares its parts.
        var isBulk = changes.TryGetNonEnumeratedCount(out var count) && count > MostChanges;
        var most = isBulk ? Joined(since, gone) : null;
        if (isBulk)
        {
            most!.EnsureCapacity(most.Count + count);
            since.Clear();
            gone.Clear();
        }

        foreach (var (network, isBanned, spared) in changes)
        {
            any |= isBanned && spared.Count > 0 || without.ContainsKey(network);
            without.Remove(network);
            if (isBanned && spared.Count > 0)
            {
                without[network] = spared;
            }

            if (most is null && since.Count + gone.Count > MostChanges + (_most.Count / 16))
            {
                (most, since, gone) = (Joined(since, gone), ImmutableHashSet.CreateBuilder<ClientNetwork>(), ImmutableHashSet.CreateBuilder<ClientNetwork>());
            }

            if (most is not null ? (isBanned ? most.Add(network) : most.Remove(network))
                : _most.Contains(network) ? (isBanned ? gone.Remove(network) : gone.Add(network))
                : isBanned ? since.Add(network) : since.Remove(network))
            {
                any = true;
                Tally(network.IsIPv4 ? four : six, network.PrefixLength, isBanned ? 1 : -1);
            }
        }

        return any ? new BannedNetworks(most ?? _most, since.ToImmutable(), gone.ToImmutable(), without.ToImmutable(), four.ToImmutable(), six.ToImmutable()) : this;
    }

    private bool Has(ClientNetwork network) => _most.Contains(network) ? !_gone.Contains(network) : _since.Contains(network);

    private HashSet<ClientNetwork> Joined(IEnumerable<ClientNetwork> since, ICollection<ClientNetwork> gone)
    {
        var joined = new HashSet<ClientNetwork>(_most);
        joined.ExceptWith(gone);
        joined.UnionWith(since);
        return joined;
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
