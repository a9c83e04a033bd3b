using Microsoft.Data.Sqlite;
using Postern.Engine.Ledger;
using Postern.Facts;

namespace Postern.Cli.Storage;

/// <summary>
/// The ledger in an SQLite file. It is opened when it is first used, and again after trouble: a disk that has room again
/// is used again. A broken file is set aside and a new one made; every other trouble is a <see cref="LedgerException"/>.
/// </summary>
/// <param name="path">The file, absolute.</param>
/// <param name="options">How much is kept.</param>
/// <param name="clock">The clock, for the name of a file set aside and for how long pruning takes.</param>
/// <param name="isDryRun">True where what is decided is marked as a dry run's, and only that is taken up.</param>
internal sealed class SqliteLedger(string path, LedgerOptions options, TimeProvider clock, bool isDryRun = false) : ILedger
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>The file in a state folder, absolute.</summary>
    public static string PathIn(string state) => Path.Combine(Path.GetFullPath(state), "postern.sqlite");

    // Reads do not wait for a write that is under way; who needs both takes the writer's first.
    private readonly Lock _writing = new();
    private readonly Lock _reading = new();
    private SqliteConnection? _connection;
    private SqliteConnection? _readConnection;
    private LedgerWriter? _writer;

    /// <inheritdoc/>
    /// <exception cref="LedgerException">The ledger cannot be used now.</exception>
    public LedgerState Load(DateTimeOffset now, DateTimeOffset failuresSince)
    {
        lock (_writing)
        {
            try
            {
                Open();
                return new LedgerReader(_connection!, isDryRun).Load(now, failuresSince);
            }
            catch (Exception error) when (LedgerErrors.IsBroken(error))
            {
                var aside = SetAside();
                return Guarded(() =>
                {
                    Open();
                    return new LedgerReader(_connection!, isDryRun).Load(now, failuresSince) with { SetAside = aside };
                });
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                Close();
                throw LedgerErrors.Say(error, path);
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="LedgerException">Nothing of it was kept.</exception>
    public void Commit(LedgerChanges changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (changes.IsEmpty)
        {
            return;
        }

        lock (_writing)
        {
            Write(() => _writer!.Write(changes));
        }
    }

    /// <inheritdoc/>
    /// <exception cref="LedgerException">The ledger cannot be read now.</exception>
    public IEnumerable<Failure> FailuresSince(DateTimeOffset since, BehaviourSet behaviours) => Read(reader => reader.FailuresSince(since, behaviours));

    /// <inheritdoc/>
    /// <exception cref="LedgerException">The ledger cannot be read now.</exception>
    public IReadOnlyList<Failure> FailuresOf(ClientNetwork network, int most) => Read(reader => reader.FailuresOf(network, most));

    /// <inheritdoc/>
    /// <exception cref="LedgerException">The ledger cannot be read now.</exception>
    public IReadOnlyList<Failure> FailuresWith(string? text, int most) => Read(reader => reader.FailuresWith(text, most));

    /// <inheritdoc/>
    /// <exception cref="LedgerException">The ledger cannot be read now.</exception>
    public IReadOnlyList<Ban> BansOf(ClientNetwork network, int most) => Read(reader => reader.BansOf(network, most));

    /// <inheritdoc/>
    /// <exception cref="LedgerException">The ledger cannot be read now.</exception>
    public IReadOnlyList<SuppressedBan> SuppressedOf(ClientNetwork network, int most) => Read(reader => reader.SuppressedOf(network, most));

    /// <inheritdoc/>
    /// <remarks>Works no longer than <see cref="LedgerOptions.PruneBudget"/>; what is left over is for the next call.</remarks>
    /// <exception cref="LedgerException">The ledger cannot be used now.</exception>
    public void Prune(DateTimeOffset now)
    {
        var started = clock.GetTimestamp();
        var isLeft = true;
        while (isLeft && clock.GetElapsedTime(started) < options.PruneBudget)
        {
            lock (_writing)
            {
                Write(() => isLeft = new LedgerPruner(_connection!, options).TakeStep(now));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A write that a frozen disk holds up is not waited for: the program ends.
        if (!_writing.TryEnter(s_patience))
        {
            return;
        }

        try
        {
            Close();
        }
        finally
        {
            _writing.Exit();
        }
    }

    private void Write(Action work)
    {
        try
        {
            Open();
            work();
        }
        catch (Exception error) when (LedgerErrors.IsBroken(error))
        {
            var aside = SetAside();
            throw new LedgerException(LedgerTrouble.Corrupt, $"{path}: the ledger was broken; it is set aside as {aside}, and a new one is made", error);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Close();
            throw LedgerErrors.Say(error, path);
        }
    }

    private List<T> Read<T>(Func<LedgerReader, List<T>> question)
    {
        lock (_reading)
        {
            return Guarded(() =>
            {
                try
                {
                    _readConnection ??= LedgerConnection.OpenReader(path);
                    return question(new LedgerReader(_readConnection, isDryRun));
                }
                catch
                {
                    _readConnection?.Dispose();
                    _readConnection = null;
                    throw;
                }
            });
        }
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw LedgerErrors.Say(error, path);
        }
    }

    private void Open()
    {
        if (_writer is null)
        {
            _connection = LedgerConnection.OpenWriter(path);
            _writer = new LedgerWriter(_connection, isDryRun);
        }
    }

    private string SetAside()
    {
        Close();
        return Guarded(() => LedgerFiles.SetAside(path, clock.GetUtcNow()));
    }

    private void Close()
    {
        lock (_reading)
        {
            _readConnection?.Dispose();
            _readConnection = null;
        }

        _writer?.Dispose();
        _writer = null;
        _connection?.Dispose();
        _connection = null;
    }
}
