using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using Postern.Facts;
using SQLitePCL;

namespace Postern.Cli.Storage;

/// <summary>Short words for calls of SQLite.</summary>
internal static class SqliteCalls
{
    /// <summary>Runs statements without a result.</summary>
    public static void Run(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The first value of a question, a number.</summary>
    public static long Number(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is long number ? number : 0;
    }

    /// <summary>All of the work or none of it.</summary>
    public static void InTransaction(this SqliteConnection connection, Action work)
    {
        connection.Run("BEGIN IMMEDIATE");
        try
        {
            work();
            connection.Run("COMMIT");
        }
        catch
        {
            // SQLite has rolled back on its own after a full disk and the like.
            if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
            {
                raw.sqlite3_exec(connection.Handle, "ROLLBACK");
            }

            throw;
        }
    }

    /// <summary>A statement to be used again and again, with parameters $1 and so on.</summary>
    public static SqliteCommand Statement(this SqliteConnection connection, string sql, int parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 1; i <= parameters; i++)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        }

        command.Prepare();
        return command;
    }

    /// <summary>Sets the parameters in their order.</summary>
    public static SqliteCommand With(this SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }

    /// <summary>An address as it is kept: 16 bytes, whose order is that of the addresses.</summary>
    public static byte[] Bytes(this ClientAddress address)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, address.High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), address.Low);
        return bytes;
    }

    /// <summary>A hash as it is kept: 16 bytes.</summary>
    public static byte[] Bytes(this UInt128 hash)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, hash);
        return bytes;
    }

    /// <summary>The hash in a column.</summary>
    /// <exception cref="FormatException">The column holds none.</exception>
    public static UInt128 Hash(this SqliteDataReader reader, int column)
    {
        var bytes = raw.sqlite3_column_blob(reader.Handle!, column);
        return bytes.Length == 16 ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : throw new FormatException("A hash has 16 bytes.");
    }

    /// <summary>The address in a column.</summary>
    /// <exception cref="FormatException">The column holds none.</exception>
    public static ClientAddress Address(this SqliteDataReader reader, int column)
    {
        // Straight from SQLite's page: a start reads a million of them.
        var bytes = raw.sqlite3_column_blob(reader.Handle!, column);
        return bytes.Length == 16
            ? new ClientAddress(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]))
            : throw new FormatException("An address has 16 bytes.");
    }

    /// <summary>The network in two columns, address and prefix length.</summary>
    /// <exception cref="FormatException">The columns hold none.</exception>
    public static ClientNetwork Network(this SqliteDataReader reader, int column)
    {
        var first = reader.Address(column);
        var prefix = reader.GetInt32(column + 1);
        var network = ClientNetwork.Of(first, prefix);
        return network.PrefixLength == prefix && network.First == first ? network : throw new FormatException("A network's bits behind its prefix are zero.");
    }

    /// <summary>The bytes in a column.</summary>
    public static byte[] Blob(this SqliteDataReader reader, int column) => raw.sqlite3_column_blob(reader.Handle!, column).ToArray();

    /// <summary>The time in a column, in UTC.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column holds none.</exception>
    public static DateTimeOffset Time(this SqliteDataReader reader, int column) => new(reader.GetInt64(column), TimeSpan.Zero);
}
