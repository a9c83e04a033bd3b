using Postern.Facts;

namespace Postern.Decisions.Brake;

/// <summary>
/// Where a client lives, as far as the brake tells clients apart: whoever rents many addresses of one network speaks once, and with
/// three voices at most in all of a provider's larger block.
/// </summary>
/// <param name="Network">The /24 of IPv4, the /48 of IPv6.</param>
/// <param name="Block">The /16 of IPv4, the /32 of IPv6.</param>
public readonly record struct ClientPlace(ClientAddress Network, ClientAddress Block)
{
    /// <summary>So many networks of one block count.</summary>
    public const int MostOfBlock = 3;

    /// <summary>The place of a client.</summary>
    public static ClientPlace Of(ClientAddress client) => client.IsIPv4
        ? new(ClientNetwork.Of(client, 24).First, ClientNetwork.Of(client, 16).First)
        : new(ClientNetwork.Of(client, 48).First, ClientNetwork.Of(client, 32).First);
}
