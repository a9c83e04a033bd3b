using Postern.Cli.Configuration;
using Postern.Facts;

namespace Postern.Cli.Daemon.Sources;

/// <summary>Whom the operator allowed by command, for good or for a time.</summary>
/// <param name="time">The clock.</param>
internal sealed class AllowList(TimeProvider time)
{
    private readonly Lock _lock = new();
    private IReadOnlyList<(AllowEntry Entry, AllowedEntry Order)> _rows = [];

    /// <summary>Those that hold now.</summary>
    public IReadOnlyList<(AllowEntry Entry, AllowedEntry Order)> Rows
    {
        get
        {
            lock (_lock)
            {
                return [.. _rows.Where(row => row.Order.HoldsAt(time.GetUtcNow()))];
            }
        }
    }

    /// <summary>When the next one ends; null where none does.</summary>
    public DateTimeOffset? NextEnd
    {
        get
        {
            lock (_lock)
            {
                return _rows.Min(static row => row.Order.Until);
            }
        }
    }

    /// <summary>Takes what is ordered; of an entry that is there the new order counts.</summary>
    public void Add(IReadOnlyList<AllowedEntry> orders)
    {
        lock (_lock)
        {
            foreach (var order in orders)
            {
                if (AllowEntry.TryParseAny(order.Entry) is { } entry)
                {
                    _rows = [.. _rows.Where(row => row.Entry != entry), (entry, order)];
                }
            }
        }
    }

    /// <summary>Takes an entry out.</summary>
    /// <returns>The order that the database is to forget; null where there was none.</returns>
    public AllowedEntry? Remove(AllowEntry entry)
    {
        lock (_lock)
        {
            var order = _rows.FirstOrDefault(row => row.Entry == entry).Order;
            _rows = [.. _rows.Where(row => row.Entry != entry)];
            return order is null ? null : order with { IsRemoved = true };
        }
    }

    /// <summary>Takes out those whose time is over.</summary>
    /// <returns>The orders that the database is to forget.</returns>
    public IReadOnlyList<AllowedEntry> TakeEnded()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            AllowedEntry[] ended = [.. _rows.Where(row => !row.Order.HoldsAt(now)).Select(static row => row.Order with { IsRemoved = true })];
            _rows = [.. _rows.Where(row => row.Order.HoldsAt(now))];
            return ended;
        }
    }
}
