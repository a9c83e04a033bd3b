using Postern.Facts;

namespace Postern.Capture.Notices;

/// <summary>The subject <c>Postfix SMTP server: errors from HOST[IP]</c> (smtpd_chat.c).</summary>
/// <param name="MailName">What stands before <c>SMTP server</c>: Postfix's mail_name.</param>
/// <param name="HostName">The client's host name, null for <c>unknown</c>.</param>
/// <param name="Client">The client's address, unknown for <c>unknown</c>.</param>
internal readonly record struct NoticeSubject(string MailName, string? HostName, ClientAddress Client)
{
    private const string Mark = "SMTP server: errors from ";
    private const int MaxHostName = 255;

    /// <summary>Reads the subject of a notice as Postfix writes it, with nothing before or after.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out NoticeSubject subject)
    {
        text = text.Trim(" \t\r\n");
        var at = text.IndexOf(Mark, StringComparison.Ordinal);
        if (at > 1 && text[at - 1] == ' ' && TryParseClient(text[(at + Mark.Length)..], exact: true, out var host, out var client))
        {
            subject = new NoticeSubject(text[..(at - 1)].ToString(), host, client);
            return true;
        }

        subject = default;
        return false;
    }

    /// <summary>Finds the same words in text that people and mail programs have handled: after <c>Re:</c>, with blanks lost.</summary>
    public static bool TryFind(ReadOnlySpan<char> text, out NoticeSubject subject)
    {
        var at = text.IndexOf(Mark, StringComparison.Ordinal);
        subject = default;
        if (at < 0 || !TryParseClient(text[(at + Mark.Length)..].TrimStart(" \t"), exact: false, out var host, out var client))
        {
            return false;
        }

        subject = new NoticeSubject("", host, client);
        return true;
    }

    private static bool TryParseClient(ReadOnlySpan<char> text, bool exact, out string? host, out ClientAddress client)
    {
        host = null;
        client = default;
        // The host name cannot hold a bracket, so the first one ends it.
        var open = text.IndexOf('[');
        if (open is <= 0 or > MaxHostName)
        {
            return false;
        }

        var close = text[open..].IndexOf(']');
        if (close < 0 || text[..open].ContainsAnyExceptInRange('!', '~') || (exact && !IsPort(text[(open + close + 1)..])))
        {
            return false;
        }

        var address = text.Slice(open + 1, close - 1);
        if (!address.SequenceEqual("unknown") && !ClientAddress.TryParse(address, out client))
        {
            return false;
        }

        host = text[..open].SequenceEqual("unknown") ? null : text[..open].ToString();
        return true;
    }

    /// <summary>Nothing, or the <c>:port</c> of smtpd_client_port_logging.</summary>
    private static bool IsPort(ReadOnlySpan<char> text) =>
        text.IsEmpty || (text[0] == ':' && text.Length is > 1 and < 7 && !text[1..].ContainsAnyExceptInRange('0', '9'));
}
