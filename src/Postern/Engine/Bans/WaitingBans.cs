using Postern.Facts;

namespace Postern.Engine.Bans;

/// <summary>Bans that wait for what else is heard of the server's trouble, one a client and jail.</summary>
internal sealed class WaitingBans
{
    // What comes beyond is decided at once.
    private const int Most = 10_000;
    private readonly Dictionary<(ClientAddress, string), (PendingBan Near, DateTimeOffset Since)> _bans = [];

    /// <summary>How many wait.</summary>
    public int Count => _bans.Count;

    /// <summary>Lets one wait; one that waits already does so from when it began, for all that was done by now.</summary>
    /// <returns>False where there is no room.</returns>
    public bool Add(PendingBan near, DateTimeOffset now)
    {
        var key = (near.Client, near.Jail);
        var waits = _bans.TryGetValue(key, out var one);
        if (waits || _bans.Count < Most)
        {
            _bans[key] = (near, waits ? one.Since : now);
            return true;
        }

        return false;
    }

    /// <summary>Takes out those that have waited so long.</summary>
    public IReadOnlyList<PendingBan> TakeDue(TimeSpan wait, DateTimeOffset now) => Take(one => now - one.Since >= wait);

    /// <summary>Takes out those of a kind.</summary>
    public IReadOnlyList<PendingBan> Take(Predicate<PendingBan> which) => Take(one => which(one.Near));

    private List<PendingBan> Take(Func<(PendingBan Near, DateTimeOffset Since), bool> which)
    {
        if (_bans.Count == 0)
        {
            return [];
        }

        var taken = _bans.Where(pair => which(pair.Value)).ToList();
        taken.ForEach(pair => _bans.Remove(pair.Key));
        return [.. taken.Select(pair => pair.Value.Near)];
    }
}
