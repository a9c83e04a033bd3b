namespace Postern.Classification.Clients;

/// <summary>
/// A set that stops growing: a client can name as many users or hosts as it likes, and more than the bound tells no more.
/// Nothing is held for an empty set and little for a small one, because there may be a million clients.
/// </summary>
/// <param name="bound">The most that is kept.</param>
internal struct BoundedSet<T>(ushort bound)
    where T : notnull
{
    // Beyond this looking at each item costs more than hashing.
    private const int Small = 32;

    // An array while they are few, a set when they are many; one field, as every client has several of these.
    private object? _items;
    private readonly ushort _bound = bound;
    private ushort _count;

    /// <summary>How many different ones were seen, at most the bound.</summary>
    public readonly int Count => _count;

    /// <summary>True where more came than are kept.</summary>
    public bool IsOverfull { get; private set; }

    /// <summary>The ones that are kept, in the order in which they came as long as they are few.</summary>
    public readonly IEnumerable<T> Items => _items as HashSet<T> ?? (IEnumerable<T>)new ArraySegment<T>(_items as T[] ?? [], 0, _count);

    /// <summary>The first that is kept; the default value where there is none.</summary>
    public readonly T? First => _count == 0 ? default : _items is T[] few ? few[0] : Items.First();

    /// <summary>Adds one, unless the set is full.</summary>
    public void Add(T item)
    {
        if (_count >= _bound)
        {
            IsOverfull = IsOverfull || !Contains(item);
            return;
        }

        if (_items is T[] { Length: > 0 } full && _count == Small)
        {
            _items = new HashSet<T>(full.Take(_count));
        }

        if (_items is HashSet<T> many)
        {
            many.Add(item);
            _count = (ushort)many.Count;
            return;
        }

        if (Contains(item))
        {
            return;
        }

        var few = _items as T[] ?? new T[1];
        if (_count == few.Length)
        {
            Array.Resize(ref few, _count * 2);
        }

        few[_count++] = item;
        _items = few;
    }

    /// <summary>True where both hold the same few, in the same order.</summary>
    public readonly bool IsSame(in BoundedSet<T> other) => _count == other._count && IsOverfull == other.IsOverfull && Items.SequenceEqual(other.Items);

    /// <summary>The same set; what is added to one of both is not added to the other.</summary>
    public readonly BoundedSet<T> Copy()
    {
        var copy = this;
        copy._items = _items switch
        {
            T[] few => few[.._count],
            HashSet<T> many => new HashSet<T>(many),
            _ => null,
        };
        return copy;
    }

    private readonly bool Contains(T item) => _items is HashSet<T> many ? many.Contains(item) : _items is T[] few && Array.IndexOf(few, item, 0, _count) >= 0;
}
