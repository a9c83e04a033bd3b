using System.Text;
using Postern.Facts;

namespace Postern.Classification.Live;

/// <summary>Reads the envelope sender of a refused message. It is the client's own word, and proves nothing before SPF has been asked.</summary>
internal static class EnvelopeSender
{
    private const int Longest = 320;

    /// <summary>The sender of the last refusal that names one; null where none does, or it is that of a bounce.</summary>
    public static string? Of(SmtpSession session)
    {
        for (var i = session.Events.Count - 1; i >= 0; i--)
        {
            if (session.Events[i].Kind == SmtpEventKind.Reject && Of(session.Events[i].Text.Span) is { } sender)
            {
                return sender;
            }
        }

        return null;
    }

    // "554 5.7.1 …; from=<user@domain> to=<…> proto=ESMTP helo=<…>"
    private static string? Of(ReadOnlySpan<byte> text)
    {
        var from = text.LastIndexOf("; from=<"u8);
        if (from < 0)
        {
            return null;
        }

        var rest = text[(from + 8)..];
        var end = rest.IndexOf("> "u8);
        var sender = end > 0 ? rest[..end] : default;
        return sender.Length is > 2 and <= Longest && sender.IndexOf((byte)'@') > 0 && !sender.ContainsAnyExceptInRange((byte)'!', (byte)'~') ? Encoding.ASCII.GetString(sender) : null;
    }
}
