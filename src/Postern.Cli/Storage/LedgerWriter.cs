using Microsoft.Data.Sqlite;
using Postern.Engine.Ledger;
using Postern.Facts;

namespace Postern.Cli.Storage;

/// <summary>Writes changes; its statements are prepared once.</summary>
internal sealed class LedgerWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly long _dryRun;
    private readonly FailureStatement _failure;
    private readonly SqliteCommand _replaced;
    private readonly SqliteCommand _ban;
    private readonly SqliteCommand _ended;
    private readonly SqliteCommand _suppressed;
    private readonly SqliteCommand _day;
    private readonly SqliteCommand _hold;
    private readonly SqliteCommand _span;
    private readonly SqliteCommand _correspondent;
    private readonly SqliteCommand _allowed;
    private readonly SqliteCommand _disallowed;
    private readonly SqliteCommand _position;

    /// <summary>A writer.</summary>
    /// <param name="connection">The connection that writes.</param>
    /// <param name="isDryRun">True where what is decided is marked as a dry run's.</param>
    public LedgerWriter(SqliteConnection connection, bool isDryRun)
    {
        (_connection, _dryRun) = (connection, isDryRun ? 1 : 0);
        _failure = new FailureStatement(connection, isDryRun);
        // A ban that stands is replaced by the next one of its network and jail; one that is over stays as history.
        _replaced = connection.Statement("DELETE FROM bans WHERE first = $1 AND prefix = $2 AND jail = $3 AND until > $4 AND ended IS NULL AND dry_run = $5", 5);
        _ban = connection.Statement(
            """
            INSERT OR REPLACE INTO bans (first, prefix, jail, since, until, client, reason, failures, repetition, dry_run, host)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """, 11);
        // All that began until then: one that a kill left without its end would stand again after the next start.
        _ended = connection.Statement(
            "UPDATE bans SET ended = $4, pardoned = $5 WHERE first = $1 AND prefix = $2 AND jail = $3 AND ended IS NULL AND since <= $6 AND dry_run = $7", 7);
        _suppressed = connection.Statement(
            "INSERT INTO suppressed (client, jail, at, reason, detail, until, dry_run) VALUES ($1, $2, $3, $4, $5, $6, $7)", 7);
        _day = connection.Statement(
            "INSERT INTO days (client, day, did) VALUES ($1, $2, $3) ON CONFLICT (client, day) DO UPDATE SET did = did | excluded.did", 3);
        _hold = connection.Statement("INSERT INTO brake (reason, since, why, weak, named) VALUES ($1, $2, $3, $4, $5)", 5);
        _span = connection.Statement("INSERT OR REPLACE INTO brake_spans (reason, since, why, weak, named, begins, ends) VALUES ($1, $2, $3, $4, $5, $6, $7)", 7);
        _correspondent = connection.Statement(
            "INSERT INTO correspondents (domain, day) VALUES ($1, $2) ON CONFLICT (domain) DO UPDATE SET day = max(day, excluded.day)", 2);
        _allowed = connection.Statement(
            "INSERT INTO allowed (entry, at, until) VALUES ($1, $2, $3) ON CONFLICT (entry) DO UPDATE SET at = excluded.at, until = excluded.until", 3);
        _disallowed = connection.Statement("DELETE FROM allowed WHERE entry = $1", 1);
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
            _suppressed.With(made.Client.Bytes(), made.Jail, made.At.UtcTicks, StoredNumbers.Of(made.Reason), made.Detail, made.Until.UtcTicks, _dryRun).ExecuteNonQuery();
        }

        foreach (var day in changes.Days)
        {
            _day.With(day.Client.Bytes(), (long)day.Day.DayNumber, DayBits.Of(day)).ExecuteNonQuery();
        }

        if (changes.Holds is { } holds)
        {
            _connection.Run("DELETE FROM brake");
            foreach (var hold in holds)
            {
                _hold.With(hold.Reason, hold.Since.UtcTicks, hold.Why, hold.IsWeak ? 1L : 0L, hold.NamedOnly ? 1L : 0L).ExecuteNonQuery();
            }
        }

        if (changes.Spans is { } spans)
        {
            _connection.Run("DELETE FROM brake_spans");
            foreach (var (hold, from, until) in spans)
            {
                _span.With(hold.Reason, hold.Since.UtcTicks, hold.Why, hold.IsWeak ? 1L : 0L, hold.NamedOnly ? 1L : 0L, from.UtcTicks, until.UtcTicks).ExecuteNonQuery();
            }
        }

        if (changes.CorrespondentKey is { } key)
        {
            using var secret = _connection.Statement("INSERT OR REPLACE INTO secrets (name, value) VALUES ('correspondents', $1)", 1);
            secret.With(key).ExecuteNonQuery();
        }

        foreach (var domain in changes.Correspondents)
        {
            _correspondent.With(domain.Hash.Bytes(), (long)domain.Last.DayNumber).ExecuteNonQuery();
        }

        foreach (var allowed in changes.Allowed)
        {
            (allowed.IsRemoved ? _disallowed.With(allowed.Entry) : _allowed.With(allowed.Entry, allowed.At.UtcTicks, (object?)allowed.Until?.UtcTicks ?? DBNull.Value)).ExecuteNonQuery();
        }

        foreach (var position in changes.Positions)
        {
            _position.With(position.Source, (long)position.FileId, position.Offset, position.Cursor, (long)position.CountedFileId, position.CountedOffset).ExecuteNonQuery();
        }
    });

    public void Dispose()
    {
        _failure.Dispose();
        foreach (var command in (ReadOnlySpan<SqliteCommand>)[_replaced, _ban, _ended, _suppressed, _day, _hold, _span, _correspondent, _allowed, _disallowed, _position])
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
            foreach (var ended in changes.Ended.Where(ended => begun[(ended.Network, ended.Jail)].Any(from => ended.From is { } first ? from <= first : from < ended.At)))
            {
                Write(ended);
            }
        }
    }

    private void Write(EndedBan ended) =>
        _ended.With(ended.Network.First.Bytes(), (long)ended.Network.PrefixLength, ended.Jail, ended.At.UtcTicks, ended.IsPardon ? 1L : 0L, (ended.From ?? ended.At).UtcTicks, _dryRun).ExecuteNonQuery();

    private void Write(Ban ban)
    {
        var first = ban.Network.First.Bytes();
        _replaced.With(first, (long)ban.Network.PrefixLength, ban.Jail, ban.From.UtcTicks, _dryRun).ExecuteNonQuery();
        _ban.With(first, (long)ban.Network.PrefixLength, ban.Jail, ban.From.UtcTicks, ban.Until.UtcTicks, ban.Client.Bytes(), ban.Reason,
            (long)ban.Failures, (long)ban.Repetition, _dryRun, ban.Host).ExecuteNonQuery();
    }
}
