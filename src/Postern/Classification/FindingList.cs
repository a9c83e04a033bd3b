using System.Collections;
using Postern.Facts;

namespace Postern.Classification;

/// <summary>Findings in the order of a report, each made anew when it is asked for.</summary>
/// <param name="clients">The clients in their order, by number.</param>
/// <param name="make">Makes the finding of one.</param>
internal sealed class FindingList(int[] clients, Func<int, ClientFinding> make) : IReadOnlyList<ClientFinding>
{
    /// <inheritdoc/>
    public int Count => clients.Length;

    /// <inheritdoc/>
    public ClientFinding this[int index] => make(clients[index]);

    /// <inheritdoc/>
    public IEnumerator<ClientFinding> GetEnumerator() => clients.Select(make).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
