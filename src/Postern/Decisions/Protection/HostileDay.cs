using Postern.Decisions.Jails;
using Postern.Facts;

namespace Postern.Decisions.Protection;

/// <summary>
/// Says when a day costs a client the status of a proven sender. A regular sender is greylisted, meets a full mailbox, a dead address or
/// a handshake that fails, and may be named by a list in error: none of that is hostile. What only an abusive client does counts, as soon
/// as the day's sum would be a ban if it came within one findtime.
/// </summary>
public static class HostileDay
{
    private const double Doubtful = 0.5;

    // Refused relays and unknown recipients among mail that is accepted are a sender's old list.
    private static readonly BehaviourSet s_sendersOwn = BehaviourSet.Of(Behaviour.UserEnumeration, Behaviour.RelayProbe, Behaviour.TooManyErrors, Behaviour.HeloForgery);

    /// <summary>What a session adds to the day's sum.</summary>
    public static double Score(SessionMark mark)
    {
        var score = 0.0;
        var counting = JailWeights.Counting(mark).Without(Behaviour.DnsblListed);
        foreach (var behaviour in mark.Traits.HasFlag(SessionTraits.Accepted) ? counting.Except(s_sendersOwn) : counting)
        {
            var weight = JailWeights.Of(behaviour);
            score = weight > Doubtful ? Math.Max(score, weight * JailWeights.Times(behaviour, mark)) : score;
        }

        return score;
    }

    /// <summary>True where the day's sum is hostile.</summary>
    public static bool IsHostile(double score, JailOptions jail)
    {
        ArgumentNullException.ThrowIfNull(jail);
        return score >= jail.MaxRetry - 1e-9;
    }
}
