using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using Postern.Facts;
using SQLitePCL;

namespace Postern.Cli.Storage;

/// <summary>
/// Keeps a failure. It alone binds its values by SQLite's own calls: a burst brings thousands at once, and the framework's
/// parameters would cost as much again as SQLite itself.
/// </summary>
internal sealed class FailureStatement : IDisposable
{
    private const string Sql =
        """
        INSERT INTO failures (id, client, jail, at, zone, behaviours, traits, count, source, lines, variety, dry_run)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        ON CONFLICT (client, id, jail) DO UPDATE SET at = excluded.at, zone = excluded.zone, behaviours = excluded.behaviours,
            traits = excluded.traits, count = excluded.count, source = excluded.source, lines = excluded.lines, variety = excluded.variety,
            dry_run = excluded.dry_run
        """;

    private readonly bool _isDryRun;
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <summary>The statement.</summary>
    /// <param name="connection">The connection that writes.</param>
    /// <param name="isDryRun">True where what is kept is marked as a dry run's.</param>
    public FailureStatement(SqliteConnection connection, bool isDryRun)
    {
        _isDryRun = isDryRun;
        _database = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_database, Sql, out _statement), _database);
    }

    /// <summary>Keeps it, or what has become of it.</summary>
    /// <exception cref="SqliteException">SQLite refuses.</exception>
    public void Write(Failure failure)
    {
        Span<byte> client = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(client, failure.Client.High);
        BinaryPrimitives.WriteUInt64BigEndian(client[8..], failure.Client.Low);
        var mark = failure.Mark;
        var lines = failure.Lines.Span;
        raw.sqlite3_bind_int64(_statement, 1, (long)failure.Id);
        raw.sqlite3_bind_blob(_statement, 2, client);
        raw.sqlite3_bind_text(_statement, 3, failure.Jail ?? "");
        raw.sqlite3_bind_int64(_statement, 4, mark.Time.UtcTicks);
        raw.sqlite3_bind_int64(_statement, 5, mark.Time.OffsetMinutes);
        raw.sqlite3_bind_int64(_statement, 6, StoredNumbers.Of(mark.Behaviours));
        raw.sqlite3_bind_int64(_statement, 7, (long)mark.Traits);
        raw.sqlite3_bind_int64(_statement, 8, mark.Failures);
        raw.sqlite3_bind_text(_statement, 9, failure.Source);
        raw.sqlite3_bind_blob(_statement, 10, lines.Length > Failure.MostText ? lines[..Failure.MostText] : lines);
        raw.sqlite3_bind_int64(_statement, 11, failure.Variety);
        raw.sqlite3_bind_int64(_statement, 12, _isDryRun ? 1 : 0);
        var result = raw.sqlite3_step(_statement);
        // Before the statement is made ready again, which would take the error's words away.
        if (result != raw.SQLITE_DONE)
        {
            var error = Error(result);
            raw.sqlite3_reset(_statement);
            throw error;
        }

        raw.sqlite3_reset(_statement);
    }

    public void Dispose() => _statement.Dispose();

    private SqliteException Error(int result) =>
        new(raw.sqlite3_errmsg(_database).utf8_to_string(), result & 0xFF, raw.sqlite3_extended_errcode(_database));
}
