using Postern.Decisions.Brake;
using Postern.Engine.Supervision;
using Postern.Facts;

namespace Postern.Engine;

/// <summary>What a run tells of itself, for the log.</summary>
public interface IBanEngineEvents
{
    /// <summary>A session has ended that showed something. Told once a session, of each.</summary>
    /// <param name="client">Who.</param>
    /// <param name="mark">When, and what it showed.</param>
    void Suspicious(ClientAddress client, SessionMark mark)
    {
    }

    /// <summary>A ban was made.</summary>
    void Banned(Ban ban);

    /// <summary>A ban ended.</summary>
    /// <param name="ban">The ban.</param>
    /// <param name="isLifted">True where it was lifted before its time.</param>
    void Ended(Ban ban, bool isLifted)
    {
    }

    /// <summary>A ban was not made, because the client is protected.</summary>
    void Spared(SuppressedBan suppressed);

    /// <summary>An account logs in from many unrelated networks: others than its owner use it. Told again when there are twice as many.</summary>
    void TakenOver(AccountTakeover takeover);

    /// <summary>The brake was pulled for a reason, or let go of it.</summary>
    /// <param name="change">What has changed.</param>
    /// <param name="bans">Bans that were taken back, or that had been held.</param>
    void Braked(BrakeChange change, int bans);

    /// <summary>Something is wrong with the server itself; told once until it has been well for an hour. Only where <see cref="BanEngineOptions.WatchesServer"/> asks for it.</summary>
    void Troubled(Trouble trouble)
    {
    }

    /// <summary>A stranger sends to others through this server; told once a day. Only where <see cref="BanEngineOptions.WatchesServer"/> asks for it.</summary>
    /// <param name="client">Who.</param>
    /// <param name="domains">The recipients' domains, most recipients first; may hold a client's words.</param>
    void Relayed(ClientAddress client, IReadOnlyList<string> domains)
    {
    }

    /// <summary>A jail of fail2ban's counts failures by something that is no address, so that nobody can be kept out for it.</summary>
    void NotBannable(string jail, string id);

    /// <summary>A filter of fail2ban's named somebody in a line that is another client's; told once a jail.</summary>
    /// <param name="jail">The jail.</param>
    /// <param name="named">The address that its filter found.</param>
    /// <param name="sender">The client whose line it is; unknown where the line tells none.</param>
    /// <param name="line">The line.</param>
    void Refused(string jail, string named, ClientAddress sender, string line);

    /// <summary>A part of the run failed; the same fault is told once.</summary>
    void Failed(PartFault fault);

    /// <summary>The ledger cannot be written; null where it can be again.</summary>
    void LedgerTrouble(string? message);

    /// <summary>The ledger was broken and has been set aside.</summary>
    void LedgerSetAside(string path);
}
