namespace Postern.Facts;

/// <summary>Addresses that no stranger comes from: this host, and networks that are not routed (RFC 1918, 3927, 4193, 4291, 6598).</summary>
public static class PrivateNetworks
{
    /// <summary>True for an address of this host or of a private network.</summary>
    public static bool Contains(ClientAddress address) => IsLoopback(address) || IsPrivate(address);

    /// <summary>True for an address of the loopback network.</summary>
    public static bool IsLoopback(ClientAddress address) => address.IsIPv4 ? (uint)address.Low >> 24 == 127 : address is { High: 0, Low: 1 };

    /// <summary>True for an address of a private or link-local network.</summary>
    public static bool IsPrivate(ClientAddress address)
    {
        if (!address.IsIPv4)
        {
            return (address.High >> 57) == 0x7E || (address.High >> 54) == 0x3FA;
        }

        var ip = (uint)address.Low;
        // 100.64.0.0/10: an access provider's own translation of addresses, and what overlay networks give to their machines.
        return (ip >> 24) is 10 or 127 || (ip >> 20) == 0xAC1 || (ip >> 16) is 0xC0A8 or 0xA9FE || (ip >> 22) == 0x191;
    }
}
