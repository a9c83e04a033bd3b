using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Postern.Cli.Storage;

/// <summary>Opens the ledger's file.</summary>
internal static class LedgerConnection
{
    // Beyond that a whole check would hold up the start; what is read is checked by reading.
    private const long MostChecked = 64L << 20;
    private const int WriterCacheKiB = 4096;
    private const int ReaderCacheKiB = 1024;

    /// <summary>The one connection that writes; makes the file where there is none, and brings its tables up to date.</summary>
    /// <param name="path">The file.</param>
    /// <param name="steps">The steps that make its tables; null for the ledger's.</param>
    public static SqliteConnection OpenWriter(string path, IReadOnlyList<string>? steps = null)
    {
        Make(path);
        var connection = Open(path, WriterCacheKiB);
        try
        {
            // Only a new file takes it; with it, what an attack made large can become small again.
            connection.Run("PRAGMA auto_vacuum = INCREMENTAL");
            connection.Run("PRAGMA journal_mode = WAL");
            // Safe against a kill at any point; a power failure may take back the last moments.
            connection.Run("PRAGMA synchronous = NORMAL");
            connection.Run("PRAGMA journal_size_limit = 33554432");
            if (new FileInfo(path).Length <= MostChecked)
            {
                Check(connection);
            }

            LedgerSchema.Migrate(connection, path, steps ?? LedgerSchema.Steps);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A connection that only reads, beside the one that writes.</summary>
    public static SqliteConnection OpenReader(string path)
    {
        var connection = Open(path, ReaderCacheKiB);
        connection.Run("PRAGMA query_only = ON");
        return connection;
    }

    private static SqliteConnection Open(string path, int cacheKiB)
    {
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 5,
        };
        var connection = new SqliteConnection(settings.ToString());
        try
        {
            connection.Open();
            connection.Run("PRAGMA busy_timeout = 5000");
            connection.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA cache_size = -{cacheKiB}"));
            connection.Run("PRAGMA mmap_size = 0");
            connection.Run("PRAGMA cell_size_check = ON");
            connection.Run("PRAGMA trusted_schema = OFF");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // The lines of a mail log are not everybody's to read.
    private static void Make(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
            }

            new FileStream(path, options).Dispose();
        }
    }

    private static void Check(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        if (command.ExecuteScalar() is not "ok")
        {
            throw new InvalidOperationException("SQLite's check of the file failed.");
        }
    }
}
