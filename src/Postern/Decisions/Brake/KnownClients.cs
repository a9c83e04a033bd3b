using System.Runtime.InteropServices;
using Postern.Facts;

namespace Postern.Decisions.Brake;

/// <summary>How many networks show a reason, of how many that were seen.</summary>
/// <param name="Bad">Networks whose last session showed it and brought nothing.</param>
/// <param name="Seen">Networks that were seen.</param>
public readonly record struct BrakeShare(int Bad, int Seen)
{
    /// <summary>True where enough of them show it, and enough of those seen.</summary>
    public bool Reaches(double clients, double share) => Bad >= clients && Bad >= share * Seen;
}

/// <summary>
/// The last thing that each network with a history did: delivered or logged in, or was refused. When the server has a fault,
/// most of them fail at once; when a client attacks, the others go on.
/// </summary>
public sealed class KnownClients
{
    // A network is known from an hour after its first mail or login on.
    private static readonly long s_known = TimeSpan.FromHours(1).Ticks;
    private static readonly long s_memory = TimeSpan.FromDays(1).Ticks;
    private const int Most = 50_000;

    private readonly Dictionary<(ClientAddress Network, bool IsLogin), Entry> _entries = [];

    /// <summary>Networks that are remembered.</summary>
    public int Count => _entries.Count;

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
        var place = ClientPlace.Of(client);
        var key = (place.Network, isLogin);
        if (!isWell && standing == SenderStanding.Stranger && !_entries.ContainsKey(key))
        {
            return false;
        }

        if (_entries.Count >= Most && !_entries.ContainsKey(key))
        {
            return false;
        }

        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, key, out var exists);
        var ticks = now.UtcTicks;
        entry.FirstWell = isWell && entry.FirstWell == 0 ? ticks : entry.FirstWell;
        entry.Block = exists ? entry.Block : place.Block;
        // A network of many addresses is known by any of them, for as long as it is remembered.
        entry.IsEstablished |= standing == SenderStanding.Established;
        entry.IsNew |= standing == SenderStanding.New;
        (entry.At, entry.Groups, entry.IsWell) = (ticks, groups, isWell);
        return !isWell;
    }

    /// <summary>Networks that brought mail within the last time.</summary>
    public int Delivering(TimeSpan within, DateTimeOffset now)
    {
        var count = 0;
        foreach (var (key, entry) in _entries)
        {
            count += !key.IsLogin && entry.IsWell && now.UtcTicks - entry.At <= within.Ticks ? 1 : 0;
        }

        return count;
    }

    /// <summary>Counts, for each group, the networks that show it.</summary>
    /// <param name="within">How long ago their last session may be.</param>
    /// <param name="onlyEstablished">True for established networks alone; false for all that are known.</param>
    /// <param name="now">The time.</param>
    public BrakeShare[] Shares(TimeSpan within, bool onlyEstablished, DateTimeOffset now)
    {
        var bad = new int[BrakeReason.Count];
        var seen = new int[2];
        var blocks = new Dictionary<(ClientAddress, int), int>();
        foreach (var (key, entry) in _entries)
        {
            if (now.UtcTicks - entry.At > within.Ticks || !Counts(entry, onlyEstablished, now.UtcTicks))
            {
                continue;
            }

            var kind = key.IsLogin ? 1 : 0;
            if (entry.IsWell || entry.Groups == 0)
            {
                seen[kind] += IsWithin(blocks, entry.Block, -1 - kind) ? 1 : 0;
                continue;
            }

            seen[kind] += IsWithin(blocks, entry.Block, -3 - kind) ? 1 : 0;
            for (var group = 0; group < bad.Length; group++)
            {
                if ((entry.Groups & (1u << group)) != 0 && IsWithin(blocks, entry.Block, group))
                {
                    bad[group]++;
                }
            }
        }

        return [.. bad.Select((count, group) => new BrakeShare(count, seen[BrakeReason.IsOfLogins(group) ? 1 : 0]))];
    }

    /// <summary>Forgets what is too old.</summary>
    public void Forget(DateTimeOffset now)
    {
        foreach (var key in _entries.Where(pair => now.UtcTicks - pair.Value.At > s_memory).Select(pair => pair.Key).ToList())
        {
            _entries.Remove(key);
        }
    }

    private static bool Counts(in Entry entry, bool onlyEstablished, long now) =>
        entry.IsEstablished || (!onlyEstablished && (entry.IsNew || (entry.FirstWell != 0 && now - entry.FirstWell >= s_known)));

    private static bool IsWithin(Dictionary<(ClientAddress, int), int> blocks, ClientAddress block, int what)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(blocks, (block, what), out _);
        return ++count <= ClientPlace.MostOfBlock;
    }

    private struct Entry
    {
        public ClientAddress Block;
        public long FirstWell;
        public long At;
        public uint Groups;
        public bool IsWell;
        public bool IsEstablished;
        public bool IsNew;
    }
}
