using System.Buffers;
using Postern.Capture.Stamps;
using Postern.Facts;

namespace Postern.Capture.Grammar;

/// <summary>
/// The messages of postscreen(8) (postscreen.c, postscreen_early.c, postscreen_smtpd.c, postscreen_misc.c). One process
/// serves all clients, so a conversation is told by address and port, both Postfix's own.
/// </summary>
internal static class PostscreenGrammar
{
    // "11 after 0.1": all that may stand before the client of a PREGREET or HANGUP.
    private static readonly SearchValues<byte> s_delayBytes = SearchValues.Create("0123456789.after "u8);
    private static readonly byte[] s_concurrency = [.. "Connection concurrency"u8];

    /// <summary>Reads one message into the event; false where the message says nothing of a client.</summary>
    public static bool Read(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var text = message.Span;
        if (text.Length < 10)
        {
            return false;
        }

        switch (text[0])
        {
            case (byte)'C':
                return text.StartsWith("CONNECT from "u8) ? ReadClient(message, 13, SmtpEventKind.Connect, ref e)
                    : text.StartsWith("COMMAND PIPELINING from "u8) ? ReadViolation(message, 24, SmtpEventKind.Pipelining, ref e)
                    : text.StartsWith("COMMAND TIME LIMIT from "u8) ? ReadViolation(message, 24, SmtpEventKind.Timeout, ref e)
                    : text.StartsWith("COMMAND COUNT LIMIT from "u8) ? ReadViolation(message, 25, SmtpEventKind.TooManyErrors, ref e)
                    : text.StartsWith("COMMAND LENGTH LIMIT from "u8) && ReadViolation(message, 26, SmtpEventKind.NonSmtpCommand, ref e);
            case (byte)'P':
                return text.StartsWith("PREGREET "u8) ? ReadFrom(message, 9, SmtpEventKind.Pregreet, ref e)
                    : text.StartsWith("PASS "u8) && ReadPass(message, ref e);
            case (byte)'H':
                return text.StartsWith("HANGUP after "u8) && ReadHangup(message, ref e);
            case (byte)'B' when text.StartsWith("BARE NEWLINE from "u8):
                return ReadViolation(message, 18, SmtpEventKind.BareNewline, ref e);
            case (byte)'B' when text.StartsWith("BLACKLISTED "u8):
                return ReadClient(message, 12, SmtpEventKind.Denylisted, ref e);
            case (byte)'N' when text.StartsWith("NON-SMTP COMMAND from "u8):
                return ReadViolation(message, 22, SmtpEventKind.NonSmtpCommand, ref e);
            case (byte)'N' when text.StartsWith("NOQUEUE: reject: "u8):
                return ReadRejection(message, 17, ref e);
            case (byte)'r' when text.StartsWith("reject: connect from "u8):
                return ReadClient(message, 21, SmtpEventKind.ServerBusy, ref e);
            case (byte)'D' or (byte)'B' when text[1..].StartsWith("ATA without valid RCPT from "u8) || text[1..].StartsWith("DAT without valid RCPT from "u8):
                return ReadClient(message, 29, SmtpEventKind.NoValidRecipient, ref e);
            case (byte)'D':
                return text.StartsWith("DISCONNECT "u8) ? ReadClient(message, 11, SmtpEventKind.Disconnect, ref e)
                    : text.StartsWith("DENYLISTED "u8) ? ReadClient(message, 11, SmtpEventKind.Denylisted, ref e)
                    : text.StartsWith("DNSBL rank "u8) && ReadRank(message, ref e);
            case (byte)'A' or (byte)'W' when text.StartsWith("ALLOWLIST VETO "u8) || text.StartsWith("WHITELIST VETO "u8):
                return ReadClient(message, 15, SmtpEventKind.AllowlistVeto, ref e);
            case (byte)'A' when text.StartsWith("ALLOWLISTED "u8):
                return ReadClient(message, 12, SmtpEventKind.Pass, ref e);
            case (byte)'W' when text.StartsWith("WHITELISTED "u8):
                return ReadClient(message, 12, SmtpEventKind.Pass, ref e);
            default:
                return false;
        }
    }

    /// <summary>The conversation of an address and port.</summary>
    public static ulong Conversation(ClientAddress client, int port) => SeededHash.Of64(client.High ^ ((ulong)port << 48) ^ (ulong)port, client.Low);

    private static bool ReadClient(ReadOnlyMemory<byte> message, int at, SmtpEventKind kind, ref SmtpEvent e)
    {
        var length = ClientField.Read(message.Span[at..], out var client, out _, out var port);
        if (length == 0 || !client.IsKnown)
        {
            return false;
        }

        e.Kind = kind;
        e.Client = client;
        e.Conversation = Conversation(client, port);
        e.Text = SmtpdGrammar.Tail(message, at + length);
        return true;
    }

    // "11 after 0.1 from [IP]:port: TEXT" and "0.2 from [IP]:port in tests …": numbers of Postfix stand before the client.
    private static bool ReadFrom(ReadOnlyMemory<byte> message, int at, SmtpEventKind kind, ref SmtpEvent e)
    {
        var rest = message.Span[at..];
        var from = rest[..Math.Min(rest.Length, 48)].IndexOf(" from ["u8);
        return from >= 0 && rest[..from].IndexOfAnyExcept(s_delayBytes) < 0
            && ReadClient(message, at + from + 6, kind, ref e);
    }

    // "0.2 from [IP]:port in tests before SMTP handshake": the client did not wait for the greeting. "after": what it said is not told.
    private static bool ReadHangup(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        if (!ReadFrom(message, 13, SmtpEventKind.LostConnection, ref e))
        {
            return false;
        }

        e.Stage = e.Text.Span.SequenceEqual("in tests before SMTP handshake"u8) ? SmtpStage.Connect : SmtpStage.None;
        return true;
    }

    // "[IP]:port after STAGE: TEXT"; the stage of a command that postscreen does not know is the client's own word.
    private static bool ReadViolation(ReadOnlyMemory<byte> message, int at, SmtpEventKind kind, ref SmtpEvent e)
    {
        if (!ReadClient(message, at, kind, ref e))
        {
            return false;
        }

        var text = e.Text.Span;
        if (text.StartsWith("after "u8))
        {
            var stageEnd = text[6..].IndexOfAny((byte)':', (byte)' ');
            var name = stageEnd < 0 ? text[6..] : text.Slice(6, stageEnd);
            Span<byte> padded = stackalloc byte[24];
            if (name.Length < padded.Length)
            {
                name.CopyTo(padded);
                padded[name.Length] = (byte)' ';
                StageNames.Read(padded[..(name.Length + 1)], out var stage);
                e.Stage = stage;
            }

            e.Text = stageEnd < 0 ? default : SmtpdGrammar.Tail(e.Text, 6 + stageEnd);
        }

        return true;
    }

    private static bool ReadRejection(ReadOnlyMemory<byte> message, int at, ref SmtpEvent e)
    {
        var length = StageNames.Read(message.Span[at..], out var stage);
        if (length == 0 || !message.Span[(at + length)..].StartsWith(" from "u8)
            || !ReadClient(message, at + length + 6, SmtpEventKind.Reject, ref e))
        {
            return false;
        }

        e.Stage = stage;
        e.Number = Digits.Leading(e.Text.Span, out _);
        if (stage == SmtpStage.Connect && e.Text.Span.SequenceEqual("all server ports busy"u8))
        {
            e.Kind = SmtpEventKind.ServerBusy;
        }
        else if (stage == SmtpStage.Connect && e.Text.Span.SequenceEqual("too many connections"u8))
        {
            // postscreen_client_connection_count_limit: the same limit as smtpd's, in other words.
            e.Kind = SmtpEventKind.LimitExceeded;
            e.Text = s_concurrency;
            e.Limit = SmtpLimit.ConnectionCount;
        }

        return true;
    }

    private static bool ReadPass(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var bracket = message.Span[..Math.Min(message.Length, 12)].IndexOf((byte)'[');
        return bracket > 0 && ReadClient(message, bracket, SmtpEventKind.Pass, ref e);
    }

    private static bool ReadRank(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var rank = Digits.Leading(message.Span[11..], out var length);
        var at = 11 + length;
        if (length == 0 || !message.Span[at..].StartsWith(" for "u8) || !ReadClient(message, at + 5, SmtpEventKind.DnsblRank, ref e))
        {
            return false;
        }

        e.Number = rank;
        return true;
    }
}
