namespace Postern.Web.Guards;

/// <summary>
/// How often a client may ask: so many at once, and then so many a second (a token bucket). Bounded, whatever clients there are. For
/// several threads.
/// </summary>
/// <param name="burst">So many at once.</param>
/// <param name="perSecond">So many a second after that.</param>
/// <param name="time">The clock.</param>
internal sealed class RateLimiter(double burst, double perSecond, TimeProvider time)
{
    private const int MostClients = 4096;
    private readonly Dictionary<string, (double Left, long At)> _buckets = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Counts a request; false where it is one too many.</summary>
    /// <param name="client">Who asks.</param>
    public bool TryTake(string client)
    {
        lock (_lock)
        {
            var left = LeftOf(client);
            if (left < 1)
            {
                return false;
            }

            if (_buckets.Count >= MostClients && !_buckets.ContainsKey(client))
            {
                MakeRoom();
            }

            _buckets[client] = (left - 1, time.GetTimestamp());
            return true;
        }
    }

    private double LeftOf(string client) =>
        _buckets.TryGetValue(client, out var bucket) ? Math.Min(burst, bucket.Left + (time.GetElapsedTime(bucket.At).TotalSeconds * perSecond)) : burst;

    // Whoever has his whole share again is as one who never asked; else the one who has most of it goes.
    private void MakeRoom()
    {
        var idle = _buckets.Keys.Where(client => LeftOf(client) >= burst).ToList();
        idle = idle.Count > 0 ? idle : [_buckets.Keys.MaxBy(LeftOf)!];
        idle.ForEach(client => _buckets.Remove(client));
    }
}
