using Postern.Capture.Inputs;
using Postern.Facts;

namespace Postern.Capture.Notices;

/// <summary>Reads all notices of an mbox, a Maildir, a message or a pasted text.</summary>
internal sealed class NoticeReader
{
    /// <summary>The longest line of a pasted text that is looked at: Postfix takes commands up to 2 kB.</summary>
    private const int MaxPastedLine = 16 * 1024;

    private readonly Action<Notice> _found;
    private long _read;
    private long _foreign;
    private long _unreadable;
    private long _other;

    private NoticeReader(Action<Notice> found) => _found = found;

    /// <summary>True for the kinds of input that hold notices.</summary>
    public static bool Reads(InputKind kind) =>
        kind is InputKind.Mbox or InputKind.Maildir or InputKind.Message or InputKind.Transcript;

    /// <summary>Reads <paramref name="input"/> to its end, in the order of the file.</summary>
    /// <param name="input">Of a kind that this <see cref="Reads"/>; stays the caller's.</param>
    /// <param name="found">Called with each notice.</param>
    /// <param name="cancellation">Ends the reading between two messages.</param>
    /// <exception cref="IOException">The disk or the pipe failed while it was read.</exception>
    /// <exception cref="OperationCanceledException">As asked.</exception>
    public static NoticeCounts Read(OpenedInput input, Action<Notice> found, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(found);
        var reader = new NoticeReader(found);
        switch (input.Kind)
        {
            case InputKind.Mbox:
                new MboxReader(message =>
                {
                    cancellation.ThrowIfCancellationRequested();
                    reader.Count(NoticeMessage.Read(message, isChosen: false));
                }).Read(input.Content);
                break;
            case InputKind.Maildir:
                reader.ReadMaildir(input.Path, cancellation);
                break;
            case InputKind.Message:
                reader.ReadMessage(input.Content, new byte[NoticeMessage.MaxLength], isChosen: true);
                break;
            case InputKind.Transcript:
                reader.ReadPasted(input.Content, cancellation);
                break;
            default:
                throw new ArgumentException($"{input.Kind} holds no notices.", nameof(input));
        }

        return new NoticeCounts(reader._read, reader._foreign, reader._unreadable, reader._other);
    }

    private void ReadMaildir(string path, CancellationToken cancellation)
    {
        var buffer = new byte[NoticeMessage.MaxLength];
        foreach (var file in MaildirFiles.Enumerate(path, () => _unreadable++))
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                Count(NoticeMessage.ReadFile(file, buffer));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _unreadable++;
            }
        }
    }

    private void ReadMessage(Stream content, byte[] buffer, bool isChosen)
    {
        var length = content.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        Count(NoticeMessage.Read(buffer.AsMemory(0, length), isChosen));
    }

    private void ReadPasted(Stream content, CancellationToken cancellation)
    {
        var head = new byte[InputRecogniser.HeadLength];
        var length = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var whole = new PeekedStream(head.AsMemory(0, length), content);
        var transcript = new PastedTranscript(Hand, default, PastedLine.IsHtml(head.AsSpan(0, length)));
        var lines = new LineReader(whole, MaxPastedLine);
        while (lines.TryRead(out var line, out var startsLine))
        {
            cancellation.ThrowIfCancellationRequested();
            if (startsLine)
            {
                transcript.Add(line.TrimEnd("\r\n"u8));
            }
        }

        transcript.Complete();
    }

    private void Count(MessageFinding finding)
    {
        foreach (var notice in finding.Notices)
        {
            Hand(notice);
        }

        _foreign += finding.Kind == MessageKind.Foreign ? 1 : 0;
        _unreadable += finding.Kind == MessageKind.Unreadable ? 1 : 0;
        _other += finding.Kind == MessageKind.Other ? 1 : 0;
    }

    private void Hand(Notice notice)
    {
        _read++;
        _found(notice);
    }
}
