using Postern.Facts;

namespace Postern.Capture.Notices;

/// <summary>Postfix's own words around a transcript (smtpd_chat.c).</summary>
internal static class TranscriptWords
{
    /// <summary>The first line of the body.</summary>
    public static ReadOnlySpan<byte> Headline => "Transcript of session follows."u8;

    /// <summary>What begins the line that tells the reason.</summary>
    public static ReadOnlySpan<byte> Aborted => "Session aborted, reason:"u8;

    /// <summary>The last line of the body.</summary>
    public static ReadOnlySpan<byte> Details => "For other details, see the local mail logfile"u8;

    /// <summary>The reason of a line that begins with <see cref="Aborted"/> (smtpd.c: lost connection, timeout, too many errors).</summary>
    public static SessionEnd Ending(ReadOnlySpan<byte> line)
    {
        var reason = line[Aborted.Length..].TrimStart((byte)' ');
        return reason.StartsWith("lost connection"u8) ? SessionEnd.LostConnection
            : reason.StartsWith("timeout"u8) ? SessionEnd.Timeout
            : reason.StartsWith("too many errors"u8) ? SessionEnd.TooManyErrors
            : SessionEnd.NotSeen;
    }

    /// <summary>What follows a mark without the blanks that belong to it; further ones are the client's.</summary>
    public static ReadOnlySpan<byte> AfterMark(ReadOnlySpan<byte> text, int blanks)
    {
        while (blanks-- > 0 && text is [(byte)' ', ..])
        {
            text = text[1..];
        }

        return text;
    }
}
