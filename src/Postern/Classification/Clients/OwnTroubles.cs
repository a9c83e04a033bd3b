using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>Sums up what is wrong with the server itself, over the sessions of all clients and the lines that belong to none.</summary>
internal static class OwnTroubles
{
    // What nobody does who only wants to deliver mail, log in or look whether the server is up.
    private static readonly BehaviourSet s_innocent = BehaviourSet.Of(
        Behaviour.ServerTrouble, Behaviour.RejectedMail, Behaviour.Delivered, Behaviour.Hangup, Behaviour.ProbeAndQuit, Behaviour.OutOfStep,
        Behaviour.TlsHandshakeFailure, Behaviour.TlsOnPlaintext, Behaviour.AuthFailure);

    /// <summary>Every trouble, most urgent first.</summary>
    public static IReadOnlyList<Trouble> Of(ClientLedger ledger)
    {
        var sum = new TroubleTally();
        sum.Add(ledger.Troubles, isInnocent: true, hasMail: true);
        // A client that came once and met a trouble has a history, too.
        foreach (var history in ledger.Histories)
        {
            if (history.Details?.Troubles is { } troubles)
            {
                sum.Add(troubles, IsInnocent(history.Marks), history.Accepted + history.LoggedIn > 0);
            }
        }

        // A limit that only holds off a flood does its work.
        return [.. sum.All.Where(trouble => trouble.Kind != TroubleKind.RateLimit || trouble.Sessions > 0)];
    }

    private static bool IsInnocent(ReadOnlySpan<SessionMark> marks)
    {
        foreach (var mark in marks)
        {
            if (!mark.Behaviours.Except(s_innocent).IsEmpty)
            {
                return false;
            }
        }

        return true;
    }
}
