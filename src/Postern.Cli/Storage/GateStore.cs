using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Postern.Engine.Ledger;
using Postern.Gate;

namespace Postern.Cli.Storage;

/// <summary>
/// What the gate remembers beyond a restart, in an SQLite file of its own: nothing of it is worth that a ban waits for it, or
/// breaks with it. A broken file is set aside and a new one made; every other trouble is a <see cref="LedgerException"/>. Not
/// for two at once.
/// </summary>
/// <param name="path">The file, absolute.</param>
/// <param name="clock">The clock, for the name of a file set aside.</param>
internal sealed class GateStore(string path, TimeProvider clock) : IDisposable
{
    private static readonly string[] s_steps =
    [
        """
        CREATE TABLE secret (value BLOB NOT NULL) STRICT;
        CREATE TABLE greylist (
            triplet BLOB NOT NULL PRIMARY KEY, first INTEGER NOT NULL, until INTEGER NOT NULL, known INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX greylist_by_end ON greylist (until);
        CREATE TABLE counts (
            hour INTEGER NOT NULL, service TEXT NOT NULL, verdict TEXT NOT NULL, action TEXT NOT NULL, enforced INTEGER NOT NULL, number INTEGER NOT NULL,
            PRIMARY KEY (hour, service, verdict, action, enforced)) STRICT, WITHOUT ROWID;
        """,
    ];

    private SqliteConnection? _connection;

    /// <summary>The file's name in the state folder.</summary>
    public static string FileName => "greylisting.sqlite";

    /// <summary>The key of the triplets, a new one where there is none, and those that are still remembered: the latest, so many at most.</summary>
    /// <exception cref="LedgerException">The file cannot be used now.</exception>
    public (byte[] Secret, IReadOnlyList<GreylistRow> Rows) Load(DateTimeOffset now, int most) => Guarded(connection =>
    {
        using var command = connection.Statement("SELECT triplet, first, until, known FROM greylist WHERE until > $1 ORDER BY until DESC LIMIT $2", 2).With(now.UtcTicks, (long)most);
        using var reader = command.ExecuteReader();
        List<GreylistRow> rows = [];
        while (reader.Read())
        {
            rows.Add(new(reader.Hash(0), reader.Time(1), reader.Time(2), reader.GetInt64(3) != 0));
        }

        return (Secret(connection) ?? RandomNumberGenerator.GetBytes(GreylistTable.SecretLength), rows);
    });

    /// <summary>Keeps all of it or nothing, and drops what is too old.</summary>
    /// <param name="changes">What has changed in the book.</param>
    /// <param name="counts">What was decided since the last time.</param>
    /// <param name="now">The time: its hour is that of the counts.</param>
    /// <param name="countsSince">Earlier counts go.</param>
    /// <exception cref="LedgerException">Nothing was kept. After <see cref="LedgerTrouble.Corrupt"/> there is a new file, which needs the whole book.</exception>
    public void Keep(GreylistChanges changes, IReadOnlyList<GateCount> counts, DateTimeOffset now, DateTimeOffset countsSince) => Guarded(connection =>
    {
        connection.InTransaction(() =>
        {
            if (changes.IsWhole || Secret(connection) is null)
            {
                Begin(connection, changes.Secret);
            }

            Write(connection, changes);
            Write(connection, counts, HourOf(now));
            Do(connection, "DELETE FROM greylist WHERE until <= $1", now.UtcTicks);
            Do(connection, "DELETE FROM counts WHERE hour < $1", HourOf(countsSince));
        });
        return true;
    });

    /// <summary>The counts of a file from the hour on in which that time is; empty where there is no file.</summary>
    /// <exception cref="LedgerException">The file cannot be read.</exception>
    public static IReadOnlyList<GateCountRow> ReadCounts(string path, DateTimeOffset since)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            using var connection = LedgerConnection.OpenReader(path);
            using var command = connection.Statement(
                "SELECT service, verdict, action, enforced, sum(number) FROM counts WHERE hour >= $1 GROUP BY service, verdict, action, enforced", 1).With(HourOf(since));
            using var reader = command.ExecuteReader();
            List<GateCountRow> rows = [];
            while (reader.Read())
            {
                rows.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3) != 0, reader.GetInt64(4)));
            }

            return rows;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw LedgerErrors.Say(error, path);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private static long HourOf(DateTimeOffset time) => time.UtcTicks / TimeSpan.TicksPerHour;

    private static byte[]? Secret(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT value FROM secret";
        return command.ExecuteScalar() as byte[];
    }

    private static void Begin(SqliteConnection connection, byte[] secret)
    {
        connection.Run("DELETE FROM greylist");
        connection.Run("DELETE FROM secret");
        Do(connection, "INSERT INTO secret (value) VALUES ($1)", secret);
    }

    private static void Write(SqliteConnection connection, GreylistChanges changes)
    {
        using var gone = connection.Statement("DELETE FROM greylist WHERE triplet = $1", 1);
        foreach (var triplet in changes.Gone)
        {
            gone.With(triplet.Bytes()).ExecuteNonQuery();
        }

        using var put = connection.Statement("INSERT OR REPLACE INTO greylist (triplet, first, until, known) VALUES ($1, $2, $3, $4)", 4);
        foreach (var row in changes.Rows)
        {
            put.With(row.Triplet.Bytes(), row.First.UtcTicks, row.Until.UtcTicks, row.IsKnown ? 1L : 0L).ExecuteNonQuery();
        }
    }

    private static void Write(SqliteConnection connection, IReadOnlyList<GateCount> counts, long hour)
    {
        using var add = connection.Statement(
            """
            INSERT INTO counts (hour, service, verdict, action, enforced, number) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (hour, service, verdict, action, enforced) DO UPDATE SET number = number + excluded.number
            """, 6);
        foreach (var count in counts)
        {
            add.With(hour, count.IsMilter ? "milter" : "policy", count.Finding.ToString().ToLowerInvariant(), count.Action.ToString().ToLowerInvariant(),
                count.IsEnforced ? 1L : 0L, count.Number).ExecuteNonQuery();
        }
    }

    private static void Do(SqliteConnection connection, string sql, object value)
    {
        using var command = connection.Statement(sql, 1);
        command.With(value).ExecuteNonQuery();
    }

    private T Guarded<T>(Func<SqliteConnection, T> work)
    {
        try
        {
            return work(_connection ??= LedgerConnection.OpenWriter(path, s_steps));
        }
        catch (Exception error) when (LedgerErrors.IsBroken(error))
        {
            Close();
            throw new LedgerException(LedgerTrouble.Corrupt, $"{path}: the gate's memory was broken; it is set aside as {SetAside()}, and a new one is made", error);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Close();
            throw LedgerErrors.Say(error, path);
        }
    }

    private string SetAside()
    {
        try
        {
            return LedgerFiles.SetAside(path, clock.GetUtcNow());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw LedgerErrors.Say(error, path);
        }
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }
}

/// <summary>So many decisions of a kind, in the words of the file.</summary>
/// <param name="Service"><c>policy</c> or <c>milter</c>.</param>
/// <param name="Verdict"><c>genuine</c>, <c>unproven</c>, <c>suspect</c>, <c>forged</c>, <c>banned</c>, <c>allowed</c>, <c>own</c> or <c>untested</c>.</param>
/// <param name="Action"><c>pass</c>, <c>quarantine</c>, <c>defer</c> or <c>reject</c>.</param>
/// <param name="IsEnforced">True where it was done.</param>
/// <param name="Number">How many.</param>
internal sealed record GateCountRow(string Service, string Verdict, string Action, bool IsEnforced, long Number);
