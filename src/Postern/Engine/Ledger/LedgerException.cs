namespace Postern.Engine.Ledger;

/// <summary>What keeps a ledger from being read or written.</summary>
public enum LedgerTrouble : byte
{
    /// <summary>Something else; the message holds the storage's own words.</summary>
    Other,
    /// <summary>The disk is full.</summary>
    DiskFull,
    /// <summary>The file or its folder cannot be written.</summary>
    ReadOnly,
    /// <summary>The file cannot be opened or made.</summary>
    CannotOpen,
    /// <summary>The disk failed to read or write.</summary>
    InputOutput,
    /// <summary>Another process holds it.</summary>
    Busy,
    /// <summary>A later release of the program wrote it; it is left as it is.</summary>
    Newer,
    /// <summary>It was found broken and set aside: the ledger is empty now, and all that stands must be committed again.</summary>
    Corrupt,
}

/// <summary>The ledger cannot be read or written now; nothing of the call was kept. It may be tried again at any time.</summary>
/// <param name="trouble">Why, for the program.</param>
/// <param name="message">Why, and what to do, in one line for the operator.</param>
/// <param name="cause">What the storage said.</param>
public sealed class LedgerException(LedgerTrouble trouble, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Why.</summary>
    public LedgerTrouble Trouble { get; } = trouble;
}
