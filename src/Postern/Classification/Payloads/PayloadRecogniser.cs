using System.Text;

namespace Postern.Classification.Payloads;

/// <summary>Says what the words of a client are, by their first bytes and never by more than their own form.</summary>
internal static class PayloadRecogniser
{
    private const int Longest = 512;

    private static readonly string[] s_verbs =
    [
        "EHLO", "HELO", "MAIL", "RCPT", "DATA", "RSET", "NOOP", "QUIT", "VRFY", "EXPN", "HELP", "ETRN", "STARTTLS", "AUTH",
        "BDAT", "XCLIENT", "XFORWARD", "TURN", "SEND", "SOML", "SAML",
    ];

    // Whole lines of protocols that go by words, as a transcript shows them without their end.
    private static readonly (string Line, string Protocol)[] s_lines =
    [
        ("PING", "Redis"), ("INFO", "Redis"), ("SYNC", "Redis"), ("*1", "Redis"), ("*2", "Redis"), ("*3", "Redis"), ("stats", "memcached"),
        ("version", "memcached"), ("CAPABILITY", "IMAP"), ("LHLO", "LMTP"),
    ];

    private static readonly string[] s_methods =
    [
        "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE", "PATCH", "PROPFIND",
    ];

    /// <summary>Recognises text as a log shows it, with its escapes.</summary>
    public static Payload OfLogText(ReadOnlySpan<byte> text)
    {
        Span<byte> bytes = stackalloc byte[Longest];
        text = text[..Math.Min(text.Length, Longest)];
        var length = LogText.Unescape(text, bytes);
        return Of(bytes[..length]);
    }

    /// <summary>Recognises bytes, one line or several.</summary>
    public static Payload Of(ReadOnlySpan<byte> payload)
    {
        var trimmed = payload.Trim("\r\n \t"u8);
        if (trimmed.IsEmpty)
        {
            return new Payload(PayloadKind.Blank, Probe: LineEnds(payload) == 2 ? "GenericLines" : null);
        }

        if (trimmed is [(byte)'.'] || trimmed.StartsWith(".\r\n"u8) || trimmed.StartsWith(".\n"u8))
        {
            return new Payload(PayloadKind.LoneDot);
        }

        foreach (var row in Signatures.Rows)
        {
            if (row.Fits(payload))
            {
                return new Payload(row.Kind, row.Name, row.Probe);
            }
        }

        return OfLine(FirstLine(trimmed));
    }

    private static Payload OfLine(ReadOnlySpan<byte> line)
    {
        var word = line;
        var end = line.IndexOfAny((byte)' ', (byte)'\t', (byte)':');
        if (end >= 0)
        {
            word = line[..end];
        }

        foreach (var (text, protocol) in s_lines)
        {
            if (Ascii.Equals(line, text))
            {
                return new Payload(PayloadKind.Foreign, protocol);
            }
        }

        if (Match(word, s_verbs) is { } verb && (end < 0 || line[end] != ':'))
        {
            return new Payload(PayloadKind.Smtp, verb);
        }

        if (line.IndexOf(" HTTP/"u8) >= 0 || (Match(word, s_methods) is not null && end > 0 && LooksLikeTarget(line[(end + 1)..])))
        {
            return new Payload(PayloadKind.Http, "HTTP");
        }

        if (end > 0 && line[end] == ':')
        {
            return line.IndexOf("SIP/2.0"u8) >= 0 || line.IndexOf("<sip:"u8) >= 0 ? new Payload(PayloadKind.Foreign, "SIP")
                : IsHttpField(word) ? new Payload(PayloadKind.Http, "HTTP")
                : IsFieldName(word) ? new Payload(PayloadKind.Header) : new Payload(PayloadKind.Garbage);
        }

        return IsShownHello(line) ? new Payload(PayloadKind.Tls, "TLS")
            : IsUnreadable(line) ? new Payload(PayloadKind.Unreadable) : new Payload(PayloadKind.Garbage);
    }

    private static ReadOnlySpan<byte> FirstLine(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)'\r', (byte)'\n');
        return end < 0 ? text : text[..end];
    }

    private static int LineEnds(ReadOnlySpan<byte> text) => text.Count((byte)'\n');

    private static bool LooksLikeTarget(ReadOnlySpan<byte> text) =>
        text.StartsWith("/"u8) || text.StartsWith("*"u8) || text.StartsWith("http"u8) || text.IndexOf((byte)':') > 0;

    private static string? Match(ReadOnlySpan<byte> word, string[] names)
    {
        foreach (var name in names)
        {
            if (word.Length == name.Length && Ascii.EqualsIgnoreCase(word, name))
            {
                return name;
            }
        }

        return null;
    }

    // Fields that a request has and a message has not.
    private static bool IsHttpField(ReadOnlySpan<byte> name) =>
        Match(name, ["Host", "User-Agent", "Accept", "Accept-Encoding", "Connection", "Content-Length", "Cookie", "Referer"]) is not null;

    // RFC 5322, 3.6.8: printable ASCII but the colon; a real one has a letter and is not long.
    private static bool IsFieldName(ReadOnlySpan<byte> name)
    {
        if (name.Length is < 2 or > 64 || !char.IsAsciiLetter((char)name[0]))
        {
            return false;
        }

        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)c) && c is not ((byte)'-' or (byte)'_'))
            {
                return false;
            }
        }

        return true;
    }

    // A ClientHello as a transcript shows it, odd bytes as question marks and nothing behind the first NUL byte: record type,
    // version 3.x (two bytes), two bytes of length, the type of the handshake, NUL.
    private static bool IsShownHello(ReadOnlySpan<byte> line) =>
        line.StartsWith("???"u8) && (line.Length is 3 or 4 || (line.Length == 6 && line[5] == '?'));

    // A transcript shows every odd byte as a question mark.
    private static bool IsUnreadable(ReadOnlySpan<byte> line) => line.Count((byte)'?') * 2 >= line.Length;
}
