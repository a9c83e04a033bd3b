using Postern.Facts;

namespace Postern.Capture.Grammar;

/// <summary>smtpd's warnings about a client, behind <c>warning: </c>.</summary>
internal static class WarningGrammar
{
    /// <summary>Reads one warning into the event; false where it is about something else.</summary>
    public static bool Read(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var text = message.Span;
        if (text.StartsWith("non-SMTP command from "u8))
        {
            return SmtpdGrammar.ReadClient(message, 22, SmtpEventKind.NonSmtpCommand, ref e);
        }

        if (text.StartsWith("hostname "u8))
        {
            return ReadNameMismatch(message, ref e);
        }

        if (text.StartsWith("TLS library problem: "u8))
        {
            e.Kind = SmtpEventKind.TlsProblem;
            e.Text = message[21..];
            return true;
        }

        if (text.StartsWith("Illegal address syntax from "u8))
        {
            return SmtpdGrammar.ReadClient(message, 28, SmtpEventKind.IllegalAddress, ref e);
        }

        if (text.StartsWith("bare <LF> received after "u8) || text.StartsWith("improper command pipelining after "u8))
        {
            // Told as a warning in some releases; the form behind it is the same.
            return SmtpdGrammar.Read(message, ref e);
        }

        return ReadLimit(message, ref e) || ReadSaslFailure(message, ref e);
    }

    // "hostname NAME does not resolve to address IP[: reason]"
    private static bool ReadNameMismatch(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var text = message.Span;
        var end = text[9..].IndexOf((byte)' ');
        if (end is < 1 or > 255)
        {
            return false;
        }

        var rest = text[(9 + end)..];
        if (!rest.StartsWith(" does not resolve to address "u8))
        {
            return false;
        }

        var address = rest[29..];
        var stop = address.IndexOf(": "u8);
        if (!ClientAddress.TryParse(stop < 0 ? address : address[..stop], out var client))
        {
            return false;
        }

        e.Kind = SmtpEventKind.NameMismatch;
        e.Client = client;
        e.HostName = message.Slice(9, end);
        return true;
    }

    // "Connection rate limit exceeded: 31 from HOST[IP] for service smtp", and its six sisters.
    private static bool ReadLimit(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var text = message.Span;
        var at = text[..Math.Min(text.Length, 64)].IndexOf(" limit exceeded: "u8);
        if (at < 0 || text[..at].IndexOfAny((byte)'[', (byte)':') >= 0)
        {
            return false;
        }

        at += 17;
        var number = Digits.Leading(text[at..], out var length);
        at += length;
        if (length == 0 || !text[at..].StartsWith(" from "u8))
        {
            return false;
        }

        e.Number = number;
        return SmtpdGrammar.ReadClient(message, at + 6, SmtpEventKind.LimitExceeded, ref e);
    }

    // "HOST[IP]: SASL LOGIN authentication failed: reason, sasl_username=…"
    private static bool ReadSaslFailure(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var length = ClientField.Read(message.Span, out _, out _, out _);
        if (length == 0 || !message.Span[length..].StartsWith(": SASL "u8))
        {
            return false;
        }

        var tail = message.Span[(length + 7)..];
        // The mechanism is the client's word, up to 100 bytes of it.
        var failed = tail[..Math.Min(tail.Length, 128)].IndexOf(" authentication failed"u8);
        return failed > 0 && SmtpdGrammar.ReadClient(message, 0, SmtpEventKind.AuthFailure, ref e);
    }
}
