using Microsoft.Data.Sqlite;
using Postern.Engine.Ledger;

namespace Postern.Cli.Storage;

/// <summary>
/// What notifications remember beyond a restart, in an SQLite file of its own: abuse reports that were sent, and the counts of the
/// day. Opened for each use, which are few. Every trouble is a <see cref="LedgerException"/>. For several at once.
/// </summary>
/// <param name="path">The file, absolute.</param>
internal sealed class NotificationStore(string path)
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(366);

    private static readonly string[] s_steps =
    [
        """
        CREATE TABLE reports (client TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX reports_by_time ON reports (at);
        CREATE TABLE counts (name TEXT NOT NULL PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """,
    ];

    private readonly Lock _lock = new();

    /// <summary>The file's name in the state folder.</summary>
    public static string FileName => "notifications.sqlite";

    /// <summary>Notes a report before it is sent.</summary>
    /// <param name="client">Whom it is about.</param>
    /// <param name="now">The time.</param>
    /// <param name="interval">The least time between two about one.</param>
    /// <param name="mostPerDay">So many reports a day at most.</param>
    /// <returns>False where it must not be sent.</returns>
    /// <exception cref="LedgerException">It could not be noted.</exception>
    public bool TryClaim(string client, DateTimeOffset now, TimeSpan interval, int mostPerDay) => Guarded(connection =>
    {
        // What is noted holds even when the power fails.
        connection.Run("PRAGMA synchronous = FULL");
        var isFree = false;
        connection.InTransaction(() =>
        {
            isFree = Ask(connection, "SELECT count(*) FROM reports WHERE client = $1 AND at > $2", client, (now - interval).UtcTicks) == 0
                && Ask(connection, "SELECT count(*) FROM reports WHERE at > $1", now.AddDays(-1).UtcTicks) < mostPerDay;
            if (!isFree)
            {
                return;
            }

            Ask(connection, "DELETE FROM reports WHERE at < $1", (now - s_longest).UtcTicks);
            Ask(connection, "INSERT OR REPLACE INTO reports (client, at) VALUES ($1, $2)", client, now.UtcTicks);
        });
        return isFree;
    });

    /// <summary>The counts that were kept.</summary>
    /// <exception cref="LedgerException">They cannot be read.</exception>
    public IReadOnlyDictionary<string, long> LoadCounts() => Guarded(static connection =>
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, number FROM counts";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            counts[reader.GetString(0)] = reader.GetInt64(1);
        }

        return counts;
    });

    /// <summary>Keeps these counts and no others.</summary>
    /// <exception cref="LedgerException">They cannot be kept; the old ones stay.</exception>
    public void SaveCounts(IReadOnlyDictionary<string, long> counts) => Guarded(connection =>
    {
        connection.InTransaction(() =>
        {
            connection.Run("DELETE FROM counts");
            using var put = connection.Statement("INSERT INTO counts (name, number) VALUES ($1, $2)", 2);
            foreach (var (name, number) in counts)
            {
                put.With(name, number).ExecuteNonQuery();
            }
        });
        return true;
    });

    private static long Ask(SqliteConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        using var command = connection.Statement(sql, values.Length);
        return command.With(values).ExecuteScalar() is long number ? number : 0;
    }

    private T Guarded<T>(Func<SqliteConnection, T> work)
    {
        lock (_lock)
        {
            try
            {
                using var connection = LedgerConnection.OpenWriter(path, s_steps);
                return work(connection);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // A broken file stays as it is: a new one would forget what was sent.
                throw LedgerErrors.Say(error, path);
            }
        }
    }
}
