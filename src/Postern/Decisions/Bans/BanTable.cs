using System.Runtime.InteropServices;
using Postern.Facts;

namespace Postern.Decisions.Bans;

/// <summary>The bans that stand and the last that stood, by network and jail.</summary>
public sealed class BanTable
{
    private const int MostFailures = 1000;

    // A ban, or an array of the bans of several jails: nearly every network has one.
    private readonly Dictionary<ClientNetwork, object> _standing = [];
    private readonly Dictionary<(ClientNetwork Network, string Jail), Ban> _past = [];
    private readonly Dictionary<uint, int> _subnets = [];
    private readonly PriorityQueue<Ban, long> _ends = new();
    private readonly SortedDictionary<byte, int> _lengths4 = [];
    private readonly SortedDictionary<byte, int> _lengths6 = [];

    /// <summary>All bans that stand.</summary>
    public IEnumerable<Ban> Standing => _standing.Values.SelectMany(static bans => bans is Ban ban ? [ban] : (Ban[])bans);

    /// <summary>How many clients all bans together leave out.</summary>
    public int SparedClients { get; private set; }

    /// <summary>Networks that are banned.</summary>
    public int Count => _standing.Count;

    /// <summary>Makes room for so many networks in all, so that the table does not grow step by step.</summary>
    public void Reserve(int networks)
    {
        _standing.EnsureCapacity(networks);
        _ends.EnsureCapacity(networks);
    }

    /// <summary>Takes a ban that is over, so that the next one lasts longer.</summary>
    public void AddPast(Ban ban)
    {
        ArgumentNullException.ThrowIfNull(ban);
        _past[(ban.Network, ban.Jail)] = ban;
    }

    /// <summary>Takes a ban; it replaces one of the same network and jail.</summary>
    public void Add(Ban ban)
    {
        ArgumentNullException.ThrowIfNull(ban);
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_standing, ban.Network, out _);
        SparedClients += ban.Spared.Count;
        if (place is null)
        {
            Tally(ban.Network, 1);
            place = ban;
        }
        else
        {
            var bans = Bans(place);
            SparedClients -= bans.Where(other => IsOf(other, ban.Jail)).Sum(other => other.Spared.Count);
            place = Place([.. bans.Where(other => !IsOf(other, ban.Jail)), ban]);
        }

        _ends.Enqueue(ban, ban.Until.UtcTicks);
    }

    /// <summary>Takes out the bans of a network.</summary>
    /// <param name="network">Which.</param>
    /// <param name="jail">Which jail's; null for all.</param>
    /// <param name="isPardon">True where it shall not count as a ban later.</param>
    /// <returns>The bans that stood.</returns>
    public IReadOnlyList<Ban> Remove(ClientNetwork network, string? jail, bool isPardon)
    {
        if (!_standing.TryGetValue(network, out var place))
        {
            return [];
        }

        var bans = Bans(place);
        var gone = bans.Where(ban => jail is null || IsOf(ban, jail)).ToList();
        foreach (var ban in gone)
        {
            SparedClients -= ban.Spared.Count;
            // Even a pardoned ban says from when on failures count; but it is no repetition.
            AddPast(isPardon ? ban with { Repetition = 0 } : ban);
        }

        if (gone.Count == bans.Length)
        {
            _standing.Remove(network);
            Tally(network, -1);
        }
        else if (gone.Count > 0)
        {
            _standing[network] = Place([.. bans.Except(gone)]);
        }

        return gone;
    }

    /// <summary>Takes out the bans that are over.</summary>
    public IReadOnlyList<Ban> Expire(DateTimeOffset now)
    {
        List<Ban> over = [];
        while (_ends.TryPeek(out var ban, out var end) && end <= now.UtcTicks)
        {
            _ends.Dequeue();
            // A ban that was replaced or lifted meanwhile is not in the book any more.
            if (Has(ban))
            {
                over.AddRange(Remove(ban.Network, ban.Jail, isPardon: false));
            }
        }

        return over;
    }

    /// <summary>The bans that cover an address, the smallest network first.</summary>
    public IEnumerable<Ban> Covering(ClientAddress client)
    {
        foreach (var length in (client.IsIPv4 ? _lengths4 : _lengths6).Keys.Reverse())
        {
            if (_standing.TryGetValue(ClientNetwork.Of(client, length), out var place))
            {
                foreach (var ban in Bans(place))
                {
                    if (!ban.Spares(client))
                    {
                        yield return ban;
                    }
                }
            }
        }
    }

    /// <summary>True where a ban covers the address.</summary>
    public bool IsBanned(ClientAddress client)
    {
        foreach (var (length, _) in client.IsIPv4 ? _lengths4 : _lengths6)
        {
            if (_standing.TryGetValue(ClientNetwork.Of(client, length), out var place) && (place is Ban only ? !only.Spares(client) : Array.Exists(Bans(place), ban => !ban.Spares(client))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True where exactly that ban stands, and no later one took its place.</summary>
    public bool Has(Ban ban)
    {
        ArgumentNullException.ThrowIfNull(ban);
        return _standing.TryGetValue(ban.Network, out var place) && (ReferenceEquals(place, ban) || (place is Ban[] bans && Array.Exists(bans, other => ReferenceEquals(other, ban))));
    }

    /// <summary>True where exactly that network is banned.</summary>
    public bool IsBannedItself(ClientNetwork network) => _standing.ContainsKey(network);

    /// <summary>The bans of exactly that network.</summary>
    public IReadOnlyList<Ban> Of(ClientNetwork network) => _standing.TryGetValue(network, out var place) ? Bans(place) : [];

    /// <summary>The networks that some jails ban, each until the last of those bans ends; the most recent and most active bans rank highest.</summary>
    /// <param name="takes">Which jails; null for all.</param>
    public IEnumerable<(ClientNetwork Network, DateTimeOffset Until, long Rank)> Networks(Predicate<string>? takes)
    {
        foreach (var (network, place) in _standing)
        {
            if (Until(network, takes) is { } until)
            {
                yield return (network, until, place is Ban only ? Rank(only) : Bans(place).Max(Rank));
            }
        }
    }

    /// <summary>Until when some jails ban exactly that network; null where none of them does.</summary>
    /// <param name="network">Which.</param>
    /// <param name="takes">Which jails; null for all.</param>
    public DateTimeOffset? Until(ClientNetwork network, Predicate<string>? takes)
    {
        DateTimeOffset? last = null;
        if (_standing.GetValueOrDefault(network) is Ban only)
        {
            return takes?.Invoke(only.Jail) is not false ? only.Until : null;
        }

        foreach (var ban in Of(network))
        {
            last = takes?.Invoke(ban.Jail) is not false && (last is null || ban.Until > last) ? ban.Until : last;
        }

        return last;
    }

    /// <summary>Whom all of those bans of a network leave out.</summary>
    /// <param name="network">Which.</param>
    /// <param name="takes">Which jails; null for all.</param>
    public IReadOnlyList<ClientNetwork> Spared(ClientNetwork network, Predicate<string>? takes)
    {
        IReadOnlyList<ClientNetwork>? spared = null;
        if (_standing.GetValueOrDefault(network) is Ban only)
        {
            return takes?.Invoke(only.Jail) is not false ? only.Spared : [];
        }

        foreach (var ban in Of(network))
        {
            if (takes?.Invoke(ban.Jail) is not false)
            {
                spared = spared is null ? ban.Spared : [.. spared.Where(ban.Spared.Contains)];
            }
        }

        return spared ?? [];
    }

    /// <summary>The last ban of a network and jail that is over; null where there is none.</summary>
    public Ban? Past(ClientNetwork network, string jail) => _past.GetValueOrDefault((network, jail));

    /// <summary>The jails that ban a network, or did last.</summary>
    public IEnumerable<string> JailsOf(ClientNetwork network) =>
        Of(network).Select(static ban => ban.Jail).Concat(_past.Keys.Where(key => key.Network == network).Select(static key => key.Jail)).Distinct(StringComparer.Ordinal);

    /// <summary>Clients of an IPv4 /24 that are banned singly.</summary>
    public int BannedInSubnet(ClientAddress client) =>
        client.IsIPv4 ? _subnets.GetValueOrDefault((uint)client.Low >> 8) : 0;

    /// <summary>Forgets bans that ended before that time.</summary>
    public void Forget(DateTimeOffset before)
    {
        foreach (var key in _past.Where(pair => pair.Value.Until < before).Select(pair => pair.Key).ToList())
        {
            _past.Remove(key);
        }
    }

    // A failure more is worth a minute.
    private static long Rank(Ban ban) => ban.From.UtcTicks + (Math.Min(ban.Failures, MostFailures) * TimeSpan.TicksPerMinute);

    private static Ban[] Bans(object place) => place is Ban ban ? [ban] : (Ban[])place;

    private static object Place(Ban[] bans) => bans.Length == 1 ? bans[0] : bans;

    private static bool IsOf(Ban ban, string jail) => string.Equals(ban.Jail, jail, StringComparison.Ordinal);

    private void Tally(ClientNetwork network, int change)
    {
        var lengths = network.IsIPv4 ? _lengths4 : _lengths6;
        lengths[network.PrefixLength] = lengths.GetValueOrDefault(network.PrefixLength) + change;
        if (lengths[network.PrefixLength] == 0)
        {
            lengths.Remove(network.PrefixLength);
        }

        if (network is { IsIPv4: true, IsSingle: true })
        {
            var subnet = (uint)network.First.Low >> 8;
            var count = _subnets.GetValueOrDefault(subnet) + change;
            if (count == 0)
            {
                _subnets.Remove(subnet);
            }
            else
            {
                _subnets[subnet] = count;
            }
        }
    }
}
