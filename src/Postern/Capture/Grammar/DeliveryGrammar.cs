using Postern.Facts;

namespace Postern.Capture.Grammar;

/// <summary>
/// Mail on its way: pickup(8)'s <c>QUEUEID: uid=1000 from=&lt;user&gt;</c> (pickup.c), qmgr(8)'s <c>QUEUEID: from=&lt;user@domain&gt;, size=…,
/// nrcpt=…</c> (qmgr_active.c), and what smtp(8) and its sisters delivered,
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
        var at = QueueId(text, "uid="u8, ref e);
        if (at == 0)
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

    /// <summary>Reads who sent a message, by qmgr(8); the event's text is the domain.</summary>
    public static bool ReadSender(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var text = message.Span;
        var at = QueueId(text, "from=<"u8, ref e);
        if (at == 0)
        {
            return false;
        }

        at += 6;
        var end = text[at..].LastIndexOf(">, size="u8);
        if (end < 0)
        {
            return false;
        }

        e.Kind = SmtpEventKind.Queued;
        e.Text = message.Slice(at, end)[(text.Slice(at, end).LastIndexOf((byte)'@') + 1)..];
        return true;
    }

    /// <summary>Reads a message of local(8), virtual(8), lmtp(8) or pipe(8); the event's text is the recipient's domain.</summary>
    /// <param name="message">The message.</param>
    /// <param name="known">Hashes of domains that have been told: one of them tells nothing new.</param>
    /// <param name="e">The event.</param>
    public static bool ReadDeliveryHere(ReadOnlyMemory<byte> message, ulong[] known, ref SmtpEvent e)
    {
        if (!ReadDelivery(message, ref e) || IsKnown(e.Text.Span, known))
        {
            return false;
        }

        e.Kind = SmtpEventKind.DeliveredHere;
        return true;
    }

    /// <summary>Reads a message of smtp(8); the event's text is the recipient's domain.</summary>
    public static bool ReadDelivery(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var text = message.Span;
        var at = QueueId(text, "to=<"u8, ref e);
        if (at == 0)
        {
            return false;
        }

        at += 4;
        var end = EndOfAddress(text[at..], out var isAlias);
        var relay = isAlias ? text[(at + end)..].IndexOf(">, relay="u8) : 0;
        if (end <= 0 || relay < 0 || !IsSent(text[(at + end + relay)..]))
        {
            return false;
        }

        relay += end;

        var sign = text.Slice(at, end).LastIndexOf((byte)'@');
        if (sign < 0 || sign + 1 == end)
        {
            return false;
        }

        e.Kind = SmtpEventKind.DeliveredTo;
        e.Text = message.Slice(at + sign + 1, end - sign - 1);
        e.Number = isAlias ? SmtpEvent.ByAlias : 0;
        ReadNextHop(message, at + relay + 9, ref e);
        return true;
    }

    private static bool IsKnown(ReadOnlySpan<byte> domain, ulong[] known)
    {
        var hash = SeededHash.Of(domain);
        ref var slot = ref known[hash % (ulong)known.Length];
        var isKnown = slot == hash;
        slot = hash;
        return isKnown;
    }

    // Where ">, relay=" or ">, orig_to=<" stands first.
    private static int EndOfAddress(ReadOnlySpan<byte> text, out bool isAlias)
    {
        isAlias = false;
        for (var end = 0; text[end..].IndexOf(">, "u8) is var next and >= 0; end++)
        {
            end += next;
            isAlias = text[(end + 3)..].StartsWith("orig_to=<"u8);
            if (isAlias || text[(end + 3)..].StartsWith("relay="u8))
            {
                return end;
            }
        }

        return 0;
    }

    // "mx.example.net[192.0.2.7]:25"; a socket or none at all is on this machine.
    private static void ReadNextHop(ReadOnlyMemory<byte> message, int at, ref SmtpEvent e)
    {
        var text = message.Span[at..];
        var end = text.IndexOf((byte)',');
        text = end < 0 ? text : text[..end];
        var open = text.IndexOf((byte)'[');
        var close = text.IndexOf((byte)']');
        if (open < 0 || close < open || !ClientAddress.TryParse(text[(open + 1)..close], out var server))
        {
            e.Number |= SmtpEvent.NextHopPrivate | SmtpEvent.NextHopLoopback;
            return;
        }

        e.HostName = message.Slice(at, open);
        e.Number |= PrivateNetworks.Contains(server) ? SmtpEvent.NextHopPrivate : 0;
        e.Number |= PrivateNetworks.IsLoopback(server) ? SmtpEvent.NextHopLoopback : 0;
    }

    // The first status is Postfix's own: what stands before it are numbers and the name of the other server.
    private static bool IsSent(ReadOnlySpan<byte> rest)
    {
        var status = rest.IndexOf(", status="u8);
        return status >= 0 && rest[(status + 9)..].StartsWith("sent ("u8);
    }

    // "QUEUEID: " and what must follow it.
    private static int QueueId(ReadOnlySpan<byte> text, ReadOnlySpan<byte> then, ref SmtpEvent e)
    {
        var colon = text[..Math.Min(text.Length, LongestQueueId + 1)].IndexOf(": "u8);
        if (colon < 5 || !text[(colon + 2)..].StartsWith(then) || !QueueGrammar.IsQueueId(text[..colon]))
        {
            return 0;
        }

        e.QueueId = SeededHash.Of(text[..colon]);
        return colon + 2;
    }
}
