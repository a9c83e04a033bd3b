using Postern.Classification.Payloads;
using Postern.Facts;

namespace Postern.Classification.Behaviours;

/// <summary>
/// Reads the dialogue of a notice: each command with the reply that it got. A transcript leaves out messages and passwords,
/// and shows odd bytes as question marks.
/// </summary>
internal static class TranscriptReader
{
    /// <summary>Adds what the dialogue tells.</summary>
    public static void Read(IReadOnlyList<DialogueLine> dialogue, SessionView view)
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
            if (lastReply is 334 or 354)
            {
                lastReply = 0;
                continue;
            }

            lastReply = 0;
            ReadCommand(line.Text, ReplyTo(dialogue, i), view);
        }
    }

    private static void ReadCommand(ReadOnlyMemory<byte> text, ReadOnlySpan<byte> reply, SessionView view)
    {
        var payload = PayloadRecogniser.Of(text.Span);
        var code = ReplyCode(reply, 0);
        if (payload.Kind != PayloadKind.Smtp)
        {
            view.Note(payload, text);
            return;
        }

        switch (payload.Name)
        {
            case "EHLO" or "HELO":
                view.Helo = Argument(text.Span, view.Texts);
                break;
            case "MAIL" or "RCPT" or "DATA" when code >= 400:
                view.EnvelopeRefused = true;
                break;
            case "VRFY" or "EXPN":
                view.Verifications++;
                break;
            case "AUTH" when code is 503 or 530 or 538 or 502:
                view.LoginsNotOffered++;
                break;
            default:
                break;
        }
    }

    private static ReadOnlySpan<byte> ReplyTo(IReadOnlyList<DialogueLine> dialogue, int command)
    {
        for (var i = command + 1; i < dialogue.Count; i++)
        {
            if (!dialogue[i].FromClient)
            {
                return dialogue[i].Text.Span;
            }
        }

        return default;
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
