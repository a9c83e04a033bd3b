using Microsoft.Data.Sqlite;
using Postern.Engine.Ledger;

namespace Postern.Cli.Storage;

/// <summary>
/// What sharing must remember beyond a restart, in an SQLite file of its own: changes that are not published yet, the last of each subject; what is
/// known of the ends of bans, of vetoes and of allow entries, which a server that is back with data from before must not undo; and how far the memory of all hosts was read. Every trouble is a <see cref="LedgerException"/>. For several at once.
/// </summary>
/// <param name="path">The file, absolute.</param>
internal sealed class SharingStore(string path) : IDisposable
{
    /// <summary>No more changes wait; the oldest go first.</summary>
    public const int Most = 100_000;

    private static readonly string[] s_steps =
    [
        """
        CREATE TABLE waiting (subject BLOB NOT NULL PRIMARY KEY, seq INTEGER NOT NULL, clock INTEGER NOT NULL, record BLOB NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX waiting_by_seq ON waiting (seq);
        CREATE TABLE places (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        """,
        """
        CREATE TABLE known (subject BLOB NOT NULL PRIMARY KEY, keep INTEGER NOT NULL, record BLOB NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX known_by_keep ON known (keep);
        """,
    ];

    private readonly Lock _lock = new();
    private SqliteConnection? _connection;
    private long _next;

    /// <summary>The file's name in the state folder.</summary>
    public static string FileName => "sharing.sqlite";

    /// <summary>Keeps changes until they are published.</summary>
    /// <param name="changes">Subjects and records.</param>
    /// <param name="isServerTime">True where their times are the server's, false where they are this host's.</param>
    /// <exception cref="LedgerException">None was kept.</exception>
    public void Keep(IReadOnlyList<(byte[] Subject, byte[] Record)> changes, bool isServerTime) => Guarded(connection =>
    {
        connection.InTransaction(() =>
        {
            using var put = connection.Statement("INSERT OR REPLACE INTO waiting (subject, seq, clock, record) VALUES ($1, $2, $3, $4)", 4);
            foreach (var (subject, record) in changes)
            {
                put.With(subject, _next++, isServerTime ? 1L : 0L, record).ExecuteNonQuery();
            }

            using var drop = connection.Statement("DELETE FROM waiting WHERE seq <= $1", 1);
            drop.With(_next - Most).ExecuteNonQuery();
        });
        return true;
    });

    /// <summary>The changes that wait, the oldest first.</summary>
    /// <exception cref="LedgerException">They cannot be read.</exception>
    public IReadOnlyList<(byte[] Record, bool IsServerTime)> Waiting() => Guarded(static connection =>
    {
        var waiting = new List<(byte[], bool)>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT record, clock FROM waiting ORDER BY seq";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            waiting.Add((reader.Blob(0), reader.GetInt64(1) != 0));
        }

        return waiting;
    });

    /// <summary>Forgets changes that were published, where no later one of the same subject waits.</summary>
    /// <exception cref="LedgerException">None was forgotten.</exception>
    public void Forget(IReadOnlyList<(byte[] Subject, byte[] Record)> changes) => Guarded(connection =>
    {
        connection.InTransaction(() =>
        {
            using var drop = connection.Statement("DELETE FROM waiting WHERE subject = $1 AND (record = $2 OR clock = 0)", 2);
            foreach (var (subject, record) in changes)
            {
                drop.With(subject, record).ExecuteNonQuery();
            }
        });
        return true;
    });

    /// <summary>Keeps what is known until a time; of each subject what has the highest rank.</summary>
    /// <param name="changes">Subjects, until when, in milliseconds since 1970, and records.</param>
    /// <exception cref="LedgerException">None was kept.</exception>
    public void Know(IReadOnlyList<(byte[] Subject, long Keep, byte[] Record)> changes) => Guarded(connection =>
    {
        connection.InTransaction(() =>
        {
            // The rank stands behind the version and the kind.
            using var put = connection.Statement(
                """
                INSERT INTO known (subject, keep, record) VALUES ($1, $2, $3) ON CONFLICT (subject) DO UPDATE SET keep = max(keep, excluded.keep),
                record = CASE WHEN substr(excluded.record, 3, 8) >= substr(record, 3, 8) THEN excluded.record ELSE record END
                """, 3);
            foreach (var (subject, keep, record) in changes)
            {
                put.With(subject, keep, record).ExecuteNonQuery();
            }
        });
        return true;
    });

    /// <summary>Forgets what is known no longer, and of more than there is room for what ends first.</summary>
    /// <param name="now">The time, in milliseconds since 1970.</param>
    /// <exception cref="LedgerException">None was forgotten.</exception>
    public void Forget(long now) => Guarded(connection =>
    {
        connection.InTransaction(() =>
        {
            using var old = connection.Statement("DELETE FROM known WHERE keep <= $1", 1);
            old.With(now).ExecuteNonQuery();
            using var most = connection.Statement("DELETE FROM known WHERE subject IN (SELECT subject FROM known ORDER BY keep LIMIT max(0, (SELECT count(*) FROM known) - $1))", 1);
            most.With((long)Most).ExecuteNonQuery();
        });
        return true;
    });

    /// <summary>What is known.</summary>
    /// <exception cref="LedgerException">It cannot be read.</exception>
    public IReadOnlyList<byte[]> Known() => Guarded(static connection =>
    {
        var known = new List<byte[]>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT record FROM known";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            known.Add(reader.Blob(0));
        }

        return known;
    });

    /// <summary>A place that was kept; null where none was.</summary>
    /// <exception cref="LedgerException">It cannot be read.</exception>
    public string? Place(string name) => Guarded(connection =>
    {
        using var command = connection.Statement("SELECT value FROM places WHERE name = $1", 1);
        return command.With(name).ExecuteScalar() as string;
    });

    /// <summary>Keeps places.</summary>
    /// <exception cref="LedgerException">None was kept.</exception>
    public void Keep(params IReadOnlyList<(string Name, string Value)> places) => Guarded(connection =>
    {
        connection.InTransaction(() =>
        {
            using var put = connection.Statement("INSERT OR REPLACE INTO places (name, value) VALUES ($1, $2)", 2);
            foreach (var (name, value) in places)
            {
                put.With(name, value).ExecuteNonQuery();
            }
        });
        return true;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            Close();
        }
    }

    private T Guarded<T>(Func<SqliteConnection, T> work)
    {
        lock (_lock)
        {
            try
            {
                if (_connection is null)
                {
                    _connection = LedgerConnection.OpenWriter(path, s_steps);
                    _next = _connection.Number("SELECT coalesce(max(seq), 0) FROM waiting") + 1;
                }

                return work(_connection);
            }
            catch (Exception error) when (LedgerErrors.IsBroken(error))
            {
                // What waited is lost with it; what is banned stands in the other file.
                Close();
                throw new LedgerException(LedgerTrouble.Corrupt, $"{path}: the file was broken; it is set aside as {LedgerFiles.SetAside(path, TimeProvider.System.GetUtcNow())}", error);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                Close();
                throw LedgerErrors.Say(error, path);
            }
        }
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
