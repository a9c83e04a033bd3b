using System.Collections;

namespace Postern.Cli.Daemon.Control;

/// <summary>Rows of a reply, each made when it is written: there may be hundreds of thousands.</summary>
/// <param name="count">How many.</param>
/// <param name="make">Makes one, from its number.</param>
internal sealed class ReplyRows<T>(int count, Func<int, T> make) : IReadOnlyList<T>
{
    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    public T this[int index] => make(index);

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => Enumerable.Range(0, count).Select(make).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
