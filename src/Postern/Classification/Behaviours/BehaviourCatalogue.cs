using Postern.Facts;

namespace Postern.Classification.Behaviours;

/// <summary>
/// The catalogue: one row a behaviour, with the evidence that it needs. Rows are tried in their order, and a later row sees
/// what the earlier ones found, because some behaviours are only the absence of others. docs/behaviours.md says the same in
/// words. <see cref="Behaviour.TlsScan"/>, <see cref="Behaviour.AuthBruteForce"/> and mostly
/// <see cref="Behaviour.UserEnumeration"/> show only over many sessions; <c>RepeatedBehaviours</c> finds those.
/// </summary>
internal static class BehaviourCatalogue
{
    private const int GuessesInOneSession = 3;
    private const int UnknownInOneSession = 3;

    private static readonly (Behaviour Behaviour, Func<SessionView, BehaviourSet, bool> Shows)[] s_rows =
    [
        (Behaviour.LoneDot, (v, _) => v.LoneDots > 0),
        (Behaviour.BlankLine, (v, _) => v.BlankLines > 0),
        (Behaviour.HttpRequest, (v, _) => v.HttpRequests > 0),
        (Behaviour.TlsOnPlaintext, (v, _) => v.TlsHellos > 0),
        (Behaviour.OtherProtocol, (v, _) => v.ForeignPayloads > 0),
        (Behaviour.GarbageCommand, (v, _) => v.Garbage + v.UntoldCommands > 0),
        (Behaviour.OutOfStep, (v, _) => v.AfterRefusal > 0 && !v.Pipelined && !v.TalkedEarly),
        (Behaviour.TlsHandshakeFailure, (v, _) => v.FailedHandshakes > 0),
        (Behaviour.AuthBruteForce, (v, _) => v.FailedLogins >= GuessesInOneSession),
        (Behaviour.AuthFailure, (v, f) => v.FailedLogins > 0 && !f.Has(Behaviour.AuthBruteForce)),
        (Behaviour.AuthNotOffered, (v, _) => v.LoginsNotOffered > 0),
        (Behaviour.EarlyTalker, (v, _) => v.TalkedEarly),
        (Behaviour.PipeliningAbuse, (v, _) => v.Pipelined),
        (Behaviour.UserEnumeration, (v, _) => v.Verifications > 0
            || (v.Recipients?.Distinct().Count() >= UnknownInOneSession && v.Session.Accepted == 0)),
        (Behaviour.RelayProbe, (v, _) => v.RelayDenied > 0),
        (Behaviour.HeloForgery, (v, _) => v.ForgedHelos > 0),
        (Behaviour.DnsblListed, (v, _) => v.Listed > 0),
        (Behaviour.SmugglingAttempt, (v, _) => v.BareNewlines > 0),
        (Behaviour.TooManyErrors, (v, _) => v.Session.Ending == SessionEnd.TooManyErrors),
        (Behaviour.RejectedMail, (v, f) => v.OtherRefusals > 0 || (v.UnknownRecipients > 0 && !f.Has(Behaviour.UserEnumeration))),
        (Behaviour.Delivered, (v, _) => v.Session.Accepted > 0),
        (Behaviour.Hangup, (v, f) => f.IsEmpty && !v.SentOff && IsHangup(v)),
        (Behaviour.ProbeAndQuit, (v, f) => f.IsEmpty && !v.SentOff && v.Session.Ending == SessionEnd.Closed && !IsUntold(v.Session)),
    ];

    /// <summary>All that the session shows.</summary>
    public static BehaviourSet Of(SessionView view)
    {
        var found = BehaviourSet.None;
        foreach (var (behaviour, shows) in s_rows)
        {
            if (shows(view, found))
            {
                found = found.With(behaviour);
            }
        }

        return found;
    }

    /// <summary>What the session was besides.</summary>
    public static SessionTraits Traits(SessionView view)
    {
        var counts = view.Session.Counts;
        var traits = SessionTraits.None;
        traits |= view.UnknownRecipients > 0 ? SessionTraits.UnknownRecipient : SessionTraits.None;
        traits |= view.HandshakeOutcome is not null && counts.Tried(SmtpVerb.Mail) == 0 && view.Session.Accepted == 0
            ? SessionTraits.HandshakeOnly : SessionTraits.None;
        traits |= view.FailedLogins > 0 ? SessionTraits.LoginFailed : SessionTraits.None;
        traits |= view.Session.IsAuthenticated || counts.Accepted(SmtpVerb.Auth) > 0 ? SessionTraits.LoggedIn : SessionTraits.None;
        traits |= view.Session.Accepted > 0 ? SessionTraits.Accepted : SessionTraits.None;
        traits |= counts.IsKnown && counts.Tried(SmtpVerb.All) == 0 ? SessionTraits.Empty : SessionTraits.None;
        traits |= counts.IsKnown && counts.Accepted(SmtpVerb.All) == 0 && counts.Tried(SmtpVerb.All) > 0 ? SessionTraits.Wordless : SessionTraits.None;
        return traits;
    }

    private static bool IsHangup(SessionView view) => view.Session.Ending switch
    {
        SessionEnd.LostConnection or SessionEnd.Timeout => true,
        SessionEnd.Closed => view.Session.Counts.IsKnown && view.Session.Counts.Tried(SmtpVerb.All) == 0,
        _ => false,
    };

    // Before Postfix 3.0, and in a log that is cut, a farewell alone does not tell what was said.
    private static bool IsUntold(SmtpSession session) => !session.Counts.IsKnown && !session.IsPostscreen && !session.StartSeen;
}
