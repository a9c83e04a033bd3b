namespace Postern.Classification.Clients;

/// <summary>A set that stops growing: a client can name as many users or hosts as it likes, and more than the bound tells no more.</summary>
internal sealed class BoundedSet<T>(int bound)
    where T : notnull
{
    private HashSet<T>? _items;

    /// <summary>How many different ones were seen, at most the bound.</summary>
    public int Count => _items?.Count ?? 0;

    /// <summary>The ones that are kept.</summary>
    public IEnumerable<T> Items => _items ?? [];

    /// <summary>Adds one, unless the set is full.</summary>
    public void Add(T item)
    {
        if (Count < bound)
        {
            (_items ??= []).Add(item);
        }
    }
}
