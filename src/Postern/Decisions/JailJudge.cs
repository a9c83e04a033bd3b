using Postern.Facts;

namespace Postern.Decisions;

/// <summary>Says what the jail would make of a client, by its whole history.</summary>
/// <param name="options">The jail's settings.</param>
public sealed class JailJudge(JailOptions options)
{
    private const double Hostile = 0.5;
    private const int FewSessions = 5;

    /// <summary>The verdict.</summary>
    /// <param name="marks">The client's sessions but the ordinary ones, in order of time.</param>
    /// <param name="accepted">Messages accepted from it.</param>
    /// <param name="loggedIn">Its sessions with a login that succeeded.</param>
    /// <param name="cause">The most likely cause.</param>
    /// <param name="isKnown">False where no source names the client: nobody can be banned then.</param>
    public Verdict Judge(ReadOnlySpan<SessionMark> marks, int accepted, int loggedIn, Cause cause, bool isKnown)
    {
        var isHostile = false;
        var guesses = 0;
        var weighsNothing = true;
        foreach (var mark in marks)
        {
            var weight = JailWeights.Of(mark);
            isHostile |= mark.Behaviours.Any(static behaviour => JailWeights.Of(behaviour) >= Hostile);
            weighsNothing &= weight == 0;
            guesses += mark.Behaviours.Has(Behaviour.AuthBruteForce) ? 1 : 0;
        }

        // A user who logs in is no knocker, unless the login may be one of the guesses that hit.
        var isUser = loggedIn > guesses;
        if (!isHostile && (accepted > 0 || isUser))
        {
            return Verdict.Protect;
        }

        if (isKnown && !isUser && JailWindow.ReachesEver(marks, options))
        {
            return Verdict.Ban;
        }

        return cause == Cause.Monitor || (weighsNothing && marks.Length <= FewSessions && cause != Cause.FaultySender)
            ? Verdict.Ignore : Verdict.Watch;
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
