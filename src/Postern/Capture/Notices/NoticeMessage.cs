using System.Text;
using MimeKit;
using Postern.Capture.Inputs;
using Postern.Facts;

namespace Postern.Capture.Notices;

/// <summary>Takes the notice out of a message: directly, or forwarded.</summary>
internal static class NoticeMessage
{
    /// <summary>How many bytes of a message are looked at; a notice has a few kilobytes.</summary>
    public const int MaxLength = 256 * 1024;

    private const int MaxMimeDepth = 16;
    private const int MaxForwards = 4;

    /// <summary>
    /// Reads one message. Out of a mailbox a notice counts only where the server made it. A single message was chosen by the
    /// operator, so a notice that it forwards counts too: attached, by the attachment's own header; quoted, as pasted text.
    /// </summary>
    /// <param name="bytes">The message, at most <see cref="MaxLength"/> bytes of it.</param>
    /// <param name="isChosen">True for a single message.</param>
    public static MessageFinding Read(ReadOnlyMemory<byte> bytes, bool isChosen)
    {
        if (!CouldBeNotice(bytes.Span, isChosen))
        {
            return MessageFinding.Of(MessageKind.Other);
        }

        try
        {
            using var stream = new MemoryStream(bytes.ToArray(), writable: false);
            var options = ParserOptions.Default.Clone();
            options.MaxMimeDepth = MaxMimeDepth;
            using var message = new MimeParser(options, stream, MimeFormat.Entity).ParseMessage();
            return Read(message, isChosen, MaxForwards);
        }
        catch (Exception e) when (e is FormatException or IOException or ArgumentException or InvalidOperationException)
        {
            return MessageFinding.Of(MessageKind.Unreadable);
        }
    }

    /// <summary>Reads a message of a Maildir; some servers keep old mail compressed.</summary>
    /// <param name="file">The message's file.</param>
    /// <param name="buffer">Room for it, of <see cref="MaxLength"/> bytes.</param>
    /// <exception cref="IOException">It is there no more, or the disk failed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static MessageFinding ReadFile(string file, byte[] buffer)
    {
        using var packed = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        var magic = new byte[CompressionReader.MagicLength];
        var start = packed.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        var compression = CompressionReader.Recognise(magic.AsSpan(0, start));
        using var plain = new PeekedStream(magic.AsMemory(0, start), packed);
        using Stream content = compression == Compression.None ? plain : CompressionReader.Open(plain, compression);
        var length = content.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return Read(buffer.AsMemory(0, length), isChosen: false);
    }

    private static MessageFinding Read(MimeMessage message, bool isChosen, int forwards)
    {
        var subject = message.Subject ?? "";
        if (NoticeSubject.TryParse(subject, out var parsed))
        {
            return !LocalOrigin.Proves(message.Headers, parsed.MailName) ? MessageFinding.Of(MessageKind.Foreign)
                : ReadBody(message, parsed) is { } notice ? new MessageFinding(MessageKind.Notice, [notice])
                : MessageFinding.Of(MessageKind.Other);
        }

        if (!isChosen || forwards == 0)
        {
            return MessageFinding.Of(MessageKind.Other);
        }

        var notices = new List<Notice>();
        var kind = MessageKind.Other;
        foreach (var attached in Attached(message.Body))
        {
            // Only the chosen message itself is vouched for; what is attached must stand by its own header.
            var finding = Read(attached, isChosen: false, forwards - 1);
            notices.AddRange(finding.Notices);
            kind = finding.Kind == MessageKind.Foreign ? MessageKind.Foreign : kind;
        }

        if (notices.Count == 0)
        {
            ReadQuoted(message, notices);
        }

        return notices.Count > 0 ? new MessageFinding(MessageKind.Notice, notices) : MessageFinding.Of(kind);
    }

    private static IEnumerable<MimeMessage> Attached(MimeEntity? entity) => entity switch
    {
        MessagePart { Message: { } message } => [message],
        Multipart parts => parts.SelectMany(Attached),
        _ => [],
    };

    private static Notice? ReadBody(MimeMessage message, NoticeSubject subject)
    {
        if (TextParts(message.Body).FirstOrDefault() is not { } part || ExactTranscript.Read(Decode(part)) is not { } notice)
        {
            return null;
        }

        return notice with
        {
            Client = subject.Client,
            HostName = subject.HostName,
            Time = message.Date == default ? default : LogTime.From(message.Date),
        };
    }

    private static void ReadQuoted(MimeMessage message, List<Notice> notices)
    {
        NoticeSubject.TryFind(message.Subject ?? "", out var subject);
        foreach (var part in TextParts(message.Body))
        {
            var transcript = new PastedTranscript(notices.Add, subject, part.IsHtml);
            ReadOnlySpan<byte> text = Decode(part);
            while (!text.IsEmpty)
            {
                var end = text.IndexOf((byte)'\n');
                transcript.Add(end < 0 ? text : text[..end]);
                text = end < 0 ? [] : text[(end + 1)..];
            }

            transcript.Complete();
            // The HTML part repeats the plain one.
            if (notices.Count > 0)
            {
                return;
            }
        }
    }

    private static IEnumerable<TextPart> TextParts(MimeEntity? entity) => entity switch
    {
        TextPart text => [text],
        Multipart parts => parts.SelectMany(TextParts),
        _ => [],
    };

    private static byte[] Decode(TextPart part)
    {
        if (part.Content is null)
        {
            return [];
        }

        using var decoded = new MemoryStream();
        part.Content.DecodeTo(decoded);
        return decoded.ToArray();
    }

    /// <summary>
    /// A cheap look before the message is taken apart, as most of a mailbox is other mail. A notice names its daemon in
    /// plain ASCII; a mail that only imitates one has its words somewhere.
    /// </summary>
    private static bool CouldBeNotice(ReadOnlySpan<byte> bytes, bool isChosen)
    {
        if (isChosen || bytes.IndexOf("errors from "u8) >= 0)
        {
            return true;
        }

        var header = bytes.IndexOf("\n\n"u8) is >= 0 and var plain ? bytes[..plain]
            : bytes.IndexOf("\r\n\r\n"u8) is >= 0 and var dos ? bytes[..dos]
            : bytes;
        for (var at = header.IndexOf((byte)'@'); at >= 0; at = header.IndexOf((byte)'@'))
        {
            if (at >= 13 && Ascii.EqualsIgnoreCase(header[(at - 13)..at], "MAILER-DAEMON"u8))
            {
                return true;
            }

            header = header[(at + 1)..];
        }

        return false;
    }
}
