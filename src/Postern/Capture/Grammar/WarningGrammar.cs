using Postern.Capture.Stamps;
using Postern.Facts;

namespace Postern.Capture.Grammar;

/// <summary>smtpd's warnings about a client, behind <c>warning: </c> (smtpd.c, smtpd_chat.c, smtpd_peer.c, smtpd_sasl_glue.c).</summary>
internal static class WarningGrammar
{
    private static readonly ReadOnlyMemory<byte> s_newTls = "New TLS session rate"u8.ToArray();

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

        return ReadLimit(message, ref e) || ReadOfClient(message, ref e) || ReadTlsRefusal(message, ref e)
            || ReadEtrn(message, ref e) || ReadOldNameMismatch(message, ref e) || ReadOfMessage(message, ref e);
    }

    // Postfix before 2.9: "IP: hostname NAME verification failed: reason", "IP: address not listed for hostname NAME".
    private static bool ReadOldNameMismatch(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var text = message.Span;
        var end = text[..Math.Min(text.Length, 48)].IndexOf(": "u8);
        if (end < 0 || !ClientAddress.TryParse(text[..end], out var client))
        {
            return false;
        }

        var name = message[(end + 2)..];
        var reason = name.Span.IndexOf(" verification failed: "u8);
        if (name.Span.StartsWith("hostname "u8) && reason > 9)
        {
            e.HostName = name[9..reason];
            e.Text = name[(reason + 22)..];
        }
        else if (name.Span.StartsWith("address not listed for hostname "u8))
        {
            e.HostName = name[32..];
        }
        else
        {
            return false;
        }

        e.Kind = SmtpEventKind.NameMismatch;
        e.Client = client;
        return true;
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
        e.Text = stop < 0 ? default : message[(9 + end + 29 + stop + 2)..];
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

        if (!SmtpdGrammar.ReadClient(message, at + 6, SmtpEventKind.LimitExceeded, ref e))
        {
            return false;
        }

        e.Number = number;
        e.Text = message[..text.IndexOf(" limit exceeded: "u8)];
        e.Limit = LimitOf(e.Text.Span);
        return true;
    }

    private static SmtpLimit LimitOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("Connection concurrency"u8) ? SmtpLimit.ConnectionCount
        : name.SequenceEqual("Connection rate"u8) ? SmtpLimit.ConnectionRate
        : name.SequenceEqual("Message delivery request rate"u8) ? SmtpLimit.MessageRate
        : name.SequenceEqual("Recipient address rate"u8) ? SmtpLimit.RecipientRate
        : name.SequenceEqual("New TLS session rate"u8) ? SmtpLimit.NewTlsRate
        : name.SequenceEqual("AUTH command rate"u8) ? SmtpLimit.AuthRate
        : SmtpLimit.None;

    // "HOST[IP]: SASL LOGIN authentication failed: reason, sasl_username=…", "… authentication aborted", and
    // "HOST[IP]: request longer than 2048: TEXT..."
    private static bool ReadOfClient(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var length = ClientField.Read(message.Span, out _, out _, out _);
        if (length == 0)
        {
            return false;
        }

        var tail = message.Span[length..];
        if (tail.StartsWith(": request longer than "u8))
        {
            var end = tail[22..].IndexOf(": "u8);
            if (end is < 1 or > 10 || !SmtpdGrammar.ReadClient(message, 0, SmtpEventKind.LongRequest, ref e))
            {
                return false;
            }

            e.Text = message[(length + 22 + end + 2)..];
            return true;
        }

        if (!tail.StartsWith(": SASL "u8))
        {
            return false;
        }

        // The mechanism is the client's word, up to 100 bytes of it.
        tail = tail[7..];
        var failed = tail[..Math.Min(tail.Length, 128)].IndexOf(" authentication "u8);
        if (failed <= 0)
        {
            return false;
        }

        var outcome = tail[(failed + 16)..];
        return outcome.StartsWith("failed"u8) ? SmtpdGrammar.ReadClient(message, 0, SmtpEventKind.AuthFailure, ref e)
            : outcome.SequenceEqual("aborted"u8) && SmtpdGrammar.ReadClient(message, 0, SmtpEventKind.AuthAborted, ref e);
    }

    // "Wrapper-mode request dropped from HOST[IP] for service smtps": TLS does not work. "Refusing STARTTLS request from …" and
    // "Refusing TLS service request from …" mean that smtpd_client_new_tls_session_rate_limit was reached before (smtpd.c).
    private static bool ReadTlsRefusal(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var text = message.Span;
        if (text.StartsWith("Wrapper-mode request dropped from "u8))
        {
            return SmtpdGrammar.ReadClient(message, 34, SmtpEventKind.TlsUnavailable, ref e);
        }

        var at = text.StartsWith("Refusing STARTTLS request from "u8) ? 31 : text.StartsWith("Refusing TLS service request from "u8) ? 34 : 0;
        if (at == 0 || !SmtpdGrammar.ReadClient(message, at, SmtpEventKind.LimitExceeded, ref e))
        {
            return false;
        }

        e.Text = s_newTls;
        e.Limit = SmtpLimit.NewTlsRate;
        return true;
    }

    // "reject: ETRN TEXT... from HOST[IP]": up to 100 bytes of the client's before its address, which may look like one.
    private static bool ReadEtrn(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var text = message.Span;
        var at = text.StartsWith("reject: ETRN "u8) ? 13 : text.StartsWith("bad ETRN "u8) ? 9 : 0;
        if (at == 0)
        {
            return false;
        }

        e.Kind = SmtpEventKind.EtrnRefused;
        e.Stage = SmtpStage.Etrn;
        e.Text = message[at..];
        return true;
    }

    // "QUEUEID: queue file size limit exceeded", "NOQUEUE: malformed BDAT command syntax from HOST[IP]: TEXT", …
    private static bool ReadOfMessage(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var length = QueueGrammar.ReadQueueId(message.Span, out var id);
        if (length == 0)
        {
            return false;
        }

        e.QueueId = id;
        var rest = message.Span[length..];
        if (rest.SequenceEqual("queue file size limit exceeded"u8))
        {
            e.Kind = SmtpEventKind.MessageTooBig;
            e.Stage = SmtpStage.EndOfMessage;
            return true;
        }

        var at = rest.StartsWith("malformed BDAT command syntax from "u8) ? 35
            : rest.StartsWith("null BDAT request from "u8) ? 23
            : rest.StartsWith("BDAT request from "u8) ? 18
            : rest.StartsWith("too much BDAT content -- disabling further input from "u8) ? 54 : 0;
        if (at == 0 || !SmtpdGrammar.ReadClient(message, length + at, SmtpEventKind.BadBdat, ref e))
        {
            return false;
        }

        e.Stage = SmtpStage.Bdat;
        return true;
    }
}
