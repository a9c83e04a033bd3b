using System.Diagnostics.CodeAnalysis;

namespace Postern.Gate;

/// <summary>A dictionary that holds so many at most: when it is full, the oldest keys go. Not for two at once.</summary>
/// <param name="most">How many it holds.</param>
/// <param name="comparer">Compares keys.</param>
internal sealed class BoundedCache<TKey, TValue>(int most, IEqualityComparer<TKey>? comparer = null)
    where TKey : notnull
{
    private readonly Dictionary<TKey, TValue> _values = new(comparer);
    private readonly Queue<TKey> _order = new();

    /// <summary>How many it holds now.</summary>
    public int Count => _values.Count;

    /// <summary>The value of a key; false where there is none.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value) => _values.TryGetValue(key, out value);

    /// <summary>Sets the value of a key; one that is known keeps its age.</summary>
    public void Set(TKey key, TValue value)
    {
        if (!_values.ContainsKey(key))
        {
            while (_values.Count >= most && _order.TryDequeue(out var oldest))
            {
                _values.Remove(oldest);
            }

            _order.Enqueue(key);
        }

        _values[key] = value;
    }
}
