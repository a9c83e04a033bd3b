namespace Postern.Gate;

/// <summary>
/// Whose reports of sessions count towards bans and protection: any local user can speak the milter protocol to a port, and name
/// whomever he likes.
/// </summary>
/// <param name="Tcp">True where the operator says that nobody but Postfix reaches the port.</param>
/// <param name="Users">The user ids that count over a Unix socket.</param>
internal sealed record PeerTrust(bool Tcp, IReadOnlySet<uint> Users)
{
    /// <summary>Whether what comes over this connection counts.</summary>
    public bool Includes(Stream stream) => stream is PeerStream { User: { } user } ? Users.Contains(user) : Tcp;
}
