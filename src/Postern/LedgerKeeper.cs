using Postern.Facts;

namespace Postern;

/// <summary>
/// Writes to the ledger, and bears one that cannot be written: its trouble is told once, it is tried again now and then,
/// and one that was set aside gets all that stands again. Not for two at once.
/// </summary>
/// <param name="ledger">The ledger.</param>
/// <param name="time">The clock.</param>
/// <param name="say">Told why it cannot be written; null once it can be again.</param>
internal sealed class LedgerKeeper(ILedger ledger, TimeProvider time, Action<string?> say)
{
    // A full disk stays full for a while, and to try in vain costs time that bans wait for.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    // What waits meanwhile costs what is oldest, never the memory of the machine.
    private const int MostKept = 10_000;

    private string? _trouble;
    private long _failed;
    private bool _isNew;
    private bool _mayTry = true;

    /// <summary>Keeps the changes, which are empty then; or leaves them for the next time.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="bans">All bans that stand.</param>
    /// <param name="allowed">Whom the operator allowed by command.</param>
    public void Commit(LedgerChanges changes, IEnumerable<Ban> bans, IReadOnlyList<AllowedEntry> allowed)
    {
        if (!changes.IsEmpty && (TryCommit(changes, bans, allowed) || (_isNew && _mayTry && TryCommit(changes, bans, allowed))))
        {
            changes.Clear();
        }

        changes.Limit(MostKept);
    }

    /// <summary>Drops what is too old, where nothing is wrong.</summary>
    public void Prune(DateTimeOffset now)
    {
        try
        {
            if (_trouble is null)
            {
                ledger.Prune(now);
            }
        }
        catch (LedgerException e)
        {
            Fail(e);
        }
    }

    private bool TryCommit(LedgerChanges changes, IEnumerable<Ban> bans, IReadOnlyList<AllowedEntry> allowed)
    {
        if (!_mayTry && time.GetElapsedTime(_failed) < s_pause)
        {
            return false;
        }

        if (_isNew)
        {
            Refill(changes, bans, allowed);
        }

        try
        {
            ledger.Commit(changes);
        }
        catch (LedgerException e)
        {
            Fail(e);
            return false;
        }

        (_isNew, _mayTry) = (false, true);
        if (_trouble is not null)
        {
            _trouble = null;
            say(null);
        }

        return true;
    }

    // It was set aside, and the new one is empty.
    private static void Refill(LedgerChanges changes, IEnumerable<Ban> bans, IReadOnlyList<AllowedEntry> allowed)
    {
        changes.Bans.Clear();
        changes.Ended.Clear();
        changes.Allowed.Clear();
        foreach (var ban in bans)
        {
            changes.Bans.Add(ban);
        }

        foreach (var entry in allowed)
        {
            changes.Allowed.Add(entry);
        }
    }

    private void Fail(LedgerException e)
    {
        _failed = time.GetTimestamp();
        (_isNew, _mayTry) = (_isNew || e.Trouble == LedgerTrouble.Corrupt, e.Trouble == LedgerTrouble.Corrupt);
        if (!string.Equals(_trouble, e.Message, StringComparison.Ordinal))
        {
            _trouble = e.Message;
            say(e.Message);
        }
    }
}
