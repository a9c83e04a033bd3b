using Postern.Facts;

namespace Postern.Capture.Grammar;

/// <summary>
/// smtpd's messages that start with a queue id or <c>NOQUEUE</c>: the acceptance of a first recipient, and refusals
/// (smtpd_check.c: log_whatsup).
/// </summary>
internal static class QueueGrammar
{
    private const int LongestQueueId = 24;

    /// <summary>Reads one message into the event; false where it has no such form.</summary>
    public static bool Read(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var text = message.Span;
        var colon = text[..Math.Min(text.Length, LongestQueueId + 1)].IndexOf(": "u8);
        if (colon < 5 || !IsQueueId(text[..colon]))
        {
            return false;
        }

        if (text[0] != 'N' || !text.StartsWith("NOQUEUE"u8))
        {
            e.QueueId = Hash64.Of(text[..colon]);
        }

        var at = colon + 2;
        var rest = text[at..];
        if (rest.StartsWith("client="u8))
        {
            return ReadAcceptance(message, at + 7, ref e);
        }

        if (rest.StartsWith("reject: "u8))
        {
            return ReadRejection(message, at + 8, ref e);
        }

        if (rest.StartsWith("milter-reject: "u8))
        {
            return ReadRejection(message, at + 15, ref e);
        }

        if (rest.StartsWith("proxy-reject: "u8))
        {
            return ReadRejection(message, at + 14, ref e);
        }

        if (rest.StartsWith("abort: TLS from "u8))
        {
            return SmtpdGrammar.ReadClient(message, at + 16, SmtpEventKind.TlsFailure, ref e);
        }

        return false;
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
    private static bool ReadRejection(ReadOnlyMemory<byte> message, int at, ref SmtpEvent e)
    {
        var text = message.Span;
        var length = StageNames.Read(text[at..], out var stage);
        if (length == 0 || !text[(at + length)..].StartsWith(" from "u8)
            || !SmtpdGrammar.ReadClient(message, at + length + 6, SmtpEventKind.Reject, ref e))
        {
            return false;
        }

        e.Stage = stage;
        e.Number = Digits.Leading(e.Text.Span, out _);
        return true;
    }
}
