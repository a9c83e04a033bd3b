using Postern.Facts;

namespace Postern.Capture.Owners;

/// <summary>
/// The client of a message of Dovecot's. A user's name stands before the address, and may say anything: so an address counts
/// behind the last <c>rip=</c> of a login's line, and in other lines where no other one could be meant (login-common's
/// client-common.c, auth's auth-request.c).
/// </summary>
internal static class DovecotOwner
{
    private static ReadOnlySpan<byte> Rip => "rip="u8;

    private static ReadOnlySpan<byte> RHost => "rhost="u8;

    /// <summary>The client of a message.</summary>
    /// <param name="text">The message.</param>
    /// <param name="isLogin">True where the program is one that takes logins (<c>imap-login</c>).</param>
    public static LineOwner Of(ReadOnlySpan<byte> text, bool isLogin)
    {
        var process = text[..Math.Max(0, text.IndexOf((byte)':'))];
        if (isLogin || (process.EndsWith("-login"u8) && process.IndexOf((byte)' ') < 0))
        {
            var rip = text.LastIndexOf(Rip);
            return rip > 0 && text[rip - 1] is (byte)' ' or (byte)',' ? LineOwner.Of(Address(text[(rip + Rip.Length)..], out _)) : LineOwner.Nobody;
        }

        if (text.StartsWith("pam_unix("u8))
        {
            return OnlyOne(text, RHost, static _ => true);
        }
        // "login(?,192.0.2.1,<session>): …": nobody knows the user yet, and the first address is the client's.
        var unnamed = text[..Math.Min(text.Length, 80)].IndexOf("(?,"u8);
        return unnamed > 0 && text[..unnamed].IndexOfAny("(,"u8) < 0
            ? LineOwner.Of(Address(text[(unnamed + 3)..], out _))
            : OnlyOne(text, ","u8, static rest => rest is [(byte)')', ..] or [(byte)',', (byte)'<', ..]);
    }

    // The one address that stands behind a mark; nobody where several do, since one of them is a client's word.
    private static LineOwner OnlyOne(ReadOnlySpan<byte> text, ReadOnlySpan<byte> mark, Func<byte[], bool> ends)
    {
        var only = ClientAddress.Unknown;
        for (var at = text.IndexOf(mark); at >= 0; at = text.IndexOf(mark))
        {
            text = text[(at + mark.Length)..];
            var address = Address(text, out var length);
            if (!address.IsKnown || !ends(text[length..Math.Min(text.Length, length + 2)].ToArray()))
            {
                continue;
            }

            if (only.IsKnown && only != address)
            {
                return LineOwner.Nobody;
            }

            only = address;
        }

        return LineOwner.Of(only);
    }

    private static ClientAddress Address(ReadOnlySpan<byte> text, out int length)
    {
        length = text.IndexOfAnyExcept(AddressText.Bytes);
        length = length < 0 ? text.Length : length;
        return ClientAddress.TryParse(text[..length], out var address) ? address : ClientAddress.Unknown;
    }
}
