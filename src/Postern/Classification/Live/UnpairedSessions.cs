using Postern.Facts;

namespace Postern.Classification.Live;

/// <summary>Sessions of one source whose twins of the other have not come; so many at most, the oldest go.</summary>
/// <param name="most">How many.</param>
internal sealed class UnpairedSessions(int most)
{
    // A log's stamps may be a second coarse, and another host's clock a little wrong.
    private static readonly long s_slack = TimeSpan.FromSeconds(30).Ticks;

    private readonly Dictionary<ClientAddress, List<SessionPair>> _of = [];
    private readonly Queue<SessionPair> _order = new();

    /// <summary>Keeps one.</summary>
    public void Add(SessionPair pair)
    {
        while (_order.Count >= most)
        {
            Remove(_order.Dequeue());
        }

        _order.Enqueue(pair);
        if (!_of.TryGetValue(pair.Client, out var pairs))
        {
            _of[pair.Client] = pairs = [];
        }

        pairs.Add(pair);
    }

    /// <summary>Takes out the session of that client that is nearest in time; null where none is near.</summary>
    public SessionPair? Take(ClientAddress client, LogTime start, LogTime end)
    {
        if (!_of.TryGetValue(client, out var pairs))
        {
            return null;
        }

        SessionPair? nearest = null;
        foreach (var pair in pairs)
        {
            if (Math.Max(pair.Start.UtcTicks, start.UtcTicks) - Math.Min(pair.End.UtcTicks, end.UtcTicks) <= s_slack
                && (nearest is null || Distance(pair, start) < Distance(nearest, start)))
            {
                nearest = pair;
            }
        }

        if (nearest is not null)
        {
            Remove(nearest);
        }

        return nearest;
    }

    private static long Distance(SessionPair pair, LogTime start) => Math.Abs(pair.Start.UtcTicks - start.UtcTicks);

    // What was taken stays in the order until its turn comes.
    private void Remove(SessionPair pair)
    {
        if (_of.TryGetValue(pair.Client, out var pairs) && pairs.Remove(pair) && pairs.Count == 0)
        {
            _of.Remove(pair.Client);
        }
    }
}
