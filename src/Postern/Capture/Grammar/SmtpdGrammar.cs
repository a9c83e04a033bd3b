using Postern.Facts;

namespace Postern.Capture.Grammar;

/// <summary>
/// The messages of smtpd(8), from 3.0 to 3.11 (smtpd.c, smtpd_check.c, smtpd_sasl_glue.c, tls_server.c). Every form is
/// read from its first byte on; what a client wrote is only ever the tail of it.
/// </summary>
internal static class SmtpdGrammar
{
    /// <summary>Reads one message into the event.</summary>
    /// <returns>False where the message says nothing of a session.</returns>
    public static bool Read(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var text = message.Span;
        if (text.Length < 8)
        {
            return false;
        }

        return text[0] switch
        {
            (byte)'c' when text.StartsWith("connect from "u8) => ReadClient(message, 13, SmtpEventKind.Connect, ref e),
            (byte)'d' when text.StartsWith("disconnect from "u8) => ReadDisconnect(message, ref e),
            (byte)'d' when text.StartsWith("disconnect: bare <LF> received after "u8) => ReadAfterStage(message, 37, SmtpEventKind.BareNewline, ref e),
            (byte)'l' or (byte)'t' when ReadEnding(message, 0, ref e) => true,
            (byte)'b' when text.StartsWith("bare <LF> received after "u8) => ReadAfterStage(message, 25, SmtpEventKind.BareNewline, ref e),
            (byte)'r' when text.StartsWith("reject: bare <LF> received after "u8) => ReadAfterStage(message, 33, SmtpEventKind.BareNewline, ref e),
            (byte)'n' when text.StartsWith("notice: bare <LF> received after "u8) => ReadAfterStage(message, 33, SmtpEventKind.BareNewline, ref e),
            (byte)'i' when text.StartsWith("improper command pipelining after "u8) => ReadAfterStage(message, 34, SmtpEventKind.Pipelining, ref e),
            (byte)'S' when text.StartsWith("SSL_accept error from "u8) => ReadClient(message, 22, SmtpEventKind.TlsFailure, ref e),
            (byte)'A' or (byte)'T' or (byte)'U' or (byte)'V' => ReadTls(message, ref e),
            (byte)'p' when text.StartsWith("proxy-reject: "u8) => QueueGrammar.ReadProxyReply(message, 14, ref e),
            (byte)'w' when text.StartsWith("warning: "u8) => WarningGrammar.Read(message[9..], ref e),
            _ => QueueGrammar.Read(message, ref e),
        };
    }

    /// <summary>Reads how a session ended: <c>lost connection after STAGE from HOST[IP]</c>, <c>timeout after …</c>, <c>too many errors after …</c>.</summary>
    public static bool ReadEnding(ReadOnlyMemory<byte> message, int at, ref SmtpEvent e)
    {
        var text = message.Span[at..];
        return text.StartsWith("lost connection after "u8) ? ReadAfterStage(message, at + 22, SmtpEventKind.LostConnection, ref e)
            : text.StartsWith("timeout after "u8) ? ReadAfterStage(message, at + 14, SmtpEventKind.Timeout, ref e)
            : text.StartsWith("too many errors after "u8) && ReadAfterStage(message, at + 22, SmtpEventKind.TooManyErrors, ref e);
    }

    /// <summary>Reads a client at an offset, and what follows it as text (a colon and a blank are not part of it).</summary>
    public static bool ReadClient(ReadOnlyMemory<byte> message, int at, SmtpEventKind kind, ref SmtpEvent e)
    {
        var length = ClientField.Read(message.Span[at..], out var address, out var host, out _);
        if (length == 0)
        {
            return false;
        }

        e.Kind = kind;
        e.Client = address;
        e.HostName = message.Slice(at, host);
        e.Text = Tail(message, at + length);
        return true;
    }

    /// <summary>What follows a field: without the <c>: </c> that parts them.</summary>
    public static ReadOnlyMemory<byte> Tail(ReadOnlyMemory<byte> message, int at)
    {
        var span = message.Span;
        if (at < span.Length && span[at] is (byte)':' or (byte)',' or (byte)';')
        {
            at++;
        }

        if (at < span.Length && span[at] == ' ')
        {
            at++;
        }

        return message[at..];
    }

    private static bool ReadDisconnect(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        if (!ReadClient(message, 16, SmtpEventKind.Disconnect, ref e))
        {
            return false;
        }

        var counts = default(CommandCounts);
        CountsGrammar.Read(e.Text.Span, ref counts);
        e.Counts = counts;
        return true;
    }

    // "after DATA (1234 bytes) from HOST[IP]": the stage and the bytes are Postfix's own.
    private static bool ReadAfterStage(ReadOnlyMemory<byte> message, int at, SmtpEventKind kind, ref SmtpEvent e)
    {
        var text = message.Span;
        var length = StageNames.Read(text[at..], out var stage);
        if (length == 0)
        {
            return false;
        }

        at += length;
        if (text[at..].StartsWith(" ("u8))
        {
            var close = text[at..].IndexOf(") "u8);
            if (close is < 0 or > 40)
            {
                return false;
            }

            at += close + 1;
        }

        if (!text[at..].StartsWith(" from "u8) || !ReadClient(message, at + 6, kind, ref e))
        {
            return false;
        }

        e.Stage = stage;
        return true;
    }

    // "Anonymous TLS connection established from HOST[IP]: TLSv1.3 with cipher …"; reused sessions say "reused".
    private static bool ReadTls(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var text = message.Span;
        var blank = text[..Math.Min(text.Length, 16)].IndexOf((byte)' ');
        if (blank < 0 || !text[blank..].StartsWith(" TLS connection "u8))
        {
            return QueueGrammar.Read(message, ref e);
        }

        var at = blank + 16;
        foreach (var state in (ReadOnlySpan<string>)["established from ", "reused from "])
        {
            if (StartsWith(text[at..], state))
            {
                return ReadClient(message, at + state.Length, SmtpEventKind.TlsEstablished, ref e);
            }
        }

        return false;
    }

    private static bool StartsWith(ReadOnlySpan<byte> text, string ascii)
    {
        if (text.Length < ascii.Length)
        {
            return false;
        }

        return System.Text.Ascii.Equals(text[..ascii.Length], ascii);
    }
}
