using System.Globalization;
using Postern.Facts;

namespace Postern.Fail2Ban.Filters;

/// <summary>What a failure is counted by: an address, a network, or any other text.</summary>
/// <param name="Text">The canonical text.</param>
/// <param name="Address">The address, or the first of the network; unknown where the text is neither.</param>
/// <param name="PrefixLength">The network's length; null for a single address or other text.</param>
internal sealed record FailureId(string Text, ClientAddress Address, int? PrefixLength = null)
{
    /// <summary>An identifier of any kind; addresses may stand in brackets and carry a mask.</summary>
    public static FailureId From(string text)
    {
        var bare = text.Length > 2 && text[0] == '[' && text[^1] == ']' ? text[1..^1] : text;
        var slash = bare.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && int.TryParse(bare.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return FromAddress(bare[..slash], length, text);
        }

        return FromAddress(bare, null, text);
    }

    /// <summary>An address with a mask, as groups of an expression give them; other text is kept as it is.</summary>
    public static FailureId FromAddress(string text, int? prefixLength) => FromAddress(text, prefixLength, text);

    private static FailureId FromAddress(string text, int? prefixLength, string otherwise)
    {
        if (!ClientAddress.TryParse(text, out var address))
        {
            return new FailureId(otherwise, ClientAddress.Unknown);
        }

        var bits = address.IsIPv4 ? 32 : 128;
        if (prefixLength is not { } length || length >= bits)
        {
            return new FailureId(address.ToString(), address);
        }

        var masked = Mask(address, length + (128 - bits));
        return new FailureId(string.Create(CultureInfo.InvariantCulture, $"{masked}/{length}"), masked, length);
    }

    private static ClientAddress Mask(ClientAddress address, int bits)
    {
        var value = new UInt128(address.High, address.Low);
        var masked = bits == 0 ? UInt128.Zero : value & (UInt128.MaxValue << (128 - bits));
        return new ClientAddress((ulong)(masked >> 64), (ulong)masked);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
