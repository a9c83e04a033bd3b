using System.Globalization;
using Microsoft.Data.Sqlite;
using Postern.Engine.Ledger;

namespace Postern.Cli.Storage;

/// <summary>
/// The tables, as steps from one version to the next; the version is SQLite's user_version. What is in them stands in
/// docs/decisions/database.md. A step that was released is never changed: a new one is added.
/// </summary>
internal static class LedgerSchema
{
    /// <summary>The steps, the first from an empty file.</summary>
    public static IReadOnlyList<string> Steps { get; } =
    [
        """
        CREATE TABLE failures (
            seq INTEGER PRIMARY KEY, id INTEGER NOT NULL, client BLOB NOT NULL, jail TEXT NOT NULL, at INTEGER NOT NULL,
            zone INTEGER NOT NULL, behaviours INTEGER NOT NULL, traits INTEGER NOT NULL, count INTEGER NOT NULL, variety INTEGER NOT NULL,
            source TEXT NOT NULL, lines BLOB NOT NULL) STRICT;
        CREATE UNIQUE INDEX failures_by_client ON failures (client, id, jail);
        CREATE INDEX failures_by_time ON failures (at);

        CREATE TABLE bans (
            first BLOB NOT NULL, prefix INTEGER NOT NULL, jail TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
            client BLOB NOT NULL, reason TEXT NOT NULL, failures INTEGER NOT NULL, repetition INTEGER NOT NULL,
            ended INTEGER, pardoned INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (first, prefix, jail, since)) STRICT, WITHOUT ROWID;
        CREATE INDEX bans_by_end ON bans (until);

        CREATE TABLE suppressed (
            seq INTEGER PRIMARY KEY, client BLOB NOT NULL, jail TEXT NOT NULL, at INTEGER NOT NULL, reason INTEGER NOT NULL,
            detail TEXT NOT NULL, until INTEGER NOT NULL) STRICT;
        CREATE INDEX suppressed_by_client ON suppressed (client, at);
        CREATE INDEX suppressed_by_time ON suppressed (at);

        CREATE TABLE days (
            client BLOB NOT NULL, day INTEGER NOT NULL, did INTEGER NOT NULL, PRIMARY KEY (client, day)) STRICT, WITHOUT ROWID;
        CREATE INDEX days_by_day ON days (day);

        CREATE TABLE allowed (
            entry TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE positions (
            source TEXT NOT NULL PRIMARY KEY, file INTEGER NOT NULL, offset INTEGER NOT NULL, cursor TEXT,
            counted_file INTEGER NOT NULL, counted_offset INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """,
        // A day counted as hostile (2) for anything that weighed; what it means now cannot be told from that.
        """
        ALTER TABLE failures ADD COLUMN dry_run INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE bans ADD COLUMN dry_run INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE suppressed ADD COLUMN dry_run INTEGER NOT NULL DEFAULT 0;
        UPDATE days SET did = did & ~2;
        UPDATE failures SET jail = 'fail2ban/' || jail WHERE jail <> '';
        UPDATE bans SET jail = 'fail2ban/' || jail WHERE reason LIKE '% failures by fail2ban''s filter';

        CREATE TABLE brake (
            reason TEXT NOT NULL PRIMARY KEY, since INTEGER NOT NULL, why TEXT NOT NULL, weak INTEGER NOT NULL, named INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE correspondents (
            domain BLOB NOT NULL PRIMARY KEY, day INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX correspondents_by_day ON correspondents (day);

        CREATE TABLE secrets (
            name TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO secrets (name, value) VALUES ('correspondents', randomblob(32));
        """,
        // Until when; NULL for good.
        """
        ALTER TABLE allowed ADD COLUMN until INTEGER;
        """,
        """
        CREATE TABLE brake_spans (
            reason TEXT NOT NULL, since INTEGER NOT NULL, why TEXT NOT NULL, weak INTEGER NOT NULL, named INTEGER NOT NULL,
            begins INTEGER NOT NULL, ends INTEGER NOT NULL, PRIMARY KEY (reason, since)) STRICT, WITHOUT ROWID;
        """,
        // The other host that decided a ban; NULL for this one.
        """
        ALTER TABLE bans ADD COLUMN host TEXT;
        """,
    ];

    /// <summary>Brings a file to the last version, each step whole or not at all.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="path">The file, for the message.</param>
    /// <param name="steps">The steps.</param>
    /// <exception cref="LedgerException">A later release wrote the file.</exception>
    /// <exception cref="InvalidOperationException">The file holds tables that are not ours.</exception>
    public static void Migrate(SqliteConnection connection, string path, IReadOnlyList<string> steps)
    {
        var version = connection.Number("PRAGMA user_version");
        if (version > steps.Count || version < 0)
        {
            throw new LedgerException(LedgerTrouble.Newer, string.Create(CultureInfo.InvariantCulture,
                $"{path}: the ledger is of version {version}, and this program knows {steps.Count}; use the later program that wrote it, or move the file away"));
        }

        if (version == 0 && connection.Number("SELECT count(*) FROM sqlite_schema") > 0)
        {
            throw new InvalidOperationException("The file holds tables of another program.");
        }

        for (var next = (int)version; next < steps.Count; next++)
        {
            connection.InTransaction(() =>
            {
                connection.Run(steps[next]);
                connection.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {next + 1}"));
            });
        }
    }
}
