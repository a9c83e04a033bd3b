using Postern.Capture.Stamps;
using Postern.Facts;

namespace Postern.Capture.Grammar;

/// <summary>
/// The client as Postfix writes it: <c>HOST[IP]</c>, <c>HOST[IP]:port</c> (smtpd_client_port_logging), and postscreen's
/// <c>[IP]:port</c>. It is read only at the place where Postfix puts it, from the left, so that no text of a client can
/// stand in for it.
/// </summary>
internal static class ClientField
{
    private const int LongestHost = 255;

    /// <summary>Reads the field at the start of the text.</summary>
    /// <param name="text">Starts with the field.</param>
    /// <param name="address">The address, unknown for <c>[unknown]</c>.</param>
    /// <param name="host">The length of the host name before the bracket.</param>
    /// <param name="port">The port, or 0.</param>
    /// <returns>The index behind the field, or 0 where there is none.</returns>
    public static int Read(ReadOnlySpan<byte> text, out ClientAddress address, out int host, out int port)
    {
        address = default;
        port = 0;
        host = text.IndexOfAny((byte)'[', (byte)' ', (byte)':');
        if (host < 0 || host > LongestHost || text[host] != '[')
        {
            host = 0;
            return 0;
        }

        var inside = text[(host + 1)..];
        var end = inside[..Math.Min(inside.Length, 64)].IndexOf((byte)']');
        if (end < 1)
        {
            return 0;
        }

        if (!ClientAddress.TryParse(inside[..end], out address) && !inside[..end].SequenceEqual("unknown"u8)
            && !ClientAddress.TryParse(WithoutZone(inside[..end]), out address))
        {
            return 0;
        }

        var behind = host + 1 + end + 1;
        if (behind + 1 < text.Length && text[behind] == ':' && text[behind + 1] is >= (byte)'1' and <= (byte)'9')
        {
            port = Digits.Leading(text[(behind + 1)..], out var length);
            behind += 1 + length;
        }

        return behind;
    }

    // A link-local address carries its interface (fe80::1%eth0), and a log that was rewritten may say IPv6:.
    private static ReadOnlySpan<byte> WithoutZone(ReadOnlySpan<byte> address)
    {
        var zone = address.IndexOf((byte)'%');
        var bare = zone < 0 ? address : address[..zone];
        return bare.StartsWith("IPv6:"u8) ? bare[5..] : bare;
    }
}
