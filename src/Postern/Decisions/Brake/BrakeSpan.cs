using Postern.Facts;

namespace Postern.Decisions.Brake;

/// <summary>A time in which what a reason stands for counts nothing: a trouble that the brake held bans for, and that is over.</summary>
/// <param name="Hold">What was held.</param>
/// <param name="From">When the trouble can have begun.</param>
/// <param name="Until">When it showed last.</param>
public sealed record BrakeSpan(BrakeHold Hold, DateTimeOffset From, DateTimeOffset Until)
{
    /// <summary>The behaviours that count nothing; none for a reason that is not of the built-in jail's.</summary>
    public BehaviourSet Behaviours => BrakeReason.GroupOf(Hold.Reason) is >= 0 and var group ? BrakeReason.Held(group) : BehaviourSet.None;

    /// <summary>True for a moment within it.</summary>
    public bool Covers(long utcTicks) => utcTicks >= From.UtcTicks && utcTicks <= Until.UtcTicks;
}
