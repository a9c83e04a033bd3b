using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>The clients that showed anything but delivery, each with its history, which may be made when it is asked for.</summary>
/// <param name="ledger">Makes the histories.</param>
/// <param name="table">What is held of the clients.</param>
internal sealed class NotableClients(ClientLedger ledger, ClientTable table) : IReadOnlyDictionary<ClientAddress, ClientHistory>
{
    /// <inheritdoc/>
    public int Count => Numbers.Count();

    /// <inheritdoc/>
    public IEnumerable<ClientAddress> Keys => Numbers.Select(ledger.Address);

    /// <inheritdoc/>
    public IEnumerable<ClientHistory> Values => Numbers.Select(ledger.History);

    /// <inheritdoc/>
    public ClientHistory this[ClientAddress key] => TryGetValue(key, out var history) ? history : throw new KeyNotFoundException();

    private IEnumerable<int> Numbers => Enumerable.Range(0, table.Count).Where(ledger.IsNotable);

    /// <inheritdoc/>
    public bool ContainsKey(ClientAddress key) => table.Find(key) is >= 0 and var number && ledger.IsNotable(number);

    /// <inheritdoc/>
    public bool TryGetValue(ClientAddress key, [MaybeNullWhen(false)] out ClientHistory value)
    {
        value = table.Find(key) is >= 0 and var number && ledger.IsNotable(number) ? ledger.History(number) : null;
        return value is not null;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<ClientAddress, ClientHistory>> GetEnumerator()
    {
        for (var number = 0; number < table.Count; number++)
        {
            if (ledger.IsNotable(number))
            {
                yield return KeyValuePair.Create(ledger.Address(number), ledger.History(number));
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
