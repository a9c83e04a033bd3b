using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Postern.Cli.Storage;

/// <summary>Drops what is old and what is too much, in small steps between which the ledger may be written.</summary>
/// <param name="connection">The connection that writes.</param>
/// <param name="options">How much is kept.</param>
internal sealed class LedgerPruner(SqliteConnection connection, LedgerOptions options)
{
    private const int Step = 2_000;
    private const int FreePagesKept = 2_000;

    /// <summary>Does one step.</summary>
    /// <returns>False where nothing is left to do.</returns>
    public bool TakeStep(DateTimeOffset now)
    {
        var gone = Old(now);
        return (gone > 0 ? gone : TooMany(now)) > 0 || Shrink();
    }

    private int Old(DateTimeOffset now)
    {
        var gone = Drop("failures", "seq", "at", now.UtcTicks - options.Failures.Ticks, Step);
        gone += Drop("suppressed", "seq", "at", now.UtcTicks - options.Suppressed.Ticks, Step);
        gone += Drop("days", "client, day", "day", DayOf(now - options.Days), Step);
        gone += Drop("correspondents", "domain", "day", DayOf(now - options.Correspondents), Step);
        return gone + Drop("bans", "first, prefix, jail, since", "until", now.UtcTicks - options.Bans.Ticks, Step);
    }

    private int TooMany(DateTimeOffset now)
    {
        var gone = Excess("failures", options.MostFailures) is > 0 and var failures ? Drop("failures", "seq", "at", long.MaxValue, failures) : 0;
        gone += Excess("suppressed", options.MostSuppressed) is > 0 and var made ? Drop("suppressed", "seq", "at", long.MaxValue, made) : 0;
        if (connection.Number("SELECT count(*) FROM correspondents") - options.MostCorrespondents is > 0 and var domains)
        {
            gone += Drop("correspondents", "domain", "day", long.MaxValue, Math.Min(domains, Step));
        }

        if (connection.Number("SELECT count(*) FROM bans") - options.MostBans is > 0 and var bans)
        {
            gone += Drop("bans", "first, prefix, jail, since", "until", now.UtcTicks, Math.Min(bans, Step));
        }

        var used = (connection.Number("PRAGMA page_count") - connection.Number("PRAGMA freelist_count")) * connection.Number("PRAGMA page_size");
        return used > options.MostBytes ? gone + Drop("failures", "seq", "at", long.MaxValue, Step) : gone;
    }

    private static int DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime).DayNumber;

    // Numbers without gaps bound the count from above, and cost nothing to look up.
    private long Excess(string table, long most) =>
        connection.Number($"SELECT max(seq) - min(seq) + 1 FROM {table}") <= most
            ? 0 : Math.Min(connection.Number($"SELECT count(*) FROM {table}") - most, Step);

    // What an attack made large is given back to the disk, but for what the next day will need again.
    private bool Shrink()
    {
        var free = connection.Number("PRAGMA freelist_count");
        if (free <= FreePagesKept)
        {
            return false;
        }

        using (var command = connection.CreateCommand())
        {
            command.CommandText = string.Create(CultureInfo.InvariantCulture, $"PRAGMA incremental_vacuum({Step})");
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                // Each row is a page given back.
            }
        }

        return connection.Number("PRAGMA freelist_count") < free;
    }

    private int Drop(string table, string key, string time, long before, long most)
    {
        using var command = connection.Statement(
            $"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {time} < $1 ORDER BY {time} LIMIT $2)", 2);
        return command.With(before, most).ExecuteNonQuery();
    }
}
