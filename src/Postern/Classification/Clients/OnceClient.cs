using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>A client that came once and did what others may have done as well: all that sets it apart from those.</summary>
/// <param name="Address">Who.</param>
/// <param name="Shape">What its session was.</param>
/// <param name="Name">Its PTR name; null for none.</param>
/// <param name="IsConfirmed">True where the name resolves back.</param>
/// <param name="First">Start of the session.</param>
/// <param name="Last">Its end.</param>
/// <param name="Accepted">Messages accepted.</param>
/// <param name="LoggedIn">1 where it logged in, else 0.</param>
internal readonly record struct OnceClient(
    ClientAddress Address, SessionShape Shape, string? Name, bool IsConfirmed, LogTime First, LogTime Last, int Accepted, int LoggedIn);
