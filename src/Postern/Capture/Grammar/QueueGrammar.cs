using Postern.Capture.Stamps;
using Postern.Facts;

namespace Postern.Capture.Grammar;

/// <summary>
/// smtpd's messages that start with a queue id or <c>NOQUEUE</c>: the acceptance of a first recipient, refusals
/// (smtpd_check.c: log_whatsup), and since 3.10 how a session ended (smtpd.c).
/// </summary>
internal static class QueueGrammar
{
    private const int LongestQueueId = 24;

    /// <summary>Reads one message into the event; false where it has no such form.</summary>
    public static bool Read(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var at = ReadQueueId(message.Span, out var id);
        var rest = message.Span[at..];
        if (at == 0 || rest.IsEmpty)
        {
            return false;
        }

        e.QueueId = id;

        return rest[0] switch
        {
            (byte)'c' when rest.StartsWith("client="u8) => ReadAcceptance(message, at + 7, ref e),
            (byte)'r' when rest.StartsWith("reject: "u8) => ReadRejection(message, at + 8, SmtpEventKind.Reject, ref e),
            (byte)'m' when rest.StartsWith("milter-reject: "u8) => ReadRejection(message, at + 15, SmtpEventKind.Reject, ref e),
            (byte)'m' when rest.StartsWith("milter-discard: "u8) => ReadRejection(message, at + 16, SmtpEventKind.Discarded, ref e),
            (byte)'d' when rest.StartsWith("discard: "u8) => ReadRejection(message, at + 9, SmtpEventKind.Discarded, ref e),
            (byte)'h' when rest.StartsWith("hangup: "u8) => ReadRejection(message, at + 8, SmtpEventKind.Reject, ref e),
            (byte)'p' when rest.StartsWith("proxy-reject: "u8) => ReadProxyReply(message, at + 14, ref e),
            (byte)'a' when rest.StartsWith("abort: TLS from "u8) => SmtpdGrammar.ReadClient(message, at + 16, SmtpEventKind.TlsFailure, ref e),
            _ => SmtpdGrammar.ReadEnding(message, at, ref e),
        };
    }

    /// <summary>
    /// Reads what follows <c>proxy-reject: </c>: the stage and the reply of the content filter. Postfix names no client there; the
    /// process that wrote the line tells whose session it is.
    /// </summary>
    public static bool ReadProxyReply(ReadOnlyMemory<byte> message, int at, ref SmtpEvent e)
    {
        var text = message.Span;
        var end = text[at..].IndexOf((byte)':');
        Span<byte> name = stackalloc byte[24];
        if (end is < 1 or > 20 || text[at..(at + end)].IndexOf((byte)' ') >= 0)
        {
            return ReadRejection(message, at, SmtpEventKind.Reject, ref e);
        }

        text[at..(at + end)].CopyTo(name);
        name[end] = (byte)' ';
        if (StageNames.Read(name[..(end + 1)], out var stage) == 0)
        {
            return false;
        }

        e.Kind = SmtpEventKind.Reject;
        e.Stage = stage;
        e.Text = SmtpdGrammar.Tail(message, at + end);
        e.Number = Digits.Leading(e.Text.Span, out _);
        return true;
    }

    /// <summary>Reads <c>QUEUEID: </c> or <c>NOQUEUE: </c>.</summary>
    /// <returns>The index behind it, or 0 where there is none; the id is 0 for NOQUEUE.</returns>
    public static int ReadQueueId(ReadOnlySpan<byte> text, out ulong id)
    {
        id = 0;
        var colon = text[..Math.Min(text.Length, LongestQueueId + 1)].IndexOf(": "u8);
        if (colon < 5 || !IsQueueId(text[..colon]))
        {
            return 0;
        }

        if (text[0] != 'N' || !text.StartsWith("NOQUEUE"u8))
        {
            id = SeededHash.Of(text[..colon]);
        }

        return colon + 2;
    }

    /// <summary>Letters and digits, long enough: short ids are hexadecimal, long ones are of 52 letters and digits.</summary>
    public static bool IsQueueId(ReadOnlySpan<byte> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit((char)c))
            {
                return false;
            }
        }

        return true;
    }

    private static bool ReadAcceptance(ReadOnlyMemory<byte> message, int at, ref SmtpEvent e)
    {
        if (!SmtpdGrammar.ReadClient(message, at, SmtpEventKind.QueueFile, ref e))
        {
            return false;
        }

        // What follows are attributes of Postfix's own; the user name comes from the SASL library once the login succeeded.
        if (!e.Text.IsEmpty && (e.Text.Span.StartsWith("sasl_method="u8) || e.Text.Span.StartsWith("sasl_username="u8)))
        {
            e.Kind = SmtpEventKind.Authenticated;
        }

        return true;
    }

    // "STAGE from HOST[IP]: 554 5.7.1 reason; from=<…> to=<…> proto=ESMTP helo=<…>"
    private static bool ReadRejection(ReadOnlyMemory<byte> message, int at, SmtpEventKind kind, ref SmtpEvent e)
    {
        var text = message.Span;
        var length = StageNames.Read(text[at..], out var stage);
        if (length == 0 || !text[(at + length)..].StartsWith(" from "u8)
            || !SmtpdGrammar.ReadClient(message, at + length + 6, kind, ref e))
        {
            return false;
        }

        e.Stage = stage;
        e.Number = Digits.Leading(e.Text.Span, out _);
        return true;
    }
}
