using Postern.Facts;

namespace Postern;

/// <summary>What a run tells of itself, for the log.</summary>
public interface IGatekeeperEvents
{
    /// <summary>A ban was made.</summary>
    void Banned(Ban ban);

    /// <summary>A ban was not made, because the client is protected.</summary>
    void Spared(SuppressedBan suppressed);

    /// <summary>The ledger cannot be written; null where it can be again.</summary>
    void LedgerTrouble(string? message);

    /// <summary>The ledger was broken and has been set aside.</summary>
    void LedgerSetAside(string path);
}
