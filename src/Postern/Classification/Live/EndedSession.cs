using Postern.Facts;

namespace Postern.Classification.Live;

/// <summary>A session that has ended, or that only a notice tells of.</summary>
/// <param name="Session">The session.</param>
/// <param name="Id">By its place.</param>
/// <param name="Lines">Its telling lines.</param>
/// <param name="Arrival">When its last line was read, ticks of the watcher's clock.</param>
internal sealed record EndedSession(SmtpSession Session, ulong Id, ReadOnlyMemory<byte> Lines, long Arrival);
