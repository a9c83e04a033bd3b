using System.Text;
using MimeKit;
using MimeKit.Utils;
using Postern.Cli.Configuration;

namespace Postern.Cli.Notifications.Mail;

/// <summary>
/// Writes the mails of Postern (RFC 5322), marked as made by a program (RFC 3834), so that no vacation responder answers. Postern's own
/// are no evidence: they are not from MAILER-DAEMON, and their subject is none of Postfix's notices.
/// </summary>
/// <param name="from">The sender's address.</param>
/// <param name="host">This host's name.</param>
internal sealed class MailWriter(string from, string host)
{
    private const int LongestLine = 78;

    /// <summary>A mail as sendmail(1) takes it: lines end with a line feed, and all is of 7 bits.</summary>
    /// <param name="to">The recipients.</param>
    /// <param name="subject">The subject, without a client's words.</param>
    /// <param name="body">The body.</param>
    /// <param name="at">When.</param>
    /// <param name="name">The sender's name.</param>
    public byte[] Write(IReadOnlyList<string> to, string subject, MimeEntity body, DateTimeOffset at, string name = "Postern")
    {
        using var message = new MimeMessage();
        message.From.Add(new MailboxAddress(Encoding.UTF8, name, from));
        foreach (var address in to)
        {
            message.To.Add(new MailboxAddress(Encoding.UTF8, null, address));
        }

        message.Subject = subject;
        message.Date = at;
        message.MessageId = MimeUtils.GenerateMessageId(MailName.DomainOf(from) ?? host);
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Body = body;
        message.Prepare(EncodingConstraint.SevenBit, LongestLine);
        using var output = new MemoryStream();
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Unix;
        message.WriteTo(format, output);
        return output.ToArray();
    }

    /// <summary>A plain text.</summary>
    public static TextPart Text(string text) => new("plain") { Text = text.EndsWith('\n') ? text : text + "\n" };
}
