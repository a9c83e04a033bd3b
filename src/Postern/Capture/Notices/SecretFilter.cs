using System.Text;

namespace Postern.Capture.Notices;

/// <summary>
/// Keeps passwords out of what is handed on. A transcript shows AUTH commands and the client's answers to challenges as
/// they came, and those are user names and passwords in base64 (RFC 4954 4).
/// </summary>
internal sealed class SecretFilter
{
    private static readonly string[] s_mechanisms =
    [
        "PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "NTLM", "GSSAPI", "GSS-SPNEGO", "EXTERNAL", "ANONYMOUS", "OTP", "XOAUTH2",
        "OAUTHBEARER", "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512",
    ];

    private static readonly string[] s_longVerbs = ["STARTTLS", "XFORWARD"];

    private bool _challenged;
    private bool _afterAuth;

    /// <summary>The server's line as it may be kept: a challenge loses what it asks.</summary>
    public ReadOnlyMemory<byte> Server(ReadOnlyMemory<byte> text)
    {
        _challenged = text.Span.StartsWith("334"u8);
        return _challenged ? text[..3] : text;
    }

    /// <summary>The client's line as it may be kept, null where it is nothing but a secret.</summary>
    public ReadOnlyMemory<byte>? Client(ReadOnlyMemory<byte> text)
    {
        var challenged = _challenged;
        _challenged = false;
        var line = text.Span.TrimStart(" \t"u8);
        if (challenged)
            return line.SequenceEqual("*"u8) ? text : default(ReadOnlyMemory<byte>?);

        if (line.Length >= 4 && Ascii.EqualsIgnoreCase(line[..4], "AUTH"u8) && (line.Length == 4 || line[4] is (byte)' ' or (byte)'\t' or (byte)'?'))
        {
            _afterAuth = true;
            return Command(line);
        }

        // A bot that does not read replies sends the answers even where AUTH was refused.
        _afterAuth = _afterAuth && LooksEncoded(line);
        return _afterAuth ? default(ReadOnlyMemory<byte>?) : text;
    }

    private static byte[] Command(ReadOnlySpan<byte> line)
    {
        var rest = line[4..].TrimStart(" \t?"u8);
        var end = rest.IndexOfAny(" \t"u8);
        var word = end < 0 ? rest : rest[..end];
        foreach (var mechanism in s_mechanisms)
        {
            if (Ascii.EqualsIgnoreCase(word, mechanism))
                return [.. line[..4], (byte)' ', .. word];
        }

        return [.. line[..4]];
    }

    private static bool LooksEncoded(ReadOnlySpan<byte> line)
    {
        if (line.Length < 8 || line.Length % 4 != 0)
            return false;
        foreach (var verb in s_longVerbs)
        {
            if (Ascii.EqualsIgnoreCase(line, verb))
                return false;
        }

        foreach (var b in line.TrimEnd((byte)'='))
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'+' or (byte)'/'))
                return false;
        }

        return true;
    }
}
