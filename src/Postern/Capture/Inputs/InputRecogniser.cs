using Postern.Capture.Envelopes;
using Postern.Capture.Grammar;
using Postern.Capture.Stamps;
using Postern.Facts;

namespace Postern.Capture.Inputs;

/// <summary>Says what an input is by its first bytes, never by its name.</summary>
internal static class InputRecogniser
{
    /// <summary>How many bytes are looked at.</summary>
    public const int HeadLength = 64 * 1024;

    private const int MaxLines = 400;

    /// <summary>The kind of the content that begins with <paramref name="head"/>, at most <see cref="HeadLength"/> bytes of it.</summary>
    public static InputKind Recognise(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
        {
            return InputKind.Empty;
        }

        if (KnownContent.DescribeMagic(head) is not null)
        {
            return InputKind.Unknown;
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            head = head[3..];
        }

        int lines = 0, stamped = 0, json = 0, spoken = 0, unstamped = 0;
        var headline = false;
        SmtpEvent e = default;
        var rest = head.TrimStart("\r\n"u8);
        if (MboxSeparator.Begins(rest))
        {
            return InputKind.Mbox;
        }

        while (!rest.IsEmpty && lines < MaxLines)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = (end < 0 ? rest : rest[..end]).TrimEnd((byte)'\r');
            rest = end < 0 ? [] : rest[(end + 1)..];
            // journalctl's own remarks ("-- Boot … --") say nothing about what follows.
            if (line.IsEmpty || line.StartsWith("-- "u8))
            {
                continue;
            }

            lines++;
            if (LogStamp.Begins(line))
            {
                stamped++;
            }
            else if (IsJournalJson(line))
            {
                json++;
            }
            else if (IsHeadline(line))
            {
                headline = true;
            }
            else if (IsSpoken(line))
            {
                spoken++;
            }
            else if (IsEnveloped(line))
            {
                stamped++;
            }
            else if (UntoldDaemon.Read(line.ToArray(), ref e, out _))
            {
                unstamped++;
            }
        }

        return stamped * 2 > lines ? InputKind.Log
            : json * 2 > lines ? InputKind.JournalJson
            : MessageHeader.Begins(head) ? InputKind.Message
            : headline || spoken > 0 ? InputKind.Transcript
            : (stamped > 0 && stamped >= json) || unstamped > 0 ? InputKind.Log
            : json > 0 ? InputKind.JournalJson
            : InputKind.Unknown;
    }

    private static bool IsJournalJson(ReadOnlySpan<byte> line) =>
        line[0] == '{' && (line.IndexOf("\"MESSAGE\""u8) >= 0 || line.IndexOf("\"__REALTIME_TIMESTAMP\""u8) >= 0);

    private static bool IsEnveloped(ReadOnlySpan<byte> line)
    {
        EnvelopeStamp.Find(line, out var result);
        return result is EnvelopeResult.Line or EnvelopeResult.Partial;
    }

    private static bool IsHeadline(ReadOnlySpan<byte> line) =>
        line.IndexOf("Transcript of session follows"u8) is >= 0 and < 64;

    /// <summary>A server's line of a transcript, whatever a mail program or a web page put before it.</summary>
    private static bool IsSpoken(ReadOnlySpan<byte> line)
    {
        var at = line.IndexOf("Out:"u8);
        if (at is < 0 or > 64)
        {
            return false;
        }

        var text = line[(at + 4)..];
        // Web pages and mail programs put no-break spaces for blanks.
        while (BlankLength(text) is > 0 and var blank)
        {
            text = text[blank..];
        }

        return text.Length > 2 && text[0] is >= (byte)'2' and <= (byte)'5'
            && char.IsAsciiDigit((char)text[1]) && char.IsAsciiDigit((char)text[2]);
    }

    private static int BlankLength(ReadOnlySpan<byte> text) =>
        text is [(byte)' ' or (byte)'\t', ..] ? 1
        : text is [0xC2, 0xA0, ..] ? 2
        : text.StartsWith("&nbsp;"u8) || text.StartsWith("&#160;"u8) ? 6
        : 0;
}
