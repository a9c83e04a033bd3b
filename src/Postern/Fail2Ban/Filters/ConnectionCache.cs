namespace Postern.Fail2Ban.Filters;

/// <summary>Failures of connections that go on (<c>&lt;F-MLFID&gt;</c>): a hundred at most, and none for longer than five minutes after its first line.</summary>
internal sealed class ConnectionCache(TimeProvider time)
{
    private const int MostConnections = 100;
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, (FilterFailure Failure, long Until, LinkedListNode<string> Place)> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<string> _order = new();

    /// <summary>The failure of a connection; null where none is known.</summary>
    public FilterFailure? Find(string id)
    {
        if (!_entries.TryGetValue(id, out var entry))
        {
            return null;
        }

        if (entry.Until > time.GetTimestamp())
        {
            return entry.Failure;
        }

        Remove(id);
        return null;
    }

    /// <summary>Keeps a failure.</summary>
    public void Add(string id, FilterFailure failure)
    {
        var now = time.GetTimestamp();
        if (_entries.Count >= MostConnections)
        {
            while (_order.First is { } first)
            {
                var expired = _entries[first.Value].Until <= now;
                Remove(first.Value);
                if (!expired && _entries.Count < MostConnections)
                {
                    break;
                }
            }
        }

        var until = now + (long)(s_longest.TotalSeconds * time.TimestampFrequency);
        var place = _entries.TryGetValue(id, out var old) ? old.Place : _order.AddLast(id);
        _entries[id] = (failure, until, place);
    }

    /// <summary>Forgets a connection.</summary>
    public void Remove(string id)
    {
        if (_entries.Remove(id, out var entry))
        {
            _order.Remove(entry.Place);
        }
    }
}
