namespace Postern.Engine.Ledger;

/// <summary>
/// Writes to the ledger on a task of its own, and bears one that cannot be written: its trouble is told once, it is tried again
/// now and then, and one that was set aside gets all that stands again. Whoever hands over changes waits a moment for the disk, and
/// no longer. Not for two at once.
/// </summary>
/// <param name="ledger">The ledger.</param>
/// <param name="time">The clock.</param>
/// <param name="say">Told why it cannot be written; null once it can be again.</param>
/// <param name="all">What a new ledger must hold besides the changes; asked by whoever hands them over.</param>
internal sealed class LedgerCommitter(ILedger ledger, TimeProvider time, Action<string?> say, Func<LedgerChanges> all)
{
    // A disk that takes longer is frozen: bans, and the operator's commands, go on without it.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    // A full disk stays full for a while, and to try in vain costs time.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    // What waits meanwhile costs what is oldest, never the memory of the machine.
    private const int MostKept = 10_000;

    // Belongs to the write while one is under way.
    private readonly LedgerChanges _kept = new();
    private Task<LedgerException?>? _writing;
    private string? _trouble;
    private long _began;
    private long _failed;
    private bool _isNew;
    private bool _mayTry = true;

    /// <summary>Takes the changes, which are empty then, and keeps them; or keeps them for the next time.</summary>
    /// <returns>Completes when they are kept, could not be, or the disk takes too long.</returns>
    public async ValueTask CommitAsync(LedgerChanges changes)
    {
        if (await IsBusyAsync(s_patience))
        {
            changes.Limit(MostKept);
            return;
        }

        changes.MoveTo(_kept);
        if (_kept.IsEmpty || (!_mayTry && time.GetElapsedTime(_failed) < s_pause))
        {
            _kept.Limit(MostKept);
            return;
        }

        if (!await WriteAsync(s_patience) && _isNew && _mayTry)
        {
            // It was set aside just now, and the new one is empty.
            await WriteAsync(s_patience);
        }
    }

    /// <summary>Waits for a write that is under way, at the end.</summary>
    /// <param name="patience">How long.</param>
    public async ValueTask FinishAsync(TimeSpan patience) => await IsBusyAsync(patience);

    /// <summary>Drops what is too old, where nothing is wrong; nobody waits for it.</summary>
    public void Prune(DateTimeOffset now)
    {
        if (_trouble is null && _writing is null)
        {
            Begin(() => ledger.Prune(now));
        }
    }

    private Task<bool> WriteAsync(TimeSpan patience)
    {
        var whole = _isNew ? all() : null;
        Begin(() =>
        {
            if (whole is not null)
            {
                _kept.AddSeenTo(whole);
            }

            ledger.Commit(whole ?? _kept);
            _kept.Clear();
        });
        return IsDoneAsync(patience);
    }

    private async Task<bool> IsDoneAsync(TimeSpan patience) => !await IsBusyAsync(patience) && _mayTry && !_isNew;

    private void Begin(Action work)
    {
        _began = time.GetTimestamp();
        _writing = Task.Run(LedgerException? () =>
        {
            try
            {
                work();
                return null;
            }
            catch (LedgerException e)
            {
                return e;
            }
        });
    }

    private async ValueTask<bool> IsBusyAsync(TimeSpan patience)
    {
        if (_writing is not { } writing)
        {
            return false;
        }

        if (!writing.IsCompleted)
        {
            var left = patience - time.GetElapsedTime(_began);
            await ((Task)writing).WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!writing.IsCompleted)
            {
                Say("the disk of the ledger does not answer");
                return true;
            }
        }

        // Any other fault than the ledger's is for whoever owns the loop.
        _writing = null;
        if (await writing is { } error)
        {
            Fail(error);
        }
        else
        {
            (_isNew, _mayTry) = (false, true);
            Say(null);
        }

        return false;
    }

    private void Fail(LedgerException e)
    {
        _failed = time.GetTimestamp();
        (_isNew, _mayTry) = (_isNew || e.Trouble == LedgerTrouble.Corrupt, e.Trouble == LedgerTrouble.Corrupt);
        Say(e.Message);
    }

    private void Say(string? trouble)
    {
        if (!string.Equals(_trouble, trouble, StringComparison.Ordinal))
        {
            _trouble = trouble;
            say(trouble);
        }
    }
}
