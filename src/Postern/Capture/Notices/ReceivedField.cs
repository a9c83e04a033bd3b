using System.Buffers;
using System.Text;

namespace Postern.Capture.Notices;

/// <summary>What a Received field says of where its message came from.</summary>
internal enum ReceivedKind : byte
{
    /// <summary>From elsewhere, or in no form that is known.</summary>
    Other,
    /// <summary><c>by HOST (NAME) id QUEUEID; DATE</c>: Postfix made the message itself (post_mail.c).</summary>
    Made,
    /// <summary><c>from HOST by HOST with LMTP</c> and no address: through a Unix socket into a mailbox.</summary>
    Delivered,
}

/// <summary>
/// Reads a Received field from its first byte on, as it stands: no encoded word is decoded, and only ASCII's blank, tab and
/// line end part words. A client's HELO name has all other characters of Unicode at its disposal (RFC 6532).
/// </summary>
/// <param name="Kind">What it says.</param>
/// <param name="Host">The host that made the message, or that handed it over; in lower case.</param>
internal readonly record struct ReceivedField(ReceivedKind Kind, string Host)
{
    private const int LongestWord = 255;
    private static readonly SearchValues<byte> s_blanks = SearchValues.Create(" \t\r\n"u8);
    private static readonly SearchValues<byte> s_hostBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"u8);

    /// <summary>Reads the field's value, without its name and colon.</summary>
    /// <param name="value">The bytes as they stand in the message.</param>
    /// <param name="mailName">The name by which Postfix calls itself (<c>mail_name</c>).</param>
    public static ReceivedField Read(ReadOnlySpan<byte> value, string mailName)
    {
        var text = value.TrimStart(" \t\r\n"u8);
        return TakeWord(ref text, "by"u8) ? ReadMade(text, mailName)
            : TakeWord(ref text, "from"u8) ? ReadDelivered(text)
            : default;
    }

    // A local user's mail says "(NAME, from userid N)" there (pickup.c).
    private static ReceivedField ReadMade(ReadOnlySpan<byte> text, string mailName)
    {
        var name = Encoding.UTF8.GetBytes(mailName);
        return TakeHost(ref text, out var host)
            && text is [(byte)'(', .. var inside] && inside.StartsWith(name) && inside[name.Length..] is [(byte)')', .. var rest]
            && TakeBlanks(ref rest) && TakeWord(ref rest, "id"u8) && IsQueueId(rest)
            ? new ReceivedField(ReceivedKind.Made, host)
            : default;
    }

    // Dovecot's and Cyrus' forms. What came through TCP has the client's address in brackets, and anybody may connect there.
    private static ReceivedField ReadDelivered(ReadOnlySpan<byte> text)
    {
        if (!TakeHost(ref text, out var from))
        {
            return default;
        }

        if (text.StartsWith("([unix socket])"u8))
        {
            text = text[15..];
            if (!TakeBlanks(ref text))
            {
                return default;
            }
        }

        if (!TakeWord(ref text, "by"u8) || !TakeHost(ref text, out _) || !SkipComment(ref text) || !TakeWord(ref text, "with"u8))
        {
            return default;
        }

        var end = text.IndexOfAny(" \t\r\n;"u8);
        var protocol = end < 0 ? text : text[..end];
        return protocol.SequenceEqual("LMTP"u8) || protocol.SequenceEqual("LMTPA"u8) || protocol.SequenceEqual("LMTPS"u8) || protocol.SequenceEqual("LMTPSA"u8)
            ? new ReceivedField(ReceivedKind.Delivered, from)
            : default;
    }

    private static bool IsQueueId(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)';');
        if (end is < 5 or > 64)
        {
            return false;
        }

        foreach (var b in text[..end])
        {
            if (!char.IsAsciiLetterOrDigit((char)b))
            {
                return false;
            }
        }

        return true;
    }

    private static bool SkipComment(ref ReadOnlySpan<byte> text)
    {
        if (text is not [(byte)'(', .. var inside])
        {
            return true;
        }

        var end = inside.IndexOfAny("()"u8);
        if (end < 0 || inside[end] != ')')
        {
            return false;
        }

        text = inside[(end + 1)..];
        return TakeBlanks(ref text);
    }

    private static bool TakeHost(ref ReadOnlySpan<byte> text, out string host)
    {
        var end = text.IndexOfAny(s_blanks);
        host = "";
        if (end is < 1 or > LongestWord || text[..end].ContainsAnyExcept(s_hostBytes))
        {
            return false;
        }

        host = Encoding.ASCII.GetString(text[..end]).ToLowerInvariant();
        text = text[end..];
        return TakeBlanks(ref text);
    }

    private static bool TakeWord(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        if (!text.StartsWith(word))
        {
            return false;
        }

        var rest = text[word.Length..];
        if (!TakeBlanks(ref rest))
        {
            return false;
        }

        text = rest;
        return true;
    }

    private static bool TakeBlanks(ref ReadOnlySpan<byte> text)
    {
        var rest = text.TrimStart(" \t\r\n"u8);
        var any = rest.Length < text.Length;
        text = rest;
        return any;
    }
}
