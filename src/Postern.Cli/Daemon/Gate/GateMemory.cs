using Postern.Cli.Storage;
using Postern.Engine.Ledger;
using Postern.Facts;
using Postern.Gate;

namespace Postern.Cli.Daemon.Gate;

/// <summary>
/// Keeps the book of greylist and the counts beyond a restart. Nobody waits for it: changes are written together, a moment
/// later. A kill in that moment makes a suspect wait once more; who is genuine never waits.
/// </summary>
internal sealed class GateMemory : IAsyncDisposable
{
    private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(1);
    // A full disk stays full for a while.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    private readonly GateStore _store;
    private readonly Func<TimeSpan> _retention;
    private readonly Action<string> _trouble;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;
    private string? _told;

    private GateMemory(GateStore store, GreylistTable book, Func<TimeSpan> retention, Action<string> trouble, TimeProvider time, string? told, PartStarter? start)
    {
        (_store, Book, _retention, _trouble, _time, _told) = (store, book, retention, trouble, time, told);
        _writing = start is null ? Task.Run(() => WriteAsync(_stop.Token)) : start("the memory of the gate", WriteAsync, _stop.Token);
    }

    /// <summary>Who was asked to come back.</summary>
    public GreylistTable Book { get; }

    /// <summary>What was decided.</summary>
    public GateCounts Counts { get; } = new();

    /// <summary>Reads what was kept; where that cannot be read, the gate begins anew.</summary>
    /// <param name="store">The file; it is closed with this.</param>
    /// <param name="options">Times and sizes of the book.</param>
    /// <param name="retention">How long counts are kept.</param>
    /// <param name="trouble">Told once when the file cannot be used.</param>
    /// <param name="time">The clock.</param>
    /// <param name="start">Owns the task that writes; null where nobody does.</param>
    /// <param name="shared">The key of greylisting that hosts have in common; null where they share nothing.</param>
    public static GateMemory Open(GateStore store, GreylistingOptions options, Func<TimeSpan> retention, Action<string> trouble, TimeProvider time, PartStarter? start = null, byte[]? shared = null)
    {
        try
        {
            var (secret, rows) = store.Load(time.GetUtcNow(), options.Most);
            return new GateMemory(store, new GreylistTable(options, secret, rows, shared), retention, trouble, time, null, start);
        }
        catch (LedgerException e)
        {
            trouble(e.Message);
            var book = new GreylistTable(options, shared: shared);
            book.KeepAll();
            return new GateMemory(store, book, retention, trouble, time, e.Message, start);
        }
    }

    /// <summary>Writes what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writing;
        Write();
        _store.Dispose();
        _stop.Dispose();
    }

    private async Task WriteAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Write() ? s_moment : s_pause, _time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end.
        }
    }

    private bool Write()
    {
        var (changes, counts) = (Book.TakeChanges(), Counts.Take());
        if (changes.IsEmpty && counts.Count == 0)
        {
            return true;
        }

        var now = _time.GetUtcNow();
        try
        {
            _store.Keep(changes, counts, now, now - _retention());
            _told = null;
            return true;
        }
        catch (LedgerException e)
        {
            Counts.Return(counts);
            Book.KeepAll();
            if (!string.Equals(_told, e.Message, StringComparison.Ordinal))
            {
                _trouble(e.Message);
            }

            _told = e.Message;
            return e.Trouble == LedgerTrouble.Corrupt;
        }
    }
}
