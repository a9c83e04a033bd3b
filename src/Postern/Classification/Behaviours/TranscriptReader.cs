using Postern.Classification.Payloads;
using Postern.Classification.Texts;
using Postern.Facts;

namespace Postern.Classification.Behaviours;

/// <summary>
/// Reads the dialogue of a notice: each command with the reply that it got. A transcript leaves out messages and passwords,
/// and shows odd bytes as question marks.
/// </summary>
internal static class TranscriptReader
{
    /// <summary>Adds what the dialogue tells.</summary>
    /// <param name="dialogue">The lines.</param>
    /// <param name="view">The session.</param>
    /// <param name="isAlone">True where no log tells of the session: the refusals count by the dialogue alone.</param>
    public static void Read(IReadOnlyList<DialogueLine> dialogue, SessionView view, bool isAlone)
    {
        var lastReply = 0;
        for (var i = 0; i < dialogue.Count; i++)
        {
            var line = dialogue[i];
            if (!line.FromClient)
            {
                lastReply = ReplyCode(line.Text.Span, lastReply);
                continue;
            }

            // After 334 the client answers a question of AUTH (RFC 4954); after 354 it sends the message.
            var reply = ReplyTo(dialogue, i);
            if (lastReply is 334 or 354)
            {
                if (lastReply == 334)
                {
                    ReadLogin(reply, ReplyCode(reply, 0), view, isAlone);
                }

                lastReply = 0;
                continue;
            }

            lastReply = 0;
            if (!ReadCommand(line.Text, reply, view, isAlone))
            {
                return;
            }

            // The reply to the message itself stands behind the 354.
            if (isAlone && reply.StartsWith("354"u8) && EndOfMessage(dialogue, i) is { Length: > 0 } end && ReplyCode(end, 0) >= 400)
            {
                RefusalReader.Read(new Reply(end), SmtpStage.EndOfMessage, view);
            }
        }
    }

    // False after QUIT: nothing that follows is said to anybody.
    private static bool ReadCommand(ReadOnlyMemory<byte> text, ReadOnlySpan<byte> reply, SessionView view, bool isAlone)
    {
        var payload = PayloadRecogniser.Of(text.Span);
        var code = ReplyCode(reply, 0);
        if (payload.Kind != PayloadKind.Smtp)
        {
            view.Note(payload, text);
            return true;
        }

        view.Said++;
        view.SaidRefused += code >= 400 ? 1 : 0;
        switch (payload.Name)
        {
            case "EHLO" or "HELO":
                view.Helo = Argument(text.Span, view.Texts);
                ReadRefusal(reply, code, SmtpStage.Helo, view, isAlone);
                break;
            case "MAIL" or "RCPT" or "DATA" or "BDAT":
                view.EnvelopeRefused |= code >= 400;
                view.SaidEnvelope = true;
                ReadRefusal(reply, code, Stage(payload.Name), view, isAlone);
                if (payload.Name is "RCPT" && code is >= 200 and < 300)
                {
                    view.NoteAcceptedRecipient(text.Span);
                }

                break;
            case "VRFY" or "EXPN":
                view.Verifications++;
                break;
            case "STARTTLS" when code >= 400:
                if (TroubleReader.OfReply(new Reply(reply)) is { } trouble)
                {
                    view.NoteTrouble(trouble, view.Texts.Get(reply[..Math.Min(reply.Length, 120)]));
                    view.SaidRefused--;
                }

                break;
            case "AUTH":
                ReadLogin(reply, code, view, isAlone);
                break;
            case "QUIT":
                view.SaidQuit = true;
                return false;
            default:
                break;
        }

        return true;
    }

    private static void ReadLogin(ReadOnlySpan<byte> reply, int code, SessionView view, bool isAlone)
    {
        if (code is 503 or 530 or 538 or 502)
        {
            view.LoginsNotOffered++;
        }
        else if (code is >= 400 and < 500 && isAlone && TroubleReader.OfReply(new Reply(reply)) is { } trouble)
        {
            view.NoteTrouble(trouble);
        }
        else if (code == 535 && isAlone)
        {
            view.NoteLogin(null);
        }
        else if (code == 235)
        {
            view.SaidLogin = true;
        }
    }

    private static void ReadRefusal(ReadOnlySpan<byte> reply, int code, SmtpStage stage, SessionView view, bool isAlone)
    {
        if (!isAlone || code < 400)
        {
            return;
        }

        var read = new Reply(reply);
        if (code == 554 && read.Says("no valid recipients"u8))
        {
            // The refusal of DATA only repeats that of the recipients.
            return;
        }

        if (code is 500 or 501 or 503 && TroubleReader.OfReply(read) is null)
        {
            view.UntoldRefusals++;
            return;
        }

        RefusalReader.Read(read, stage, view);
    }

    private static SmtpStage Stage(string verb) => verb switch
    {
        "MAIL" => SmtpStage.Mail,
        "RCPT" => SmtpStage.Rcpt,
        "DATA" => SmtpStage.Data,
        _ => SmtpStage.Bdat,
    };

    // The second reply after the command, with no command between.
    private static ReadOnlySpan<byte> EndOfMessage(IReadOnlyList<DialogueLine> dialogue, int command)
    {
        var replies = 0;
        for (var i = command + 1; i < dialogue.Count && !dialogue[i].FromClient; i++)
        {
            if (++replies == 2)
            {
                return dialogue[i].Text.Span;
            }
        }

        return default;
    }

    // The answers to the questions of AUTH (334) are secrets and left out, so that its last reply is the one that counts.
    private static ReadOnlySpan<byte> ReplyTo(IReadOnlyList<DialogueLine> dialogue, int command)
    {
        ReadOnlySpan<byte> challenge = default;
        for (var i = command + 1; i < dialogue.Count; i++)
        {
            var text = dialogue[i].Text.Span;
            if (dialogue[i].FromClient)
            {
                if (!challenge.IsEmpty)
                {
                    break;
                }
            }
            else if (text.StartsWith("334"u8))
            {
                challenge = text;
            }
            else
            {
                return text;
            }
        }

        return challenge;
    }

    private static int ReplyCode(ReadOnlySpan<byte> reply, int otherwise) =>
        reply.Length >= 3 && char.IsAsciiDigit((char)reply[0]) && char.IsAsciiDigit((char)reply[1]) && char.IsAsciiDigit((char)reply[2])
            ? ((reply[0] - '0') * 100) + ((reply[1] - '0') * 10) + (reply[2] - '0') : otherwise;

    private static string? Argument(ReadOnlySpan<byte> command, TextPool texts)
    {
        var argument = command[4..].Trim((byte)' ');
        return argument.IsEmpty ? null : texts.Get(argument[..Math.Min(argument.Length, 255)]);
    }
}
