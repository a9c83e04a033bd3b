using Postern.Facts;

namespace Postern.Decisions.Protection;

/// <summary>The word of another host that a client must not be banned.</summary>
/// <param name="Host">Whose word.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">The particulars, in that host's words.</param>
/// <param name="Until">Until when it holds.</param>
public sealed record ForeignVeto(string Host, ProtectionReason Reason, string Detail, DateTimeOffset Until);
