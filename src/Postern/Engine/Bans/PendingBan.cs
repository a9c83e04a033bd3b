using Postern.Decisions.Brake;
using Postern.Facts;

namespace Postern.Engine.Bans;

/// <summary>A ban that is about to be made, that waits, or that the brake holds.</summary>
/// <param name="Client">Whom it would ban.</param>
/// <param name="Jail">The jail.</param>
/// <param name="Reason">What leads to it: a name of <see cref="BrakeReason"/>, or the jail's.</param>
/// <param name="HasNames">True where the client's names are in order.</param>
/// <param name="Again">Decides it again, when it has waited or the operator lets go.</param>
internal sealed record PendingBan(ClientAddress Client, string Jail, string Reason, bool HasNames, Action<PendingBan, DateTimeOffset> Again)
{
    /// <summary>What leads to it, groups of <see cref="BrakeReason"/>, a bit each.</summary>
    public uint Groups { get; init; }

    /// <summary>When it came near: what led to it lies within findtime of then.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>True for a stranger who tries several user names.</summary>
    public bool IsGuesser { get; init; }

    /// <summary>True where it is not to wait again.</summary>
    public bool HasWaited { get; init; }

    /// <summary>True where the brake held it and has let go.</summary>
    public bool WasHeld { get; init; }

    /// <summary>The same for another group of <see cref="BrakeReason"/>; itself for none.</summary>
    public PendingBan For(int group) => group < 0 ? this : this with { Reason = BrakeReason.Name(group), Groups = 1u << group };
}
