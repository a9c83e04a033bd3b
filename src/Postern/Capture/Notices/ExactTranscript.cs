using Postern.Facts;

namespace Postern.Capture.Notices;

/// <summary>
/// Reads the body of a notice that Postfix made itself. Every line that holds the client's words begins with a blank and a
/// mark, or with five blanks where a long line was wrapped (smtpd_chat.c, line_wrap.c), so the place tells what a line is.
/// </summary>
internal static class ExactTranscript
{
    private static ReadOnlySpan<byte> Wrapped => "     "u8;

    /// <summary>The notice without client and time; null where the body has no dialogue.</summary>
    public static Notice? Read(ReadOnlySpan<byte> body)
    {
        var dialogue = new DialogueBuilder();
        var ending = SessionEnd.NotSeen;
        var begun = false;
        var ended = false;
        while (!body.IsEmpty && !ended)
        {
            var end = body.IndexOf((byte)'\n');
            var line = (end < 0 ? body : body[..end]).TrimEnd((byte)'\r');
            body = end < 0 ? [] : body[(end + 1)..];
            if (!begun)
            {
                begun = line.SequenceEqual(TranscriptWords.Headline);
            }
            else if (line.StartsWith(" In:"u8))
            {
                dialogue.Begin(fromClient: true, TranscriptWords.AfterMark(line[4..], 2));
            }
            else if (line.StartsWith(" Out:"u8))
            {
                dialogue.Begin(fromClient: false, TranscriptWords.AfterMark(line[5..], 1));
            }
            else if (line.StartsWith(Wrapped))
            {
                dialogue.Continue(line[Wrapped.Length..]);
            }
            else if (line.StartsWith(TranscriptWords.Aborted))
            {
                ending = TranscriptWords.Ending(line);
            }
            else if (line.StartsWith(TranscriptWords.Details))
            {
                ended = true;
            }
        }

        return dialogue.Build(ending == SessionEnd.NotSeen && ended ? SessionEnd.Closed : ending);
    }
}
