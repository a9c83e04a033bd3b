namespace Postern.SystemTests.Support;

/// <summary>A machine of the laboratory.</summary>
/// <param name="Address">Its address, of 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 or 2001:db8::/64.</param>
/// <param name="Name">Its PTR name; null where it has none.</param>
/// <param name="ResolvesBack">Whether the name leads back to the address.</param>
internal sealed record Host(string Address, string? Name = null, bool ResolvesBack = true)
{
    /// <summary>True for IPv6.</summary>
    public bool IsV6 => Address.Contains(':', StringComparison.Ordinal);
}
