using System.Buffers;
using System.Text;

namespace Postern.Facts;

/// <summary>
/// Takes what may be a password out of a client's words: arguments of PASS, of USER with more than a name, of LOGIN, AUTH and
/// AUTHENTICATE, credentials of HTTP (RFC 9110, 11), and what was sent ahead of the server's answer to AUTH. Works on the words
/// as they came and as a log shows them, with its escapes.
/// </summary>
internal static class Secrets
{
    private static readonly string[] s_mechanisms =
    [
        "PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "NTLM", "GSSAPI", "GSS-SPNEGO", "EXTERNAL", "ANONYMOUS", "OTP", "XOAUTH2",
        "OAUTHBEARER", "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512",
    ];

    private static readonly byte[][] s_quoting =
    [
        [.. "non-SMTP command from"u8], [.. "NON-SMTP COMMAND from"u8], [.. "improper command pipelining after"u8], [.. "COMMAND PIPELINING from"u8],
        [.. "PREGREET "u8], [.. "bare <LF> received after"u8], [.. "BARE NEWLINE from"u8],
    ];

    private static readonly string[] s_passwords = ["PASS", "PASSWD", "PASSWORD", "LOGIN", "OPER"];

    private static ReadOnlySpan<byte> Mark => "***"u8;

    /// <summary>What stands for a secret.</summary>
    public static ReadOnlyMemory<byte> Hidden { get; } = Mark.ToArray();

    /// <summary>A client's words without their secrets; the same memory where there are none.</summary>
    public static ReadOnlyMemory<byte> Remove(ReadOnlyMemory<byte> text)
    {
        var span = text.Span;
        ArrayBufferWriter<byte>? clean = null;
        var copied = 0;
        for (var at = 0; at < span.Length;)
        {
            var end = at + LineEnd(span[at..], out var separator);
            if (OfCommand(span[at..end]) is >= 0 and var secret)
            {
                clean ??= new ArrayBufferWriter<byte>(span.Length);
                clean.Write(span[copied..(at + secret)]);
                clean.Write(Mark);
                copied = end;
            }

            at = end + separator;
        }

        if (clean is null)
        {
            return text;
        }

        clean.Write(span[copied..]);
        return clean.WrittenMemory;
    }

    /// <summary>The same of a line of Postfix's log that quotes what a client wrote in place of a command; other lines stay as they are.</summary>
    public static ReadOnlyMemory<byte> RemoveFromLine(ReadOnlyMemory<byte> line)
    {
        var span = line.Span;
        foreach (var quoting in s_quoting)
        {
            if (span.IndexOf(quoting) is not (>= 0 and var at) || span[at..].IndexOf(": "u8) is not (> 0 and var colon))
            {
                continue;
            }

            var words = at + colon + 2;
            var clean = span[(at + quoting.Length)..].StartsWith(" AUTH "u8) ? Hidden : Remove(line[words..]);
            return clean.Equals(line[words..]) ? line : (byte[])[.. span[..words], .. clean.Span];
        }

        return line;
    }

    /// <summary>True for the name of a SASL mechanism that is in use.</summary>
    public static bool IsMechanism(ReadOnlySpan<byte> word)
    {
        foreach (var mechanism in s_mechanisms)
        {
            if (Ascii.EqualsIgnoreCase(word, mechanism))
            {
                return true;
            }
        }

        return false;
    }

    // Where the secret of one line of the client's begins; -1 where there is none. It ends with the line.
    private static int OfCommand(ReadOnlySpan<byte> line)
    {
        var text = line.TrimStart(" \t"u8);
        var secret = Find(text);
        return secret < 0 ? -1 : secret + line.Length - text.Length;
    }

    private static int Find(ReadOnlySpan<byte> text)
    {
        var first = Word(text);
        if (first.Length is 0 or > 32)
        {
            return -1;
        }

        if (Ascii.EqualsIgnoreCase(first, "AUTHORIZATION:"u8) || Ascii.EqualsIgnoreCase(first, "PROXY-AUTHORIZATION:"u8))
        {
            return Behind(text, first.Length);
        }

        if (IsPassword(first))
        {
            return Behind(text, first.Length);
        }

        if (Ascii.EqualsIgnoreCase(first, "AUTH"u8) || Ascii.EqualsIgnoreCase(first, "AUTHENTICATE"u8))
        {
            return BehindMechanism(text, first.Length);
        }

        if (Ascii.EqualsIgnoreCase(first, "USER"u8))
        {
            var name = Behind(text, first.Length);
            return name < 0 ? -1 : Behind(text, name + Word(text[name..]).Length);
        }

        // IMAP puts a tag before (RFC 9051, 6.2.3).
        var at = Behind(text, first.Length);
        if (at < 0)
        {
            return -1;
        }

        var second = Word(text[at..]);
        return Ascii.EqualsIgnoreCase(second, "LOGIN"u8) ? Behind(text, at + second.Length)
            : Ascii.EqualsIgnoreCase(second, "AUTHENTICATE"u8) ? BehindMechanism(text, at + second.Length)
            : -1;
    }

    private static bool IsPassword(ReadOnlySpan<byte> word)
    {
        word = word.TrimEnd((byte)':');
        foreach (var one in s_passwords)
        {
            if (Ascii.EqualsIgnoreCase(word, one))
            {
                return true;
            }
        }

        return false;
    }

    private static int BehindMechanism(ReadOnlySpan<byte> text, int at)
    {
        var argument = Behind(text, at);
        if (argument < 0)
        {
            return -1;
        }

        var word = Word(text[argument..]);
        return IsMechanism(word) ? Behind(text, argument + word.Length) : argument;
    }

    // Where the next word begins; -1 where there is none.
    private static int Behind(ReadOnlySpan<byte> text, int at)
    {
        var rest = text[at..].TrimStart(" \t"u8);
        return rest.IsEmpty || rest.SequenceEqual(Mark) ? -1 : text.Length - rest.Length;
    }

    private static ReadOnlySpan<byte> Word(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny(" \t"u8);
        return end < 0 ? text : text[..end];
    }

    // Up to a line end as it is, or as Postfix ("\r\n", "\015\012") or rsyslog ("#015#012") shows it.
    private static int LineEnd(ReadOnlySpan<byte> text, out int separator)
    {
        for (var at = 0; at < text.Length; at++)
        {
            separator = text[at] switch
            {
                (byte)'\r' or (byte)'\n' => 1,
                (byte)'\\' when text[(at + 1)..] is [(byte)'r' or (byte)'n', ..] => 2,
                (byte)'\\' or (byte)'#' when text[(at + 1)..] is [(byte)'0', (byte)'1', (byte)'5' or (byte)'2', ..] => 4,
                _ => 0,
            };
            if (separator > 0)
            {
                return at;
            }
        }

        separator = 0;
        return text.Length;
    }
}
