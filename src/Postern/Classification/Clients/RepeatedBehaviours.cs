using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>What was counted over the sessions of a client.</summary>
/// <param name="HandshakeOutcomes">Different outcomes of TLS handshakes that tell of a version, a cipher or an error.</param>
/// <param name="UserNames">Different user names that logins failed for.</param>
/// <param name="FailedLogins">Failed logins.</param>
/// <param name="Recipients">Different recipients that do not exist.</param>
/// <param name="UnknownRecipients">Refusals of such recipients.</param>
/// <param name="Accepted">Messages accepted.</param>
internal readonly record struct RepeatedCounts(
    int HandshakeOutcomes, int UserNames, int FailedLogins, int Recipients, int UnknownRecipients, int Accepted)
{
    /// <summary>Sessions with a login that succeeded.</summary>
    public int LoggedIn { get; init; }

    /// <summary>Whether somebody logged in from the client's network near a time; null where a day cannot be seen.</summary>
    public Func<LogTime, bool>? HasLogins { get; init; }

    /// <summary>Different recipients that were refused for good, for whatever reason.</summary>
    public int RefusedRecipients { get; init; }

    /// <summary>Refusals to relay.</summary>
    public int RelayDenied { get; init; }
}

/// <summary>
/// Behaviours that only many sessions show: a scan of TLS ciphers, password guessing and the search for addresses. They
/// replace the smaller behaviour in the sessions that make them up.
/// </summary>
internal static class RepeatedBehaviours
{
    private const int ScanHandshakes = 5;
    private const int Guesses = 5;
    private const int UnknownRecipients = 5;
    private const int UnknownPerAccepted = 10;
    private const int BlindRefusals = 5;
    private const int DeadAddresses = 2;
    private const SessionTraits NamedUnknown = SessionTraits.Named | SessionTraits.UnknownRecipient;
    private static readonly long s_minute = TimeSpan.FromMinutes(1).Ticks;
    private static readonly BehaviourSet s_idle = BehaviourSet.Of(Behaviour.Hangup, Behaviour.ProbeAndQuit, Behaviour.TlsHandshakeFailure);

    /// <summary>Raises what a client's sessions show together.</summary>
    /// <param name="marks">Its sessions in order of time.</param>
    /// <param name="counts">What was counted over these sessions.</param>
    public static void Raise(Span<SessionMark> marks, in RepeatedCounts counts)
    {
        if (IsTlsScan(marks, counts))
        {
            foreach (ref var mark in marks)
            {
                // What only the absence of anything else made of a session goes.
                mark = mark.Traits.HasFlag(SessionTraits.HandshakeOnly) || mark.Behaviours.Has(Behaviour.TlsHandshakeFailure)
                    ? mark with { Behaviours = mark.Behaviours.Except(s_idle).With(Behaviour.TlsScan) } : mark;
            }
        }

        if (IsGuessing(marks, counts))
        {
            Replace(marks, Behaviour.AuthFailure, Behaviour.AuthBruteForce, SessionTraits.None);
        }

        if (counts.Recipients >= UnknownRecipients && counts.UnknownRecipients > counts.Accepted * UnknownPerAccepted)
        {
            Replace(marks, Behaviour.RejectedMail, Behaviour.UserEnumeration, SessionTraits.UnknownRecipient);
        }

        NoteAcceptedMail(marks, counts);
        if (IsBlind(counts))
        {
            // What such a client says after a refusal excuses nothing.
            foreach (ref var mark in marks)
            {
                mark = mark.Traits.HasFlag(SessionTraits.RefusedRecipient) ? mark with { Behaviours = mark.Behaviours.Without(Behaviour.OutOfStep) } : mark;
            }
        }
    }

    // A large sender's host, a forwarder or a mailing list has mail refused beside mail that is accepted; an alert to a
    // mailbox that is gone comes again and again for the same one.
    private static void NoteAcceptedMail(Span<SessionMark> marks, in RepeatedCounts counts)
    {
        int refused = 0, among = 0;
        foreach (var mark in marks)
        {
            if (mark.Behaviours.Has(Behaviour.Delivered) || mark.Traits.HasFlag(SessionTraits.OnlyDeferred))
            {
                continue;
            }

            refused += mark.Behaviours.Has(Behaviour.RejectedMail) ? 1 : 0;
            among += mark.Behaviours.Has(Behaviour.RelayProbe) ? mark.Failures : mark.Behaviours.Overlaps(SessionMark.AmongMail) ? 1 : 0;
        }

        var raised = counts.Accepted > 0 && refused <= counts.Accepted * UnknownPerAccepted ? SessionTraits.SomeAccepted : SessionTraits.None;
        raised |= counts.Accepted > 0 && among <= counts.Accepted ? SessionTraits.MostlyAccepted : SessionTraits.None;
        var isOneAddress = counts.Recipients is > 0 and <= DeadAddresses;
        if (raised == SessionTraits.None && !isOneAddress)
        {
            return;
        }

        foreach (ref var mark in marks)
        {
            var dead = isOneAddress && (mark.Traits & NamedUnknown) == NamedUnknown ? SessionTraits.DeadAddress : SessionTraits.None;
            mark = mark with { Traits = mark.Traits | raised | dead };
        }
    }

    private static void Replace(Span<SessionMark> marks, Behaviour from, Behaviour to, SessionTraits trait)
    {
        foreach (ref var mark in marks)
        {
            if (mark.Behaviours.Has(from) && mark.Traits.HasFlag(trait))
            {
                mark = mark with { Behaviours = mark.Behaviours.Without(from).With(to) };
            }
        }
    }

    // A sender with a bug goes on with its message whenever one of its recipients is refused, and most are not. Whoever has one
    // recipient after the other refused, or asks again and again to relay, with nothing accepted in between, does not listen.
    private static bool IsBlind(in RepeatedCounts counts) =>
        Math.Max(counts.RefusedRecipients, counts.Recipients) >= BlindRefusals && Math.Max(counts.RefusedRecipients, counts.UnknownRecipients) > counts.Accepted * UnknownPerAccepted
        || (counts.RelayDenied >= BlindRefusals && counts.Accepted == 0);

    // A scanner shakes hands again and again within a minute and each time a little differently. A sender that cannot
    // agree on a cipher fails always alike; a load balancer shakes hands each two seconds and always alike.
    private static bool IsTlsScan(ReadOnlySpan<SessionMark> marks, in RepeatedCounts counts)
    {
        var densest = Densest(marks, static mark => mark.Traits.HasFlag(SessionTraits.HandshakeOnly)
            || mark.Behaviours.Has(Behaviour.TlsHandshakeFailure), s_minute);
        return densest >= ScanHandshakes && (counts.HandshakeOutcomes >= 2 || TalksEarly(marks));
    }

    // A log may lack tlsproxy's reasons; but a sender waits for the greeting, and a scanner may not.
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

    // An old password that a mail program keeps trying is one name, now and then; guessing is many names, haste, or more of it
    // than a mail program makes. Of a company behind one address several users mistype, and more often log in.
    private static bool IsGuessing(ReadOnlySpan<SessionMark> marks, in RepeatedCounts counts) =>
        (counts.UserNames >= GuessingLimits.ManyNames && counts.FailedLogins >= GuessingLimits.WithManyNames && counts.FailedLogins > counts.LoggedIn)
        || Densest(marks, static mark => mark.Traits.HasFlag(SessionTraits.LoginFailed), s_minute) >= Guesses
        || IsSlowGuessing(marks, counts);

    private static bool IsSlowGuessing(ReadOnlySpan<SessionMark> marks, in RepeatedCounts counts)
    {
        if (counts.HasLogins is not { } hasLogins || counts.FailedLogins < GuessingLimits.WithoutNames)
        {
            return false;
        }

        int failed = 0, first = 0;
        for (var i = 0; i < marks.Length; i++)
        {
            failed += Failed(marks[i]);
            for (; marks[i].Time.UtcTicks - marks[first].Time.UtcTicks > TimeSpan.TicksPerDay; first++)
            {
                failed -= Failed(marks[first]);
            }

            // The dearer question last.
            if (failed >= GuessingLimits.Of(counts.UserNames, hasLogins: false) && Failed(marks[i]) > 0
                && failed >= GuessingLimits.Of(counts.UserNames, hasLogins(marks[i].Time)))
            {
                return true;
            }
        }

        return false;
    }

    private static int Failed(in SessionMark mark) => mark.Traits.HasFlag(SessionTraits.LoginFailed) ? mark.Failures : 0;

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
