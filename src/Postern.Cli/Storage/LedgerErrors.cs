using Microsoft.Data.Sqlite;
using Postern.Engine.Ledger;

namespace Postern.Cli.Storage;

/// <summary>SQLite's errors as lines that an operator can act on.</summary>
internal static class LedgerErrors
{
    private const int Error = 1;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int Constraint = 19;
    private const int Mismatch = 20;
    private const int NotADatabase = 26;
    private const int ShmSize = InputOutput | (19 << 8);

    /// <summary>
    /// True where the file's content is to blame: SQLite says so, a table that must be there is not, or a value cannot be
    /// one that we wrote.
    /// </summary>
    public static bool IsBroken(Exception error) => error switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode is Error or Corrupt or Constraint or Mismatch or NotADatabase,
        ArgumentException or InvalidCastException or InvalidOperationException or FormatException or OverflowException => true,
        _ => false,
    };

    /// <summary>The error for the caller.</summary>
    public static LedgerException Say(Exception error, string path) => error switch
    {
        LedgerException said => said,
        SqliteException sqlite => Say(sqlite, path),
        UnauthorizedAccessException => new(LedgerTrouble.CannotOpen, $"{path}: no permission to open the ledger; see to the owner and mode of its folder", error),
        IOException io when IsFull(io) => FullDisk(path, error),
        IOException => new(LedgerTrouble.CannotOpen, $"{path}: the ledger cannot be opened ({error.Message}); see to its folder", error),
        _ => new(LedgerTrouble.Other, $"{path}: the ledger cannot be used: {error.Message}", error),
    };

    private static LedgerException Say(SqliteException error, string path) => error.SqliteErrorCode switch
    {
        // The index beside the write-ahead log is grown before it is mapped, and that is where a full disk shows first.
        Full => FullDisk(path, error),
        InputOutput when error.SqliteExtendedErrorCode == ShmSize => FullDisk(path, error),
        ReadOnly => new(LedgerTrouble.ReadOnly, $"{path}: the ledger cannot be written; make the file and its folder writable", error),
        CannotOpen => new(LedgerTrouble.CannotOpen, $"{path}: the ledger cannot be opened; see that its folder exists and can be written", error),
        InputOutput => new(LedgerTrouble.InputOutput, $"{path}: the disk failed the ledger (SQLite error {error.SqliteExtendedErrorCode}); see the kernel's log", error),
        Busy or Locked => new(LedgerTrouble.Busy, $"{path}: another process holds the ledger; end it", error),
        _ => new(LedgerTrouble.Other, $"{path}: the ledger cannot be used: {error.Message}", error),
    };

    private static LedgerException FullDisk(string path, Exception error) =>
        new(LedgerTrouble.DiskFull, $"{path}: the disk is full, nothing more can be kept in the ledger; free some space", error);

    private static bool IsFull(IOException error) => (error.HResult & 0xFFFF) is 28 or 122;
}
