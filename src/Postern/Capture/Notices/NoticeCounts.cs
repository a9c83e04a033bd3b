namespace Postern.Capture.Notices;

/// <summary>What was found in an input with notices.</summary>
/// <param name="Read">Notices handed on.</param>
/// <param name="Foreign">Messages that look like a notice, but were not made by the server that they arrived on: anybody can write such a mail to the postmaster.</param>
/// <param name="Unreadable">Messages or folders that could not be opened or taken apart.</param>
/// <param name="Other">Messages that are no notices.</param>
internal readonly record struct NoticeCounts(long Read, long Foreign, long Unreadable, long Other);
