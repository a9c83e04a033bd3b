using Postern.Facts;

namespace Postern.Capture.Grammar;

/// <summary>
/// Mail of own users on its way out: pickup(8)'s <c>QUEUEID: uid=1000 from=&lt;user&gt;</c> (pickup.c) and what smtp(8) delivered,
/// <c>QUEUEID: to=&lt;USER@DOMAIN&gt;, relay=…, delay=…, delays=…, dsn=2.0.0, status=sent (…)</c> (log_adhoc.c). What the other server
/// said stands behind the status, in parentheses.
/// </summary>
internal static class DeliveryGrammar
{
    private const int LongestQueueId = 24;

    /// <summary>Reads a message of pickup(8).</summary>
    public static bool ReadPickup(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var text = message.Span;
        var at = QueueId(text, ref e);
        if (at == 0 || !text[at..].StartsWith("uid="u8))
        {
            return false;
        }

        var from = text[at..].IndexOf(" from=<"u8);
        // Without a sender it is a bounce or a program's reply to whoever wrote: nobody's correspondence.
        if (from < 0 || text[(at + from + 7)..].StartsWith(">"u8))
        {
            return false;
        }

        e.Kind = SmtpEventKind.Submitted;
        return true;
    }

    /// <summary>Reads a message of smtp(8); the event's text is the recipient's domain.</summary>
    public static bool ReadDelivery(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var text = message.Span;
        var at = QueueId(text, ref e);
        if (at == 0 || !text[at..].StartsWith("to=<"u8))
        {
            return false;
        }

        at += 4;
        var relay = text[at..].IndexOf(">, relay="u8);
        var original = text[at..].IndexOf(">, orig_to=<"u8);
        var end = original >= 0 && original < relay ? original : relay;
        if (end <= 0 || !IsSent(text[(at + relay)..]))
        {
            return false;
        }

        var sign = text.Slice(at, end).LastIndexOf((byte)'@');
        if (sign < 0 || sign + 1 == end)
        {
            return false;
        }

        e.Kind = SmtpEventKind.DeliveredTo;
        e.Text = message.Slice(at + sign + 1, end - sign - 1);
        return true;
    }

    // The first status is Postfix's own: what stands before it are numbers and the name of the other server.
    private static bool IsSent(ReadOnlySpan<byte> rest)
    {
        var status = rest.IndexOf(", status="u8);
        return status >= 0 && rest[(status + 9)..].StartsWith("sent ("u8);
    }

    private static int QueueId(ReadOnlySpan<byte> text, ref SmtpEvent e)
    {
        var colon = text[..Math.Min(text.Length, LongestQueueId + 1)].IndexOf(": "u8);
        if (colon < 5 || !QueueGrammar.IsQueueId(text[..colon]))
        {
            return 0;
        }

        e.QueueId = Hash64.Of(text[..colon]);
        return colon + 2;
    }
}
