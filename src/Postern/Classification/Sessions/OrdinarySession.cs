using Postern.Facts;

namespace Postern.Classification.Sessions;

/// <summary>A session in which nothing happened but the delivery of mail; most are, so that they cost next to nothing.</summary>
/// <param name="Client">Who.</param>
/// <param name="Start">The first line.</param>
/// <param name="End">The last line.</param>
/// <param name="Accepted">Messages taken.</param>
/// <param name="IsAuthenticated">True where the client logged in.</param>
/// <param name="User">The user who did, where the log tells.</param>
internal readonly record struct OrdinarySession(ClientAddress Client, LogTime Start, LogTime End, int Accepted, bool IsAuthenticated, string? User = null);
