using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Postern.Cli.Storage;

/// <summary>A ban in fail2ban's database.</summary>
/// <param name="Jail">Its jail.</param>
/// <param name="Id">Whom it bans, as fail2ban writes it: mostly an address.</param>
/// <param name="From">Since when.</param>
/// <param name="Seconds">How long, in seconds; below zero for ever, null where this version of the database does not tell.</param>
/// <param name="Count">The how-manieth ban it is.</param>
internal sealed record Fail2BanRow(string Jail, string Id, DateTimeOffset From, long? Seconds, int Count);

/// <summary>What fail2ban's database holds.</summary>
/// <param name="Rows">The last ban of each jail and client.</param>
/// <param name="WasLocked">True where it was read without waiting for its lock, which somebody held.</param>
internal sealed record Fail2BanRecords(IReadOnlyList<Fail2BanRow> Rows, bool WasLocked);

/// <summary>Reads fail2ban's database. Never writes to it, nor holds up its owner.</summary>
internal static class Fail2BanDatabase
{
    private const int PatienceMilliseconds = 2000;

    /// <summary>Reads it.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its bans, or why they cannot be read, in SQLite's words.</returns>
    public static (Fail2BanRecords? Records, string? Failure) Read(string path)
    {
        try
        {
            return (new Fail2BanRecords(Rows(path, ""), WasLocked: false), null);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
        {
            return ReadUnlocked(path);
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException or FormatException or ArgumentOutOfRangeException or InvalidCastException)
        {
            return (null, e.Message);
        }
    }

    // Whoever holds the lock may be about to write: what is read then is checked, and told.
    private static (Fail2BanRecords? Records, string? Failure) ReadUnlocked(string path)
    {
        try
        {
            return (new Fail2BanRecords(Rows(path, "?immutable=1"), WasLocked: true), null);
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException or FormatException or ArgumentOutOfRangeException or InvalidCastException)
        {
            return (null, e.Message);
        }
    }

    private static List<Fail2BanRow> Rows(string path, string query)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = new Uri(Path.GetFullPath(path)).AbsoluteUri + query, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 1 };
        using var connection = new SqliteConnection(settings.ToString());
        connection.Open();
        connection.Run($"PRAGMA busy_timeout = {PatienceMilliseconds}");
        connection.Run("PRAGMA query_only = ON");
        connection.Run("PRAGMA trusted_schema = OFF");
        // Since 0.11 the last ban of each client stands in a table of its own; before, all bans stand in one, without their length.
        var table = Columns(connection, "bips").Count > 0 ? "bips" : "bans";
        var columns = Columns(connection, table);
        if (!columns.IsSupersetOf(["jail", "ip", "timeofban"]))
        {
            throw new InvalidOperationException("it has no table of bans");
        }

        var (length, count) = (columns.Contains("bantime") ? "bantime" : "NULL", columns.Contains("bancount") ? "bancount" : "1");
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT jail, ip, max(timeofban), {length}, {(table is "bips" ? count : "count(*)")} FROM {table} WHERE ip IS NOT NULL GROUP BY jail, ip ORDER BY jail, ip";
        using var reader = command.ExecuteReader();
        var rows = new List<Fail2BanRow>();
        while (reader.Read())
        {
            rows.Add(new Fail2BanRow(
                reader.GetString(0), reader.GetString(1), DateTimeOffset.FromUnixTimeSeconds((long)reader.GetDouble(2)),
                reader.IsDBNull(3) ? null : (long)reader.GetDouble(3), (int)Math.Clamp(reader.GetInt64(4), 1, 1_000_000)));
        }

        return rows;
    }

    private static HashSet<string> Columns(SqliteConnection connection, string table)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM pragma_table_info($1)";
        command.Parameters.AddWithValue("$1", table);
        using var reader = command.ExecuteReader();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }
}
