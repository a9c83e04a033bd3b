using System.Collections;
using Postern.Facts;

namespace Postern.Classification;

/// <summary>
/// Findings in the order of a report, each made anew when it is asked for; who goes through all of them gets them from all processors, a
/// batch at a time.
/// </summary>
/// <param name="clients">The clients in their order, by number.</param>
/// <param name="make">Makes the finding of one.</param>
internal sealed class FindingList(int[] clients, Func<int, ClientFinding> make) : IReadOnlyList<ClientFinding>
{
    private const int Batch = 4096;

    /// <inheritdoc/>
    public int Count => clients.Length;

    /// <inheritdoc/>
    public ClientFinding this[int index] => make(clients[index]);

    /// <inheritdoc/>
    public IEnumerator<ClientFinding> GetEnumerator()
    {
        var batch = new ClientFinding[Math.Min(Batch, clients.Length)];
        for (var first = 0; first < clients.Length; first += Batch)
        {
            var start = first;
            var length = Math.Min(Batch, clients.Length - start);
            Parallel.For(0, length, i => batch[i] = make(clients[start + i]));
            for (var i = 0; i < length; i++)
            {
                yield return batch[i];
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
