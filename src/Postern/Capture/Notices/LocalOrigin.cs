using MimeKit;

namespace Postern.Capture.Notices;

/// <summary>
/// Tells a notice that this host's Postfix made from a mail that was written to look like one. Whatever arrives from
/// elsewhere bears a Received field with a <c>from</c> clause that the server itself put above all that the sender wrote; a
/// notice has only <c>by HOST (Postfix)</c>. The envelope sender proves nothing, as it is the client's choice.
/// </summary>
internal static class LocalOrigin
{
    /// <summary>True where Postfix, under the name <paramref name="mailName"/>, made the message on the machine that holds it.</summary>
    public static bool Proves(HeaderList headers, string mailName)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (!IsFromDaemon(headers))
        {
            return false;
        }

        string? host = null;
        var made = false;
        foreach (var header in headers)
        {
            if (header.Id != HeaderId.Received)
            {
                continue;
            }
            // Newest first: nothing can have been below the field that the making of the message added.
            if (made)
            {
                return false;
            }

            var field = ReceivedField.Read(header.RawValue, mailName);
            made = field.Kind == ReceivedKind.Made;
            // Whoever hands a message on into a mailbox here is the Postfix that made it.
            if (field.Kind == ReceivedKind.Other || (host is not null && !string.Equals(host, field.Host, StringComparison.Ordinal)))
            {
                return false;
            }

            host = field.Host;
        }

        return made;
    }

    private static bool IsFromDaemon(HeaderList headers) =>
        InternetAddressList.TryParse(headers[HeaderId.From] ?? "", out var from)
        && from is [MailboxAddress address]
        && address.Address.StartsWith("MAILER-DAEMON@", StringComparison.OrdinalIgnoreCase);
}
