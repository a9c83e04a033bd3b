using Microsoft.Data.Sqlite;
using Postern.Facts;

namespace Postern.Cli.Storage;

/// <summary>Writes changes; its statements are prepared once.</summary>
internal sealed class LedgerWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly FailureStatement _failure;
    private readonly SqliteCommand _replaced;
    private readonly SqliteCommand _ban;
    private readonly SqliteCommand _ended;
    private readonly SqliteCommand _suppressed;
    private readonly SqliteCommand _day;
    private readonly SqliteCommand _allowed;
    private readonly SqliteCommand _position;

    public LedgerWriter(SqliteConnection connection)
    {
        _connection = connection;
        _failure = new FailureStatement(connection);
        // A ban that stands is replaced by the next one of its network and jail; one that is over stays as history.
        _replaced = connection.Statement("DELETE FROM bans WHERE first = $1 AND prefix = $2 AND jail = $3 AND until > $4 AND ended IS NULL", 4);
        _ban = connection.Statement(
            """
            INSERT OR REPLACE INTO bans (first, prefix, jail, since, until, client, reason, failures, repetition)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """, 9);
        // Only the last one: earlier ones have their end.
        _ended = connection.Statement(
            """
            UPDATE bans SET ended = $4, pardoned = $5 WHERE first = $1 AND prefix = $2 AND jail = $3 AND ended IS NULL
                AND since = (SELECT max(since) FROM bans WHERE first = $1 AND prefix = $2 AND jail = $3)
            """, 5);
        _suppressed = connection.Statement(
            "INSERT INTO suppressed (client, jail, at, reason, detail, until) VALUES ($1, $2, $3, $4, $5, $6)", 6);
        _day = connection.Statement(
            "INSERT INTO days (client, day, did) VALUES ($1, $2, $3) ON CONFLICT (client, day) DO UPDATE SET did = did | excluded.did", 3);
        _allowed = connection.Statement(
            "INSERT INTO allowed (entry, at) VALUES ($1, $2) ON CONFLICT (entry) DO UPDATE SET at = excluded.at", 2);
        _position = connection.Statement("INSERT OR REPLACE INTO positions VALUES ($1, $2, $3, $4, $5, $6)", 6);
    }

    /// <summary>Writes all changes in one transaction.</summary>
    public void Write(LedgerChanges changes) => _connection.InTransaction(() =>
    {
        // By client, so that those of one page of the index come together.
        foreach (var failure in changes.Failures.OrderBy(static failure => failure.Client))
        {
            _failure.Write(failure);
        }

        WriteBans(changes);

        foreach (var made in changes.Suppressed)
        {
            _suppressed.With(made.Client.Bytes(), made.Jail, made.At.UtcTicks, (long)made.Reason, made.Detail, made.Until.UtcTicks).ExecuteNonQuery();
        }

        foreach (var day in changes.Days)
        {
            _day.With(day.Client.Bytes(), (long)day.Day.DayNumber, DayBits.Of(day)).ExecuteNonQuery();
        }

        foreach (var allowed in changes.Allowed)
        {
            _allowed.With(allowed.Entry, allowed.At.UtcTicks).ExecuteNonQuery();
        }

        foreach (var position in changes.Positions)
        {
            _position.With(position.Source, (long)position.FileId, position.Offset, position.Cursor, (long)position.CountedFileId, position.CountedOffset).ExecuteNonQuery();
        }
    });

    public void Dispose()
    {
        _failure.Dispose();
        foreach (var command in (ReadOnlySpan<SqliteCommand>)[_replaced, _ban, _ended, _suppressed, _day, _allowed, _position])
        {
            command.Dispose();
        }
    }

    // Bans end before new ones begin, but for those that began and ended since the last commit.
    private void WriteBans(LedgerChanges changes)
    {
        foreach (var ended in changes.Ended)
        {
            Write(ended);
        }

        foreach (var ban in changes.Bans)
        {
            Write(ban);
        }

        if (changes.Bans.Count > 0 && changes.Ended.Count > 0)
        {
            var begun = changes.Bans.ToLookup(static ban => (ban.Network, ban.Jail), static ban => ban.From);
            foreach (var ended in changes.Ended.Where(ended => begun[(ended.Network, ended.Jail)].Any(from => from < ended.At)))
            {
                Write(ended);
            }
        }
    }

    private void Write(EndedBan ended) =>
        _ended.With(ended.Network.First.Bytes(), (long)ended.Network.PrefixLength, ended.Jail, ended.At.UtcTicks, ended.IsPardon ? 1L : 0L).ExecuteNonQuery();

    private void Write(Ban ban)
    {
        var first = ban.Network.First.Bytes();
        _replaced.With(first, (long)ban.Network.PrefixLength, ban.Jail, ban.From.UtcTicks).ExecuteNonQuery();
        _ban.With(first, (long)ban.Network.PrefixLength, ban.Jail, ban.From.UtcTicks, ban.Until.UtcTicks, ban.Client.Bytes(), ban.Reason,
            (long)ban.Failures, (long)ban.Repetition).ExecuteNonQuery();
    }
}
