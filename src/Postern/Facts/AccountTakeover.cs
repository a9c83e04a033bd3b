namespace Postern.Facts;

/// <summary>An account that logs in from many unrelated networks within a short time: somebody else has its password.</summary>
/// <param name="User">The user name; escaped where it is shown.</param>
/// <param name="From">The first login from a network that is new to the user.</param>
/// <param name="To">The last one so far.</param>
/// <param name="Networks">Those networks, an IPv4 /24 or IPv6 /48 each, the latest at the end; bounded.</param>
/// <param name="Clients">The clients there, an IPv4 address or IPv6 /64 each; bounded.</param>
/// <param name="Logins">How many logins these made.</param>
public sealed record AccountTakeover(
    string User, LogTime From, LogTime To, IReadOnlyList<ClientNetwork> Networks, IReadOnlyList<ClientAddress> Clients, int Logins);
