namespace Postern.Decisions.Brake;

/// <summary>A reason whose bans are held.</summary>
/// <param name="Reason">A name of <see cref="BrakeReason"/>, or <c>fail2ban/NAME</c>.</param>
/// <param name="Since">Since when.</param>
/// <param name="Why">What looked wrong, in a sentence for the operator.</param>
/// <param name="IsWeak">True where it was pulled by names or new clients alone: it lets go after a time in any case.</param>
/// <param name="NamedOnly">True where only bans of clients whose names are in order are held.</param>
public sealed record BrakeHold(string Reason, DateTimeOffset Since, string Why, bool IsWeak, bool NamedOnly);

/// <summary>The brake was pulled for a reason, or let go of it.</summary>
/// <param name="Hold">The reason.</param>
/// <param name="IsReleased">True where it let go.</param>
/// <param name="InFull">True where the operator let it go, or its time was over: all that was done counts, and what was held is decided again.</param>
/// <param name="LastSign">When the trouble showed last.</param>
public sealed record BrakeChange(BrakeHold Hold, bool IsReleased, bool InFull, DateTimeOffset LastSign);
