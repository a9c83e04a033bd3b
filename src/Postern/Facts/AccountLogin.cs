namespace Postern.Facts;

/// <summary>That a user logged in from a place that is new to it, in a form that says neither who nor from where: for the other hosts of a site.</summary>
/// <param name="User">The keyed hash of the user name.</param>
/// <param name="Place">See <see cref="ILoginHashes.PlaceOf"/>.</param>
/// <param name="Time">When.</param>
/// <param name="IsUsual">True where somebody is known to have logged in from that network on an earlier day.</param>
public sealed record AccountLogin(UInt128 User, ClientAddress Place, LogTime Time, bool IsUsual);

/// <summary>Hides users and the places that they log in from, so that hosts which have the same key can compare them and nobody else can read them.</summary>
public interface ILoginHashes
{
    /// <summary>The keyed hash of a user name, whatever the case of its letters.</summary>
    UInt128 UserOf(string user);

    /// <summary>
    /// A made-up address for a client: those of two clients are the same, within one IPv6 /48, or within one /32, just where the clients are the same (of IPv6
    /// the /64), within one network (an IPv4 /24, an IPv6 /48), or within one provider's part (an IPv4 /16, an IPv6 /32).
    /// </summary>
    ClientAddress PlaceOf(ClientAddress client);
}
