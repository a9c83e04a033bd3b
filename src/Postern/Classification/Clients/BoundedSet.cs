namespace Postern.Classification.Clients;

/// <summary>
/// A set that stops growing: a client can name as many users or hosts as it likes, and more than the bound tells no more.
/// Nothing is held for an empty set and little for a small one, because there may be a million clients.
/// </summary>
/// <param name="bound">The most that is kept.</param>
internal struct BoundedSet<T>(int bound)
    where T : notnull
{
    // Beyond this looking at each item costs more than hashing.
    private const int Small = 32;
    private T[]? _few;
    private HashSet<T>? _many;

    /// <summary>How many different ones were seen, at most the bound.</summary>
    public int Count { get; private set; }

    /// <summary>True where more came than are kept.</summary>
    public bool IsOverfull { get; private set; }

    /// <summary>The ones that are kept, in the order in which they came as long as they are few.</summary>
    public readonly IEnumerable<T> Items => _many ?? (IEnumerable<T>)new ArraySegment<T>(_few ?? [], 0, Count);

    /// <summary>Adds one, unless the set is full.</summary>
    public void Add(T item)
    {
        if (Count >= bound)
        {
            IsOverfull = IsOverfull || !(_many?.Contains(item) ?? Array.IndexOf(_few!, item, 0, Count) >= 0);
            return;
        }

        if (_many is null && Count == Small)
        {
            _many = [.. _few!];
            _few = null;
        }

        if (_many is not null)
        {
            _many.Add(item);
            Count = _many.Count;
            return;
        }

        _few ??= new T[1];
        if (Array.IndexOf(_few, item, 0, Count) >= 0)
        {
            return;
        }

        if (Count == _few.Length)
        {
            Array.Resize(ref _few, Count * 2);
        }

        _few[Count++] = item;
    }
}
