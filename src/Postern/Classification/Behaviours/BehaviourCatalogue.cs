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
        (Behaviour.ServerTrouble, (v, _) => v.Troubles is not null),
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
        (Behaviour.RejectedMail, (v, f) => v.OtherRefusals > 0 || v.RefusedByTrouble || (v.UnknownRecipients > 0 && !f.Has(Behaviour.UserEnumeration))
            || v.Discarded > 0 || (f.IsEmpty && v.UntoldRefusals > 0)),
        (Behaviour.Delivered, (v, _) => v.Session.Accepted > 0),
        (Behaviour.Hangup, (v, f) => f.IsEmpty && !v.SentOff && !HasLeft(v) && IsHangup(v)),
        (Behaviour.ProbeAndQuit, (v, f) => f.Without(Behaviour.ServerTrouble).IsEmpty && !v.SentOff && (v.Session.Ending == SessionEnd.Closed || HasLeft(v)) && OnlyGreeted(v)),
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
        traits |= (view.HandshakeOutcome is not null || view.FailedHandshakes > 0) && counts.Tried(SmtpVerb.Mail) == 0 && counts.Tried(SmtpVerb.Auth) == 0
            && view.FailedLogins == 0 && view.Session.Accepted == 0 ? SessionTraits.HandshakeOnly : SessionTraits.None;
        traits |= view.FailedLogins > 0 ? SessionTraits.LoginFailed : SessionTraits.None;
        traits |= view.Session.IsAuthenticated || counts.Accepted(SmtpVerb.Auth) > 0 ? SessionTraits.LoggedIn : SessionTraits.None;
        traits |= view.Session.Accepted > 0 ? SessionTraits.Accepted : SessionTraits.None;
        traits |= SaidNothing(view) ? SessionTraits.Empty : SessionTraits.None;
        traits |= counts.IsKnown && counts.Accepted(SmtpVerb.All) == 0 && counts.Tried(SmtpVerb.All) > 0 ? SessionTraits.Wordless : SessionTraits.None;
        return traits | Mitigating(view);
    }

    // What honest software does, too, so that it does not count; or only beside something that no honest software does.
    private static SessionTraits Mitigating(SessionView view)
    {
        var counts = view.Session.Counts;
        var traits = SessionTraits.None;
        traits |= view.PermanentRefusals == 0 && view.Verifications == 0 && !view.Session.Events.Any(static e => e.Kind == SmtpEventKind.DnsblRank)
            && (view.TemporaryRefusals + view.UntoldRefusals + view.Discarded > 0 || view.RefusedByTrouble) ? SessionTraits.OnlyDeferred : SessionTraits.None;
        traits |= view.NameDeferred ? SessionTraits.NameDeferred : SessionTraits.None;
        traits |= counts.Accepted(SmtpVerb.Rcpt) > 0 ? SessionTraits.RecipientAccepted : SessionTraits.None;
        traits |= view.ForgedName is { } name && HeloName.IsLocal(name) ? SessionTraits.LocalHelo : SessionTraits.None;
        traits |= view.Session.IsSubmission ? SessionTraits.OnSubmission : SessionTraits.None;
        traits |= view.Session.Client.IsKnown && PrivateNetworks.IsPrivate(view.Session.Client) ? SessionTraits.PrivateClient : SessionTraits.None;
        traits |= view.UntoldCommands == 1 && counts.Tried(SmtpVerb.All) == 1 ? SessionTraits.OneUnknownCommand : SessionTraits.None;
        traits |= view.UntoldCommands == 1 && counts.Tried(SmtpVerb.All) - counts.Accepted(SmtpVerb.All) == 1 && HasLeft(view)
            && counts.Tried(SmtpVerb.Mail) == 0 && counts.Accepted(SmtpVerb.Ehlo) + counts.Accepted(SmtpVerb.Helo) > 0 ? SessionTraits.UnknownInOrder : SessionTraits.None;
        traits |= view.RefusedRecipients is not null ? SessionTraits.RefusedRecipient : SessionTraits.None;
        traits |= view.Session.HostName is not null ? SessionTraits.Named : SessionTraits.None;
        traits |= view.Bounces > 0 && view.OtherRefusals == view.Bounces && view.UnknownRecipients == 0 ? SessionTraits.DeadAddress : SessionTraits.None;
        traits |= view.RelaysForeign ? SessionTraits.RelaysForeign : SessionTraits.None;
        return traits;
    }

    // postscreen counts no commands, but tells whether the client waited for the greeting.
    private static bool SaidNothing(SessionView view) => view.Session.Counts is { IsKnown: true } counts
        ? counts.Tried(SmtpVerb.All) == 0
        : view.Session is { Ending: SessionEnd.LostConnection, EndStage: SmtpStage.Connect, Dialogue.Count: 0 } && view is { HasWrongInput: false, TalkedEarly: false, SentOff: false };

    private static bool IsHangup(SessionView view) => view.Session.Ending switch
    {
        SessionEnd.LostConnection or SessionEnd.Timeout => true,
        SessionEnd.Closed => view.Session.Counts.IsKnown && view.Session.Counts.Tried(SmtpVerb.All) == 0,
        _ => false,
    };

    // It said QUIT, whatever the connection did then.
    private static bool HasLeft(SessionView view) => view.SaidQuit || view.Session.Counts.Accepted(SmtpVerb.Quit) > 0;

    // Nothing was said but a greeting, STARTTLS, NOOP, RSET and QUIT, and all of it was accepted. Before Postfix 3.0, and in a log
    // that is cut, the end alone does not tell what was said.
    private static bool OnlyGreeted(SessionView view)
    {
        if (view.Session.Counts is not { IsKnown: true } counts)
        {
            return view.Session.Dialogue.Count > 0 ? view is { Said: > 0, SaidEnvelope: false, SaidRefused: 0 }
                : view.Session is { IsPostscreen: true, StartSeen: true } && view is { Troubles: null, UntoldRefusals: 0 };
        }

        if (counts.Tried(SmtpVerb.All) == 0)
        {
            // The server hung up before anything was said.
            return false;
        }

        var greeted = counts.Accepted(SmtpVerb.Helo) + counts.Accepted(SmtpVerb.Ehlo) + counts.Accepted(SmtpVerb.StartTls) + counts.Accepted(SmtpVerb.Noop)
            + counts.Accepted(SmtpVerb.Rset) + counts.Accepted(SmtpVerb.Quit);
        // A STARTTLS that the server could not serve was no fault of the client's.
        var unserved = view.TlsUnserved ? counts.Refused(SmtpVerb.StartTls) : 0;
        return greeted + unserved == counts.Tried(SmtpVerb.All);
    }
}
