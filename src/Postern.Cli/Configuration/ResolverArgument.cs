using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Postern.Facts;

namespace Postern.Cli.Configuration;

/// <summary>The DNS server that <c>--resolver</c> names: <c>ADDR</c>, <c>ADDR:PORT</c> or <c>[ADDR]:PORT</c>.</summary>
internal static class ResolverArgument
{
    /// <summary>Reads the address; null gives no servers, which means the system's.</summary>
    public static bool TryParse(string? text, out IReadOnlyList<IPEndPoint> servers)
    {
        servers = [];
        if (text is null)
        {
            return true;
        }
        // IPEndPoint takes '1' or '127.1' for an address, and ':99999' fails with it; ours is the stricter reading.
        var isPlain = ClientAddress.TryParse(text, out var plain);
        if (isPlain)
        {
            servers = [new IPEndPoint(plain.ToIPAddress(), 53)];
            return true;
        }

        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
        {
            return false;
        }

        var host = text.AsSpan(0, colon);
        var isBracketed = host is ['[', .., ']'];
        if (!ClientAddress.TryParse(isBracketed ? host[1..^1] : host, out var address) || (isBracketed == address.IsIPv4 && address.ToIPAddress().AddressFamily == AddressFamily.InterNetwork))
        {
            return false;
        }

        servers = [new IPEndPoint(address.ToIPAddress(), port)];
        return true;
    }
}
