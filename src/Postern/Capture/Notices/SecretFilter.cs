using System.Text;
using Postern.Facts;

namespace Postern.Capture.Notices;

/// <summary>
/// Keeps passwords out of what is handed on. A transcript shows AUTH commands and the client's answers to challenges as
/// they came, and those are user names and passwords in base64 (RFC 4954 4); and clients of other protocols send theirs.
/// </summary>
internal sealed class SecretFilter
{
    private static readonly string[] s_verbs =
    [
        "AUTH", "BDAT", "DATA", "EHLO", "ETRN", "EXPN", "HELO", "HELP", "LHLO", "MAIL", "NOOP", "QUIT", "RCPT", "RSET", "STARTTLS", "VRFY", "XCLIENT", "XFORWARD",
    ];

    // The shortest answer in base64.
    private const int ShortestAnswer = 4;
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
        {
            return line.SequenceEqual("*"u8) ? text : default(ReadOnlyMemory<byte>?);
        }

        if (line.Length >= 4 && Ascii.EqualsIgnoreCase(line[..4], "AUTH"u8) && (line.Length == 4 || line[4] is (byte)' ' or (byte)'\t' or (byte)'?'))
        {
            _afterAuth = true;
            return Command(line);
        }

        // A bot that does not read replies sends the answers even where AUTH was refused.
        _afterAuth = _afterAuth && (line.Length < ShortestAnswer || !IsCommand(line));
        return _afterAuth && line.Length >= ShortestAnswer ? default(ReadOnlyMemory<byte>?) : Secrets.Remove(text);
    }

    private static byte[] Command(ReadOnlySpan<byte> line)
    {
        var rest = line[4..].TrimStart(" \t?"u8);
        var end = rest.IndexOfAny(" \t"u8);
        var word = end < 0 ? rest : rest[..end];
        return Secrets.IsMechanism(word) ? [.. line[..4], (byte)' ', .. word] : [.. line[..4]];
    }

    private static bool IsCommand(ReadOnlySpan<byte> line)
    {
        var end = line.IndexOfAny(" \t:"u8);
        var word = end < 0 ? line : line[..end];
        foreach (var verb in s_verbs)
        {
            if (Ascii.EqualsIgnoreCase(word, verb))
            {
                return true;
            }
        }

        return false;
    }
}
