using System.Text;
using Postern.Facts;

namespace Postern.Capture.Notices;

/// <summary>
/// Reads transcripts out of text that went through people's hands: quoted, indented, or with the indentation lost. Where the
/// indentation is kept it decides, as in the original; where it is lost, so does the width at which Postfix wraps.
/// </summary>
internal sealed class PastedTranscript
{
    /// <summary>Postfix wraps at this many characters, the leading blank not counted (smtpd_chat.c: LENGTH, INDENT).</summary>
    private const int WrapWidth = 78;
    private const int WrapIndent = 4;

    private readonly Action<Notice> _found;
    private readonly bool _html;
    private DialogueBuilder? _dialogue;
    private NoticeSubject _subject;
    private SessionEnd _ending;
    private int _base;
    private int _widest;
    private bool _ended;
    private bool _headline;

    /// <summary>Hands each transcript to <paramref name="found"/>.</summary>
    /// <param name="found">Called as each ends.</param>
    /// <param name="subject">The subject of the message around the text, or the default.</param>
    /// <param name="html">True where lines have tags and entities.</param>
    public PastedTranscript(Action<Notice> found, NoticeSubject subject, bool html)
    {
        _found = found;
        _subject = subject;
        _html = html;
    }

    /// <summary>Takes the next line, without its line feed.</summary>
    public void Add(ReadOnlySpan<byte> raw)
    {
        ReadOnlySpan<byte> line = PastedLine.Clean(raw, _html, out var width);
        var text = line.TrimStart((byte)' ');
        if (text.IsEmpty)
        {
            // One of blanks that are not ASCII's may be a client's words, and the next line may go on with them.
            _widest = width == 0 ? 0 : width + WrapIndent;
            return;
        }

        var indent = line.Length - text.Length;
        if (TryMark(text, out var fromClient, out var spoken) && IsDialogue(indent, fromClient))
        {
            Speak(fromClient, spoken, indent, Math.Max(width, text.Length));
        }
        else if (_dialogue is { Begun: > 0 } && !_ended && (indent >= _base + 2 || CouldBeWrapped(text)))
        {
            Continue(text, Math.Max(width, text.Length));
        }
        else
        {
            Around(text);
        }
    }

    /// <summary>Ends the text, and with it a transcript that has no end of its own.</summary>
    public void Complete()
    {
        var notice = _dialogue?.Build(_ending);
        _dialogue = null;
        _ended = false;
        _headline = false;
        _ending = SessionEnd.NotSeen;
        if (notice is null)
        {
            return;
        }

        var subject = _subject;
        _subject = default;
        _found(notice with { Client = subject.Client, HostName = subject.HostName });
    }

    private void Around(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith(TranscriptWords.Headline[..^1]))
        {
            if (_dialogue is { Begun: > 0 })
            {
                Complete();
            }

            _headline = true;
        }
        else if (text.StartsWith(TranscriptWords.Aborted) && _dialogue is not null && !_ended)
        {
            _ending = TranscriptWords.Ending(text);
            _ended = true;
        }
        else if (text.StartsWith(TranscriptWords.Details))
        {
            if (_dialogue is not null && _ending == SessionEnd.NotSeen)
            {
                _ending = SessionEnd.Closed;
            }

            Complete();
        }
        else if (NoticeSubject.TryFind(Encoding.UTF8.GetString(text), out var subject))
        {
            if (_dialogue is { Begun: > 0 })
            {
                Complete();
            }

            _subject = subject;
        }
    }

    private void Speak(bool fromClient, ReadOnlySpan<byte> spoken, int indent, int width)
    {
        if (_ended)
        {
            Complete();
        }

        _dialogue ??= new DialogueBuilder();
        _base = _dialogue.Begun <= 1 ? indent : Math.Min(_base, indent);
        _dialogue.Begin(fromClient, spoken);
        _widest = width;
    }

    private void Continue(ReadOnlySpan<byte> text, int width)
    {
        _dialogue!.Continue(text);
        _widest = width + WrapIndent;
    }

    /// <summary>
    /// The greeting is the server's, so no client's words can stand in its second line: that line may have any indentation,
    /// as the first often lost its own when it was copied.
    /// </summary>
    private bool IsDialogue(int indent, bool fromClient) =>
        _dialogue is null ? !fromClient || _headline
        : _ended ? !fromClient
        : _dialogue.Begun <= 1 || indent <= _base + 1;

    /// <summary>True where the line before is so long that this line's first word did not fit on it.</summary>
    private bool CouldBeWrapped(ReadOnlySpan<byte> text)
    {
        var word = text.IndexOf((byte)' ');
        return _widest > 0 && _widest + 1 + (word < 0 ? text.Length : word) > WrapWidth;
    }

    private static bool TryMark(ReadOnlySpan<byte> text, out bool fromClient, out ReadOnlySpan<byte> spoken)
    {
        fromClient = text.StartsWith("In:"u8);
        spoken = default;
        if (fromClient)
        {
            spoken = TranscriptWords.AfterMark(text[3..], 2);
            return true;
        }

        if (!text.StartsWith("Out:"u8))
        {
            return false;
        }

        spoken = text[4..].TrimStart((byte)' ');
        return spoken.Length >= 3 && spoken[..3].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }
}
