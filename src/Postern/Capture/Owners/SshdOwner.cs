using Postern.Facts;

namespace Postern.Capture.Owners;

/// <summary>
/// The client of a message of OpenSSH's server. Where the address comes first, it counts at that place; where a user's name
/// comes before it, only what the line ends with counts (auth.c, packet.c, auth-pam.c, sshd.c).
/// </summary>
internal static class SshdOwner
{
    // The address stands right behind these.
    private static readonly byte[][] s_before =
    [
        [.. "Received disconnect from "u8], [.. "Unable to negotiate with "u8], [.. "Connection from "u8], [.. "Did not receive identification string from "u8],
        [.. "Timeout before authentication for connection from "u8], [.. "Timeout before authentication for "u8], [.. "banner exchange: Connection from "u8],
        [.. "ssh_dispatch_run_fatal: Connection from "u8], [.. "Protocol major versions differ for "u8], [.. "ROOT LOGIN REFUSED FROM "u8], [.. "Address "u8],
    ];

    // A user's name may come between these and the address.
    private static readonly byte[][] s_parting =
        [[.. "Connection closed by "u8], [.. "Connection reset by "u8], [.. "Disconnected from "u8], [.. "Disconnecting "u8]];

    private static readonly byte[][] s_users = [[.. "invalid user "u8], [.. "authenticating user "u8], [.. "user "u8]];

    // The address ends the line, but for what sshd adds.
    private static readonly byte[][] s_atEnd =
    [
        [.. "Failed "u8], [.. "Accepted "u8], [.. "Postponed "u8], [.. "Partial "u8], [.. "Invalid user "u8], [.. "Illegal user "u8], [.. "invalid user "u8],
        [.. "Bad protocol version identification "u8], [.. "maximum authentication attempts exceeded for "u8], [.. "PAM: "u8], [.. "Authentication "u8],
        [.. "authentication "u8], [.. "User not known "u8],
    ];

    private static ReadOnlySpan<byte> NotAllowed => " not allowed because "u8;

    /// <summary>The client of a message.</summary>
    public static LineOwner Of(ReadOnlySpan<byte> text)
    {
        text = Without(Without(text, "error: "u8), "fatal: "u8);
        if (text.StartsWith("pam_unix(sshd:auth): "u8) || text.StartsWith("PAM "u8))
        {
            return text.IndexOf(" rhost="u8) is >= 0 and var rhost ? At(text[(rhost + 7)..]) : LineOwner.Nobody;
        }

        if (text.StartsWith("refused connect from "u8) || text.StartsWith("reverse mapping checking getaddrinfo for "u8))
        {
            return InBrackets(text);
        }

        if (text.StartsWith("drop connection #"u8))
        {
            return InBrackets(text);
        }

        if (text.StartsWith("SSH: Server;Ltype: "u8))
        {
            return text.IndexOf(";Remote: "u8) is > 0 and < 40 and var remote ? At(text[(remote + 9)..]) : LineOwner.Nobody;
        }

        if (Begin(text, s_before) is > 0 and var length)
        {
            return At(text[length..]);
        }

        if (Begin(text, s_parting) is > 0 and var parting)
        {
            return Begin(text[parting..], s_users) == 0 ? At(text[parting..]) : AtEnd(text);
        }

        if (Begin(text, s_atEnd) > 0)
        {
            return AtEnd(text);
        }

        if (text.StartsWith("User "u8) && text.LastIndexOf(NotAllowed) is > 0 and var cut && text[(cut + NotAllowed.Length)..].IndexOf(" from "u8) < 0)
        {
            return Last(text[..cut]);
        }

        return LineOwner.Nobody;
    }

    // "… from IP port N ssh2: KEY FINGERPRINT [preauth]"
    private static LineOwner AtEnd(ReadOnlySpan<byte> text)
    {
        if (text.EndsWith(" [preauth]"u8))
        {
            text = text[..^10];
        }

        if (text.EndsWith(": Too many authentication failures"u8))
        {
            text = text[..^34];
        }

        if (Last(text).Kind != LineOwnerKind.Certain && text.LastIndexOf(" ssh2: "u8) is > 0 and var key && text[(key + 7)..].Count((byte)' ') == 1)
        {
            text = text[..(key + 5)];
        }

        if (text.EndsWith(" ssh2"u8))
        {
            text = text[..^5];
        }

        if (text.LastIndexOf(" via "u8) is > 0 and var via && Last(text).Kind != LineOwnerKind.Certain && text[(via + 5)..].IndexOf((byte)' ') < 0)
        {
            text = text[..via];
        }

        var port = text.LastIndexOf(" port "u8);
        if (port > 0 && !text[(port + 6)..].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            text = text[..port];
        }

        return Last(text);
    }

    private static LineOwner Last(ReadOnlySpan<byte> text) =>
        ClientAddress.TryParse(text[(text.LastIndexOf((byte)' ') + 1)..], out var client) ? LineOwner.Of(client) : LineOwner.Nobody;

    private static LineOwner At(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAnyExcept(AddressText.Bytes);
        // "192.0.2.1:11" has a colon that is no part of it.
        var word = (end < 0 ? text : text[..end]).TrimEnd((byte)':');
        return ClientAddress.TryParse(word, out var client) || (word.LastIndexOf((byte)':') is > 0 and var colon && ClientAddress.TryParse(word[..colon], out client))
            ? LineOwner.Of(client)
            : LineOwner.Nobody;
    }

    // A host's name, which its owner's DNS chose, has no bracket.
    private static LineOwner InBrackets(ReadOnlySpan<byte> text)
    {
        var open = text.IndexOfAny("[("u8);
        return open < 0 ? LineOwner.Nobody : At(text[(open + 1)..]);
    }

    private static int Begin(ReadOnlySpan<byte> text, byte[][] words)
    {
        foreach (var word in words)
        {
            if (text.StartsWith(word))
            {
                return word.Length;
            }
        }

        return 0;
    }

    private static ReadOnlySpan<byte> Without(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => text.StartsWith(word) ? text[word.Length..] : text;
}
