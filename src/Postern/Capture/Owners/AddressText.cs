using System.Buffers;

namespace Postern.Capture.Owners;

/// <summary>What an address is written with.</summary>
internal static class AddressText
{
    /// <summary>The bytes of IPv4 and IPv6 addresses.</summary>
    public static SearchValues<byte> Bytes { get; } = SearchValues.Create("0123456789abcdefABCDEF.:"u8);
}
