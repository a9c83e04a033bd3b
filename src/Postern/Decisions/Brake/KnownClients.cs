using System.Runtime.InteropServices;
using Postern.Facts;

namespace Postern.Decisions.Brake;

/// <summary>
/// The last thing that each client with a history did: delivered or logged in, or was refused, and since when. When the server has a
/// fault, most of them fail at once; when a client attacks, the others go on.
/// </summary>
internal sealed class KnownClients
{
    /// <summary>Who came within this time counts.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromHours(1);

    // A client is known from an hour after its first mail or login on.
    private static readonly long s_known = TimeSpan.FromHours(1).Ticks;
    private static readonly long s_memory = TimeSpan.FromDays(1).Ticks;

    // A telephone with an old password asks each quarter of an hour or more often. Whether what it does is new cannot be said before.
    private static readonly long s_start = TimeSpan.FromMinutes(15).Ticks;
    private const int Most = 50_000;
    private const int Always = 2;
    private const int LatestFailures = 8;

    private readonly Dictionary<(ClientAddress Place, bool IsLogin), Entry> _hosts = [];
    private readonly Dictionary<(ClientAddress Place, bool IsLogin), Entry> _networks = [];

    // When the latest failures were, of mail and of logins: the oldest is overwritten.
    private readonly long[,] _failed = new long[2, LatestFailures];
    private readonly long[] _failures = new long[2];
    private long _started;

    /// <summary>Clients that are remembered.</summary>
    public int Count => _hosts.Count;

    /// <summary>Takes what a session was.</summary>
    /// <param name="client">Who.</param>
    /// <param name="isLogin">True for what it did with logins, false for mail.</param>
    /// <param name="groups">The groups of <see cref="BrakeReason"/> that it showed.</param>
    /// <param name="isWell">True where mail was accepted, or the login.</param>
    /// <param name="standing">Its history.</param>
    /// <param name="now">The time.</param>
    /// <returns>True where a known client failed.</returns>
    public bool Add(ClientAddress client, bool isLogin, uint groups, bool isWell, SenderStanding standing, DateTimeOffset now)
    {
        var ticks = now.UtcTicks;
        _started = _started == 0 ? ticks : _started;
        var place = ClientPlace.Of(client);
        var isNetworkFailing = Note(_networks, (place.Network, isLogin), place, groups, isWell, standing, ticks);
        var isFailing = Note(_hosts, (place.Host, isLogin), place, groups, isWell, standing, ticks);
        if (isFailing || isNetworkFailing)
        {
            var kind = isLogin ? 1 : 0;
            _failed[kind, _failures[kind]++ % LatestFailures] = ticks;
        }

        return isFailing;
    }

    /// <summary>False where fewer clients failed within <see cref="Horizon"/>, which takes no look at each of them.</summary>
    /// <param name="least">So many clients, of logins or of mail; more than 8 are counted as 8.</param>
    /// <param name="now">The time.</param>
    public bool MayFail(int least, DateTimeOffset now)
    {
        least = Math.Clamp(least, 1, LatestFailures);
        for (var kind = 0; kind < 2; kind++)
        {
            if (_failures[kind] >= least && now.UtcTicks - _failed[kind, (_failures[kind] - least) % LatestFailures] <= Horizon.Ticks)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Networks that brought mail within the last time.</summary>
    public int Delivering(TimeSpan within, DateTimeOffset now)
    {
        var count = 0;
        foreach (var (key, entry) in _networks)
        {
            count += !key.IsLogin && entry.IsWell && now.UtcTicks - entry.At <= within.Ticks ? 1 : 0;
        }

        return count;
    }

    /// <summary>True where a client delivered or logged in since the start, long enough ago to speak.</summary>
    public bool IsKnown(ClientAddress client, bool isLogin, DateTimeOffset now) =>
        _hosts.TryGetValue((ClientPlace.Of(client).Host, isLogin), out var entry) && IsKnown(entry, now.UtcTicks);

    /// <summary>True for a client whose logins fail always, beside those that succeed.</summary>
    public bool FailsAlways(ClientAddress client) => _hosts.TryGetValue((ClientPlace.Of(client).Host, true), out var entry) && entry.FailsAlways;

    /// <summary>Where the known clients live.</summary>
    public PlaceCount Places(bool isLogin, DateTimeOffset now)
    {
        var counter = new PlaceCounter();
        foreach (var (key, entry) in _hosts)
        {
            if (key.IsLogin == isLogin && IsKnown(entry, now.UtcTicks))
            {
                counter.Add(new ClientPlace(key.Place, entry.Network, entry.Block));
            }
        }

        return counter.Total;
    }

    /// <summary>
    /// The clients with a history, be it of an hour, that came within <see cref="Horizon"/>, in no order. Of logins, only failures that may be the server's: not
    /// those of a client that fails always, nor those that began before others logged in.
    /// </summary>
    /// <param name="isLogin">True for logins, false for mail.</param>
    /// <param name="grain">What counts as one client.</param>
    /// <param name="others">So many others that logged in since a client began to fail say that the server is well.</param>
    /// <param name="now">The time.</param>
    public List<KnownClient> Recent(bool isLogin, BrakeGrain grain, int others, DateTimeOffset now)
    {
        var entries = grain == BrakeGrain.Address ? _hosts : _networks;
        var well = isLogin ? LastWell(entries, others) : 0;
        List<KnownClient> recent = [];
        foreach (var (key, entry) in entries)
        {
            if (key.IsLogin == isLogin && now.UtcTicks - entry.At <= Horizon.Ticks
                && (entry.IsWell || (entry.Groups != 0 && (!isLogin || (!entry.FailsAlways && entry.Since >= well)))))
            {
                recent.Add(new KnownClient(
                    entry.Block, entry.At, entry.IsWell ? entry.At : entry.Since, entry.Groups, entry.IsWell, entry.LastWell, IsKnown(entry, now.UtcTicks), entry.IsEstablished));
            }
        }

        return recent;
    }

    /// <summary>The trouble with a group is over: who failed with it counts from his next session on.</summary>
    public void Forgive(int group)
    {
        foreach (var entries in (ReadOnlySpan<Dictionary<(ClientAddress, bool), Entry>>)[_hosts, _networks])
        {
            foreach (var key in entries.Keys)
            {
                CollectionsMarshal.GetValueRefOrNullRef(entries, key).Groups &= ~(1u << group);
            }
        }
    }

    /// <summary>Forgets what is too old.</summary>
    public void Forget(DateTimeOffset now)
    {
        foreach (var entries in (ReadOnlySpan<Dictionary<(ClientAddress, bool), Entry>>)[_hosts, _networks])
        {
            foreach (var key in entries.Where(pair => now.UtcTicks - pair.Value.At > s_memory).Select(pair => pair.Key).ToList())
            {
                entries.Remove(key);
            }
        }
    }

    private bool Note(
        Dictionary<(ClientAddress, bool), Entry> entries, (ClientAddress Place, bool IsLogin) key, in ClientPlace place, uint groups, bool isWell, SenderStanding standing, long now)
    {
        var exists = entries.ContainsKey(key);
        if (!exists && (entries.Count >= Most || (!isWell && standing == SenderStanding.Stranger)))
        {
            return false;
        }

        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(entries, key, out _);
        // A network of many addresses is known by any of them, for as long as it is remembered.
        entry.IsEstablished |= standing == SenderStanding.Established;
        entry.IsNew |= standing == SenderStanding.New;
        (entry.Network, entry.Block) = (place.Network, place.Block);
        if (isWell)
        {
            entry.FailsAlways = entry.Failures >= Always;
            entry.FirstWell = entry.FirstWell == 0 ? now : entry.FirstWell;
            (entry.LastWell, entry.Failures, entry.Groups) = (now, 0, 0);
        }
        else
        {
            entry.FailsAlways |= !exists && now - _started < s_start;
            // Whose password does not fit began when he began, whatever troubles come and go.
            entry.Since = exists && !entry.IsWell && (entry.Groups != 0 || key.IsLogin) ? entry.Since : now;
            entry.Failures += entry.Failures < Always ? 1 : 0;
            entry.Groups |= groups;
        }

        (entry.At, entry.IsWell) = (now, isWell);
        return !isWell;
    }

    // When the last of so many clients logged in, each by its last login.
    private static long LastWell(Dictionary<(ClientAddress, bool IsLogin), Entry> entries, int others)
    {
        var latest = new PriorityQueue<long, long>(others + 1);
        foreach (var (key, entry) in entries)
        {
            if (key.IsLogin && entry.LastWell != 0)
            {
                latest.Enqueue(entry.LastWell, entry.LastWell);
                if (latest.Count > others)
                {
                    latest.Dequeue();
                }
            }
        }

        return latest.Count == others ? latest.Peek() : 0;
    }

    private static bool IsKnown(in Entry entry, long now) => entry.IsEstablished || entry.IsNew || (entry.FirstWell != 0 && now - entry.FirstWell >= s_known);

    private struct Entry
    {
        public ClientAddress Network;
        public ClientAddress Block;
        public long FirstWell;
        public long LastWell;
        public long At;
        public long Since;
        public uint Groups;
        public int Failures;
        public bool IsWell;
        public bool IsEstablished;
        public bool IsNew;
        public bool FailsAlways;
    }
}
