using MimeKit;

namespace Postern.Capture.Notices;

/// <summary>
/// Tells a notice that the server made from a mail that was written to look like one. Whatever arrives from elsewhere bears
/// a Received field with a <c>from</c> clause that the server itself put above all that the sender wrote; a notice has only
/// <c>by HOST (Postfix)</c>. The envelope sender proves nothing, as it is the client's choice.
/// </summary>
internal static class LocalOrigin
{
    /// <summary>Last hops into the operator's own mailbox: they may stand above the server's field.</summary>
    private static readonly string[] s_deliveryProtocols = ["LMTP", "LMTPA", "LMTPS", "LMTPSA", "IMAP", "IMAPS", "POP3", "POP3S"];

    /// <summary>True where Postfix, under the name <paramref name="mailName"/>, made the message on the machine that holds it.</summary>
    public static bool Proves(HeaderList headers, string mailName)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (!IsFromDaemon(headers))
            return false;

        var made = false;
        foreach (var header in headers)
        {
            if (header.Id != HeaderId.Received)
                continue;
            // Newest first: nothing can have been below the field that the making of the message added.
            if (made)
                return false;
            made = IsMadeHere(header.Value, mailName);
            if (!made && !IsDelivery(header.Value))
                return false;
        }

        return made;
    }

    private static bool IsFromDaemon(HeaderList headers) =>
        InternetAddressList.TryParse(headers[HeaderId.From] ?? "", out var from)
        && from is [MailboxAddress address]
        && address.Address.StartsWith("MAILER-DAEMON@", StringComparison.OrdinalIgnoreCase);

    /// <summary><c>by HOST (NAME) id QUEUEID; DATE</c> (cleanup_message.c); <c>(NAME, from userid N)</c> is a local user's mail.</summary>
    private static bool IsMadeHere(string value, string mailName)
    {
        var text = value.AsSpan().Trim();
        if (!text.StartsWith("by ", StringComparison.Ordinal))
            return false;
        var open = text.IndexOf('(');
        return open > 3 && !text[3..(open - 1)].ContainsAny(" \t\r\n")
            && text[(open + 1)..].StartsWith(mailName, StringComparison.Ordinal)
            && text[(open + 1 + mailName.Length)..] is [')', .. var rest]
            && rest.TrimStart().StartsWith("id ", StringComparison.Ordinal);
    }

    /// <summary>A hop that no stranger can make: into the mailbox by LMTP, out of it by IMAP or POP3, or over the loopback.</summary>
    private static bool IsDelivery(string value)
    {
        var text = value.AsSpan().Trim();
        var by = IndexOfWord(text, "by");
        if (!text.StartsWith("from ", StringComparison.Ordinal) || by < 0)
            return false;
        var with = IndexOfWord(text[by..], "with");
        if (with >= 0)
        {
            var protocol = text[(by + with + 6)..].TrimStart();
            var end = protocol.IndexOfAny(" \t\r\n;");
            if (end >= 0)
                protocol = protocol[..end];
            foreach (var name in s_deliveryProtocols)
            {
                if (protocol.Equals(name, StringComparison.OrdinalIgnoreCase))
                    return true;
            }
        }

        return IsLoopback(text[..by]);
    }

    /// <summary>
    /// True where the only address in brackets is a loopback one. Postfix writes the client's address as the last thing of
    /// the clause and takes brackets and parentheses out of the HELO name.
    /// </summary>
    private static bool IsLoopback(ReadOnlySpan<char> clause)
    {
        var open = clause.IndexOf('[');
        return open >= 0 && open == clause.LastIndexOf('[')
            && (clause[open..].StartsWith("[127.0.0.1])", StringComparison.Ordinal)
                || clause[open..].StartsWith("[IPv6:::1])", StringComparison.Ordinal)
                || clause[open..].StartsWith("[::1])", StringComparison.Ordinal));
    }

    private static int IndexOfWord(ReadOnlySpan<char> text, string word)
    {
        for (var at = 0; at < text.Length;)
        {
            var next = text[at..].IndexOf(word, StringComparison.Ordinal);
            if (next < 0)
                return -1;
            at += next;
            var end = at + word.Length;
            if (at > 0 && char.IsWhiteSpace(text[at - 1]) && end < text.Length && char.IsWhiteSpace(text[end]))
                return at - 1;
            at = end;
        }

        return -1;
    }
}
