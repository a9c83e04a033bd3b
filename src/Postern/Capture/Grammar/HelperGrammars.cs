using Postern.Facts;

namespace Postern.Capture.Grammar;

/// <summary>tlsproxy(8): TLS for postscreen's clients (tlsproxy.c), told by the same address and port.</summary>
internal static class TlsproxyGrammar
{
    /// <summary>Reads one message into the event.</summary>
    public static bool Read(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var text = message.Span;
        int at;
        SmtpEventKind kind;
        if (text.StartsWith("SSL_accept error from "u8))
        {
            (at, kind) = (22, SmtpEventKind.TlsFailure);
        }
        else if (text.StartsWith("TLS handshake failed for service="u8))
        {
            var peer = text[..Math.Min(text.Length, 128)].IndexOf(" peer=["u8);
            if (peer < 0)
            {
                return false;
            }

            (at, kind) = (peer + 6, SmtpEventKind.TlsFailure);
        }
        else
        {
            at = text[..Math.Min(text.Length, 48)].IndexOf(" TLS connection established from ["u8);
            if (at < 0)
            {
                return false;
            }

            (at, kind) = (at + 33, SmtpEventKind.TlsEstablished);
        }

        var length = ClientField.Read(text[at..], out var client, out _, out var port);
        if (length == 0)
        {
            return false;
        }

        e.Kind = kind;
        e.Client = client;
        e.Conversation = PostscreenGrammar.Conversation(client, port);
        e.Text = SmtpdGrammar.Tail(message, at + length);
        return true;
    }
}

/// <summary>anvil(8)'s statistics (anvil.c): the highest rates since the last report, with the client that reached them.</summary>
internal static class AnvilGrammar
{
    /// <summary>Reads <c>statistics: max connection rate 60/60s for (smtp:192.0.2.1) at …</c>.</summary>
    public static bool Read(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var text = message.Span;
        if (!text.StartsWith("statistics: max connection rate "u8))
        {
            return false;
        }

        var rate = Digits.Leading(text[32..], out var length);
        var open = text.IndexOf((byte)'(');
        var close = open < 0 ? -1 : text[open..].IndexOf((byte)')');
        if (length == 0 || close < 3)
        {
            return false;
        }

        var inside = text.Slice(open + 1, close - 1);
        var colon = inside.IndexOf((byte)':');
        if (colon < 0 || !ClientAddress.TryParse(inside[(colon + 1)..], out var client))
        {
            return false;
        }

        e.Kind = SmtpEventKind.RateStatistics;
        e.Client = client;
        e.Number = rate;
        return true;
    }
}

/// <summary>
/// cleanup(8)'s refusals of whole messages. They quote the message, so that only the queue id is taken from them; it
/// leads to the session.
/// </summary>
internal static class CleanupGrammar
{
    /// <summary>Reads <c>QUEUEID: milter-reject: END-OF-MESSAGE …</c> and <c>QUEUEID: reject: header …</c>.</summary>
    public static bool Read(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var text = message.Span;
        var colon = text[..Math.Min(text.Length, 25)].IndexOf(": "u8);
        if (colon < 5 || !QueueGrammar.IsQueueId(text[..colon]))
        {
            return false;
        }

        var rest = text[(colon + 2)..];
        if (!rest.StartsWith("milter-reject: "u8) && !rest.StartsWith("reject: "u8))
        {
            return false;
        }

        e.Kind = SmtpEventKind.MessageRejected;
        e.Stage = SmtpStage.EndOfMessage;
        e.QueueId = Hash64.Of(text[..colon]);
        e.Text = message[(colon + 2)..];
        return true;
    }
}
