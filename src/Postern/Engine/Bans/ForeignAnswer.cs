using Postern.Facts;

namespace Postern.Engine.Bans;

/// <summary>What this host says of a ban that another one decided.</summary>
/// <param name="Veto">Why the client must be spared everywhere; null where this host has no word of its own.</param>
internal readonly record struct ForeignAnswer(SuppressedBan? Veto)
{
    /// <summary>It says nothing: the ban is made, or left out here alone.</summary>
    public static ForeignAnswer None => default;
}
