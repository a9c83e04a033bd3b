using Microsoft.Data.Sqlite;
using Postern.Engine.Ledger;

namespace Postern.Cli.Storage;

/// <summary>
/// How much there was of what, by minute, hour and day (UTC), in an SQLite file of its own: nothing of it is worth that a ban waits for it.
/// Bounded: minutes are kept 2 days, hours 62 days, days 800 days, each for 200 series at most. A broken file is set aside and a new
/// one made; every other trouble is a <see cref="LedgerException"/>. For several threads.
/// </summary>
/// <param name="path">The file, absolute.</param>
/// <param name="clock">The clock, for the name of a file set aside.</param>
internal sealed class HistoryStore(string path, TimeProvider clock) : IDisposable
{
    private const int MostSeries = 200;

    // Seconds of a step, and how many steps are kept.
    private static readonly (long Step, long Kept)[] s_steps = [(60, 2 * 1440), (3600, 62 * 24), (86_400, 800)];

    private static readonly string[] s_tables =
    [
        """
        CREATE TABLE series (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE points (
            step INTEGER NOT NULL, at INTEGER NOT NULL, series INTEGER NOT NULL, number INTEGER NOT NULL,
            PRIMARY KEY (step, at, series)) STRICT, WITHOUT ROWID;
        """,
    ];

    private readonly Lock _lock = new();
    private SqliteConnection? _connection;

    /// <summary>The file's name in the state folder.</summary>
    public static string FileName => "history.sqlite";

    /// <summary>Adds what there was at a time, and drops what is too old.</summary>
    /// <param name="at">The time.</param>
    /// <param name="sums">What is added up.</param>
    /// <param name="peaks">That of which the highest counts.</param>
    /// <exception cref="LedgerException">Nothing of it was kept.</exception>
    public void Add(DateTimeOffset at, IEnumerable<KeyValuePair<string, long>> sums, IEnumerable<KeyValuePair<string, long>> peaks) => Guarded(connection =>
    {
        connection.InTransaction(() =>
        {
            using var sum = connection.Statement("INSERT INTO points VALUES ($1, $2, $3, $4) ON CONFLICT DO UPDATE SET number = number + excluded.number", 4);
            using var peak = connection.Statement("INSERT INTO points VALUES ($1, $2, $3, $4) ON CONFLICT DO UPDATE SET number = max(number, excluded.number)", 4);
            foreach (var (name, number) in sums)
            {
                Put(connection, sum, at, name, number);
            }

            foreach (var (name, number) in peaks)
            {
                Put(connection, peak, at, name, number);
            }

            using var drop = connection.Statement("DELETE FROM points WHERE step = $1 AND at < $2", 2);
            foreach (var (step, kept) in s_steps)
            {
                drop.With(step, (at.ToUnixTimeSeconds() / step) - kept).ExecuteNonQuery();
            }
        });
        return true;
    });

    /// <summary>The numbers of the steps from a time up to another.</summary>
    /// <param name="step">60, 3600 or 86400 seconds.</param>
    /// <param name="from">From the step of this time on.</param>
    /// <param name="to">Before the step of this time.</param>
    /// <returns>Each number with the start of its step in seconds since 1970; steps in which there was nothing are missing.</returns>
    /// <exception cref="LedgerException">The file cannot be read now.</exception>
    public IReadOnlyList<(string Name, long At, long Number)> Read(long step, DateTimeOffset from, DateTimeOffset to) => Guarded(connection =>
    {
        var names = Names(connection);
        using var command = connection.Statement("SELECT series, at, number FROM points WHERE step = $1 AND at >= $2 AND at < $3", 3)
            .With(step, from.ToUnixTimeSeconds() / step, to.ToUnixTimeSeconds() / step);
        using var reader = command.ExecuteReader();
        var rows = new List<(string, long, long)>();
        while (reader.Read())
        {
            rows.Add((names[reader.GetInt64(0)], reader.GetInt64(1) * step, reader.GetInt64(2)));
        }

        return rows;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            Close();
        }
    }

    private static Dictionary<long, string> Names(SqliteConnection connection)
    {
        using var command = connection.Statement("SELECT id, name FROM series", 0);
        using var reader = command.ExecuteReader();
        var names = new Dictionary<long, string>();
        while (reader.Read())
        {
            names[reader.GetInt64(0)] = reader.GetString(1);
        }

        return names;
    }

    private static void Put(SqliteConnection connection, SqliteCommand statement, DateTimeOffset at, string name, long number)
    {
        if (IdOf(connection, name) is not { } id)
        {
            return;
        }

        foreach (var (step, _) in s_steps)
        {
            statement.With(step, at.ToUnixTimeSeconds() / step, id, number).ExecuteNonQuery();
        }
    }

    // Names come from the program; the bound holds whatever a later release may write.
    private static long? IdOf(SqliteConnection connection, string name)
    {
        using var find = connection.Statement("SELECT id FROM series WHERE name = $1", 1);
        if (find.With(name).ExecuteScalar() is long known)
        {
            return known;
        }

        if (connection.Number("SELECT count(*) FROM series") >= MostSeries)
        {
            return null;
        }

        using var add = connection.Statement("INSERT INTO series (name) VALUES ($1) RETURNING id", 1);
        return (long)add.With(name).ExecuteScalar()!;
    }

    private T Guarded<T>(Func<SqliteConnection, T> work)
    {
        lock (_lock)
        {
            try
            {
                return work(_connection ??= Open());
            }
            catch (Exception error) when (LedgerErrors.IsBroken(error))
            {
                Close();
                throw new LedgerException(LedgerTrouble.Corrupt, $"{path}: the history for the plots was broken; it is set aside as {LedgerFiles.SetAside(path, clock.GetUtcNow())}, and a new one is made", error);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                Close();
                throw LedgerErrors.Say(error, path);
            }
        }
    }

    // A minute's numbers are few: a small cache does.
    private SqliteConnection Open()
    {
        var connection = LedgerConnection.OpenWriter(path, s_tables);
        connection.Run("PRAGMA cache_size = -256");
        return connection;
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
