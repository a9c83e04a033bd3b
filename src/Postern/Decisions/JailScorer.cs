using Postern.Decisions.Jails;
using Postern.Decisions.Persistence;
using Postern.Decisions.Protection;
using Postern.Facts;

namespace Postern.Decisions;

/// <summary>Says what the jail would make of a client, by its whole history.</summary>
/// <param name="options">The jail's settings.</param>
/// <param name="persistence">Those of the long window.</param>
public sealed class JailScorer(JailOptions options, PersistenceOptions persistence)
{
    private const int FewSessions = 5;

    private static readonly BehaviourSet s_hostile = BehaviourSet.Of(
        [.. Enum.GetValues<Behaviour>().Where(static behaviour => JailWeights.Of(behaviour) >= 0.5)]);

    // What nobody needs to look at, where it happens a few times only.
    private static readonly BehaviourSet s_harmless = BehaviourSet.Of(
        Behaviour.Hangup, Behaviour.ProbeAndQuit, Behaviour.OutOfStep, Behaviour.ServerTrouble, Behaviour.Delivered);

    /// <summary>The verdict.</summary>
    /// <param name="marks">The client's sessions but the ordinary ones, in order of time.</param>
    /// <param name="accepted">Messages accepted from it.</param>
    /// <param name="loggedIn">Its sessions with a login that succeeded.</param>
    /// <param name="cause">The most likely cause.</param>
    /// <param name="isKnown">False where no source names the client: nobody can be banned then.</param>
    public Verdict Judge(ReadOnlySpan<SessionMark> marks, int accepted, int loggedIn, Cause cause, bool isKnown) => Judge(marks, accepted, loggedIn, cause, isKnown, out _);

    /// <summary>The verdict, and whether only the long window would ban.</summary>
    /// <param name="marks">The client's sessions but the ordinary ones, in order of time.</param>
    /// <param name="accepted">Messages accepted from it.</param>
    /// <param name="loggedIn">Its sessions with a login that succeeded.</param>
    /// <param name="cause">The most likely cause.</param>
    /// <param name="isKnown">False where no source names the client: nobody can be banned then.</param>
    /// <param name="isSlow">True for a ban that the jail's own window would not make.</param>
    public Verdict Judge(ReadOnlySpan<SessionMark> marks, int accepted, int loggedIn, Cause cause, bool isKnown, out bool isSlow)
    {
        isSlow = false;
        var isHostile = false;
        var guesses = 0;
        var isStolen = false;
        var isHarmless = true;
        foreach (var mark in marks)
        {
            isHostile |= JailWeights.Doubtful(mark).Overlaps(s_hostile) || mark.Traits.HasFlag(SessionTraits.RelaysForeign);
            isHarmless &= mark.Behaviours.Except(s_harmless).IsEmpty && !mark.Traits.HasFlag(SessionTraits.RelaysForeign);
            guesses += mark.Behaviours.Has(Behaviour.AuthBruteForce) ? mark.Failures : 0;
            isStolen |= mark.Behaviours.Has(Behaviour.AccountTakeover);
        }

        // A login speaks for its client, unless it may be one of the guesses that hit, or the account is in others' hands.
        var isUser = loggedIn > guesses && !isStolen;
        var counted = isUser ? LoginCover.Uncovered(marks) : marks;
        if (isKnown && JailWindow.ReachesEver(counted, options))
        {
            return !MayForward(counted, cause) ? Verdict.Ban : isUser ? Verdict.Protect : Verdict.Watch;
        }

        if (!isHostile && !isStolen && (accepted > 0 || isUser))
        {
            return Verdict.Protect;
        }

        if (isKnown && PersistenceRule.ReachesEver(counted, accepted, persistence))
        {
            isSlow = true;
            return Verdict.Ban;
        }

        return isStolen ? Verdict.Watch
            : cause == Cause.Monitor || (isHarmless && marks.Length <= FewSessions && cause != Cause.FaultySender)
            ? Verdict.Ignore : Verdict.Watch;
    }

    // A server that hands on all of its users' mail has spam refused by the dozen, for its content. Only the DNS tells it from a
    // spammer with a server of its own, and the daemon asks it; a report has not asked.
    private bool MayForward(ReadOnlySpan<SessionMark> marks, Cause cause)
    {
        if (cause != Cause.FaultySender)
        {
            return false;
        }

        var others = new SessionMark[marks.Length];
        for (var i = 0; i < marks.Length; i++)
        {
            others[i] = marks[i].Traits.HasFlag(SessionTraits.RecipientAccepted) ? marks[i] with { Behaviours = marks[i].Behaviours.Without(Behaviour.RejectedMail) } : marks[i];
        }

        return !JailWindow.ReachesEver(others, options);
    }

    /// <summary>What the sessions weigh all together, for the order of a report.</summary>
    public static double Weight(ReadOnlySpan<SessionMark> marks)
    {
        var sum = 0.0;
        foreach (var mark in marks)
        {
            sum += JailWeights.Of(mark);
        }

        return sum;
    }
}
