namespace Postern.Facts;

/// <summary>A notice of a watched mailbox, or one that was handed over.</summary>
/// <param name="Notice">The notice.</param>
/// <param name="Id">A hash of its client, date and transcript, the same whenever it is read.</param>
/// <param name="End">How far its mailbox is done with it.</param>
public sealed record FollowedNotice(Notice Notice, ulong Id, SourcePosition End);
