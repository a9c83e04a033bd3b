using Postern.Facts;

namespace Postern;

/// <summary>What a run tells of itself, for the log.</summary>
public interface IGatekeeperEvents
{
    /// <summary>A ban was made.</summary>
    void Banned(Ban ban);

    /// <summary>A ban was not made, because the client is protected.</summary>
    void Spared(SuppressedBan suppressed);

    /// <summary>An account logs in from many unrelated networks: others than its owner use it. Told again when there are twice as many.</summary>
    void TakenOver(AccountTakeover takeover);

    /// <summary>A jail of fail2ban's counts failures by something that is no address, so that nobody can be kept out for it.</summary>
    void NotBannable(string jail, string id);

    /// <summary>The ledger cannot be written; null where it can be again.</summary>
    void LedgerTrouble(string? message);

    /// <summary>The ledger was broken and has been set aside.</summary>
    void LedgerSetAside(string path);
}
