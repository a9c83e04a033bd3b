using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>
/// Behaviours that only many sessions show: a scan of TLS ciphers, password guessing and the search for addresses. They
/// replace the smaller behaviour in the sessions that make them up.
/// </summary>
internal static class RepeatedBehaviours
{
    private const int ScanHandshakes = 5;
    private const int ManyHandshakes = 30;
    private const int Guesses = 5;
    private const int GuessedNames = 3;
    private const int UnknownRecipients = 5;
    private const int UnknownPerAccepted = 10;
    private static readonly long s_minute = TimeSpan.FromMinutes(1).Ticks;

    /// <summary>Raises what the whole history shows; the marks must be in order of time.</summary>
    public static void Raise(ClientHistory history)
    {
        if (history.Details is not { } details)
        {
            return;
        }

        if (IsTlsScan(history, details))
        {
            history.Raise(SessionTraits.HandshakeOnly, Behaviour.TlsScan);
            history.Raise(Behaviour.TlsHandshakeFailure, Behaviour.TlsScan, SessionTraits.None);
        }

        if (IsGuessing(history, details))
        {
            history.Raise(Behaviour.AuthFailure, Behaviour.AuthBruteForce, SessionTraits.None);
        }

        if (details.Recipients.Count >= UnknownRecipients && details.UnknownRecipients > history.Accepted * UnknownPerAccepted)
        {
            history.Raise(Behaviour.RejectedMail, Behaviour.UserEnumeration, SessionTraits.UnknownRecipient);
        }
    }

    // A scanner shakes hands again and again within a minute and each time a little differently; a sender that cannot
    // agree on a cipher fails always alike, and comes back with the pauses of its queue.
    private static bool IsTlsScan(ClientHistory history, ClientDetails details)
    {
        var densest = Densest(history.Marks, static mark => mark.Traits.HasFlag(SessionTraits.HandshakeOnly)
            || mark.Behaviours.Has(Behaviour.TlsHandshakeFailure), s_minute);
        return densest >= ManyHandshakes
            || (densest >= ScanHandshakes && (details.HandshakeOutcomes.Count >= 2 || TalksEarly(history.Marks)));
    }

    // postscreen's tlsproxy does not tell why a handshake failed; but a sender waits for the greeting, and a scanner may not.
    private static bool TalksEarly(ReadOnlySpan<SessionMark> marks)
    {
        foreach (var mark in marks)
        {
            if (mark.Behaviours.Has(Behaviour.EarlyTalker))
            {
                return true;
            }
        }

        return false;
    }

    // An old password that a mail program keeps trying is one name, now and then; guessing is many names or haste.
    private static bool IsGuessing(ClientHistory history, ClientDetails details) =>
        (details.UserNames.Count >= GuessedNames && details.FailedLogins >= Guesses)
        || Densest(history.Marks, static mark => mark.Traits.HasFlag(SessionTraits.LoginFailed), s_minute) >= Guesses;

    private static int Densest(ReadOnlySpan<SessionMark> marks, Func<SessionMark, bool> counts, long window)
    {
        int most = 0, within = 0, first = 0;
        for (var i = 0; i < marks.Length; i++)
        {
            if (!counts(marks[i]))
            {
                continue;
            }

            within++;
            while (marks[i].Time.UtcTicks - marks[first].Time.UtcTicks > window)
            {
                within -= counts(marks[first]) ? 1 : 0;
                first++;
            }

            most = Math.Max(most, within);
        }

        return most;
    }
}
