using Postern.Capture.Stamps;
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
        if (text.StartsWith("warning: TLS library problem: "u8))
        {
            e.Kind = SmtpEventKind.TlsProblem;
            e.Text = message[30..];
            return true;
        }

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
        var at = ReadName(text, out var limit);
        if (at == 0)
        {
            return false;
        }

        var rate = Digits.Leading(text[at..], out var length);
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
        e.Limit = limit;
        return true;
    }

    private static int ReadName(ReadOnlySpan<byte> text, out SmtpLimit limit)
    {
        limit = SmtpLimit.None;
        if (!text.StartsWith("statistics: max "u8))
        {
            return 0;
        }

        var name = text[16..];
        (limit, var length) =
            name.StartsWith("connection rate "u8) ? (SmtpLimit.ConnectionRate, 16)
            : name.StartsWith("connection count "u8) ? (SmtpLimit.ConnectionCount, 17)
            : name.StartsWith("message rate "u8) ? (SmtpLimit.MessageRate, 13)
            : name.StartsWith("recipient rate "u8) ? (SmtpLimit.RecipientRate, 15)
            : name.StartsWith("newtls rate "u8) ? (SmtpLimit.NewTlsRate, 12)
            : name.StartsWith("auth rate "u8) ? (SmtpLimit.AuthRate, 10)
            : (SmtpLimit.None, 0);
        return length == 0 ? 0 : 16 + length;
    }
}

/// <summary>dnsblog(8)'s answers of DNS lists (dnsblog.c): one line an address record.</summary>
internal static class DnsblogGrammar
{
    /// <summary>Reads <c>addr 192.0.2.1 listed by domain zen.spamhaus.org as 127.0.0.4</c>.</summary>
    public static bool Read(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var text = message.Span;
        var end = text.StartsWith("addr "u8) ? text[5..].IndexOf((byte)' ') : -1;
        if (end is < 2 or > 64 || !ClientAddress.TryParse(text.Slice(5, end), out var client))
        {
            return false;
        }

        var at = 5 + end;
        if (!text[at..].StartsWith(" listed by domain "u8))
        {
            return false;
        }

        at += 18;
        var zone = text[at..].IndexOf((byte)' ');
        if (zone < 1 || !text[(at + zone)..].StartsWith(" as "u8))
        {
            return false;
        }

        e.Kind = IsListing(text[(at + zone + 4)..]) ? SmtpEventKind.DnsblListed : SmtpEventKind.DnsblError;
        e.Client = client;
        e.Text = message[at..];
        return true;
    }

    // What lists answer for "listed" is in 127.0.0.0/8 and not its first host (RFC 5782 section 2.1); 127.255.255.0/24 are errors
    // (a wrong name, an open resolver, too many queries), and so is any address that a resolver made up.
    private static bool IsListing(ReadOnlySpan<byte> code) =>
        code.StartsWith("127."u8) && !code.StartsWith("127.255.255."u8) && !code.SequenceEqual("127.0.0.1"u8);
}
