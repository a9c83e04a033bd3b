namespace Postern;

/// <summary>
/// Keeps what a run decided in its ledger, or holds it until the ledger can be written again: trouble is told once, tried again
/// now and then, and costs neither a ban nor the memory of the machine.
/// </summary>
/// <param name="ledger">The ledger.</param>
/// <param name="time">The clock.</param>
/// <param name="say">Told of trouble, and with null of its end.</param>
/// <param name="writeAll">Adds all that stands, for a ledger that was set aside and begins anew.</param>
internal sealed class LedgerKeeper(ILedger ledger, TimeProvider time, Action<string?> say, Action<LedgerChanges> writeAll)
{
    private const int MostKept = 10_000;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);
    private string? _trouble;
    private long _failed;
    private bool _isNew;
    private bool _owesAll;

    /// <summary>Keeps these; they are cleared where that is done, else what is oldest goes beyond a bound.</summary>
    public void Commit(LedgerChanges changes)
    {
        if (!changes.IsEmpty && (TryCommit(changes) || (_isNew && TryCommit(changes))))
        {
            changes.Clear();
        }

        changes.Limit(MostKept);
    }

    /// <summary>Drops what no decision needs any more.</summary>
    public void Prune(DateTimeOffset now) => Try(() => ledger.Prune(now));

    private bool TryCommit(LedgerChanges changes)
    {
        if (_owesAll)
        {
            _owesAll = false;
            writeAll(changes);
        }

        return Try(() => ledger.Commit(changes));
    }

    private bool Try(Action work)
    {
        if (_trouble is not null && !_isNew && time.GetElapsedTime(_failed) < s_pause)
        {
            return false;
        }

        try
        {
            work();
            _isNew = false;
            if (_trouble is not null)
            {
                _trouble = null;
                say(null);
            }

            return true;
        }
        catch (LedgerException e)
        {
            _failed = time.GetTimestamp();
            // It was set aside, and the new one is empty.
            _isNew = e.Trouble == LedgerTrouble.Corrupt;
            _owesAll |= _isNew;
            if (!string.Equals(_trouble, e.Message, StringComparison.Ordinal))
            {
                _trouble = e.Message;
                say(e.Message);
            }

            return false;
        }
    }
}
