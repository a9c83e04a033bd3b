using System.Net;
using System.Net.NetworkInformation;
using Postern.Facts;

namespace Postern.Engine.Protection;

/// <summary>The addresses of this host's interfaces.</summary>
internal static class OwnAddresses
{
    /// <summary>The addresses; those of the loopback interface where the system does not tell.</summary>
    public static HashSet<ClientAddress> Find()
    {
        try
        {
            return [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses).Select(address => ClientAddress.From(address.Address))];
        }
        catch (NetworkInformationException)
        {
            return [ClientAddress.From(IPAddress.Loopback), ClientAddress.From(IPAddress.IPv6Loopback)];
        }
    }
}
