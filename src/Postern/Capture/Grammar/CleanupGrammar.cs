using Postern.Facts;

namespace Postern.Capture.Grammar;

/// <summary>
/// cleanup(8)'s refusals of whole messages (cleanup_message.c: cleanup_act_log; cleanup_milter.c). They quote the message, so
/// that only the queue id leads to the session, never an address in them.
/// </summary>
internal static class CleanupGrammar
{
    /// <summary>True for <c>QUEUEID: message-id=&lt;…&gt;</c>, which cleanup says of every message, so that it has a short way.</summary>
    public static bool IsMessageId(ReadOnlySpan<byte> text) => text[..Math.Min(text.Length, 40)].IndexOf(": message-id="u8) is >= 5 and <= 24;

    /// <summary>
    /// Reads <c>QUEUEID: milter-reject: END-OF-MESSAGE …</c>, <c>QUEUEID: reject: header …</c>, the same with <c>discard</c>, and
    /// <c>warning: QUEUEID: queue file size limit exceeded</c>.
    /// </summary>
    public static bool Read(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var text = message.Span;
        var warning = text.StartsWith("warning: "u8);
        var start = warning ? 9 : 0;
        var length = QueueGrammar.ReadQueueId(text[start..], out var id);
        if (length == 0 || id == 0)
        {
            return false;
        }

        var rest = message[(start + length)..];
        var words = rest.Span;
        e.Stage = SmtpStage.EndOfMessage;
        e.QueueId = id;
        if (warning)
        {
            e.Kind = SmtpEventKind.MessageTooBig;
            return words.SequenceEqual("queue file size limit exceeded"u8);
        }

        return words.StartsWith("milter-reject: "u8) ? ReadMilter(rest, 15, SmtpEventKind.MessageRejected, ref e)
            : words.StartsWith("milter-discard: "u8) ? ReadMilter(rest, 16, SmtpEventKind.Discarded, ref e)
            : words.StartsWith("milter-header-reject: "u8) || words.StartsWith("milter-body-reject: "u8) || words.StartsWith("reject: "u8)
                ? ReadChecks(rest, SmtpEventKind.MessageRejected, ref e)
            : (words.StartsWith("milter-header-discard: "u8) || words.StartsWith("milter-body-discard: "u8) || words.StartsWith("discard: "u8))
                && ReadChecks(rest, SmtpEventKind.Discarded, ref e);
    }

    // "END-OF-MESSAGE from HOST[IP]: 5.7.1 reason; from=<…> …": all before the reason is Postfix's own.
    private static bool ReadMilter(ReadOnlyMemory<byte> rest, int at, SmtpEventKind kind, ref SmtpEvent e)
    {
        var stage = StageNames.Read(rest.Span[at..], out _);
        var from = at + stage + 6;
        if (stage > 0 && from < rest.Length)
        {
            var client = ClientField.Read(rest.Span[from..], out _, out _, out _);
            rest = client == 0 ? rest[from..] : SmtpdGrammar.Tail(rest, from + client);
        }

        return Tell(rest, rest.Span, kind, ref e);
    }

    // "header Subject: … from HOST[IP]; from=<…> to=<…> proto=ESMTP helo=<NAME>: 5.7.1 reason": the reason is the operator's, behind
    // the last helo=<…>, in which Postfix leaves no blank. What stands before it is the client's, and is not told.
    private static bool ReadChecks(ReadOnlyMemory<byte> rest, SmtpEventKind kind, ref SmtpEvent e)
    {
        var text = rest.Span;
        if (text.StartsWith("reject: mime-error "u8))
        {
            var end = text[8..].IndexOf((byte)':');
            return Tell(end < 0 ? rest[8..] : rest.Slice(8, end), "5"u8, kind, ref e);
        }

        var helo = text.LastIndexOf(" helo=<"u8);
        var close = helo < 0 ? -1 : text[helo..].IndexOf(">: "u8);
        return close < 0 ? Tell(default, "5"u8, kind, ref e) : Tell(rest[helo..], text[(helo + close + 3)..], kind, ref e);
    }

    private static bool Tell(ReadOnlyMemory<byte> text, ReadOnlySpan<byte> reason, SmtpEventKind kind, ref SmtpEvent e)
    {
        e.Kind = kind;
        e.Text = text;
        if (kind == SmtpEventKind.MessageRejected)
        {
            e.Number = reason.StartsWith("4."u8) ? 450 : 550;
        }

        return true;
    }
}
