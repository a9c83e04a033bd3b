using Postern.Classification.Texts;
using Postern.Facts;

namespace Postern.Classification.Behaviours;

/// <summary>
/// Reads why a client was refused: <c>554 5.7.1 &lt;rcpt&gt;: Relay access denied; from=&lt;…&gt; to=&lt;…&gt; proto=ESMTP helo=&lt;…&gt;</c>
/// (smtpd_check.c), by a log or a transcript.
/// </summary>
internal static class RefusalReader
{
    /// <summary>Adds a refusal to the view.</summary>
    public static void Read(SessionEvent e, SessionView view) => Read(new Reply(e.Text.Span, e.Number), e.Stage, view);

    /// <summary>Adds a refusal to the view.</summary>
    /// <param name="reply">What the server said.</param>
    /// <param name="stage">What it refused.</param>
    /// <param name="view">The session.</param>
    public static void Read(in Reply reply, SmtpStage stage, SessionView view)
    {
        if (!reply.Helo.IsEmpty)
        {
            view.Helo ??= view.Texts.Get(reply.Helo[..Math.Min(reply.Helo.Length, 255)]);
        }

        if (view.Session.IsPostscreen && reply.Code == 450 && reply.IsEnhanced("4.3.2"u8))
        {
            // postscreen sends everybody off once after its tests; that is no fault of the client.
            view.SentOff = true;
            return;
        }

        view.Injected ??= InjectionReader.Of(reply.Sender, view.Session.Client) ?? InjectionReader.Of(reply.Recipient, view.Session.Client);
        view.EnvelopeRefused |= stage is SmtpStage.Mail or SmtpStage.Rcpt or SmtpStage.Data or SmtpStage.Bdat;
        if (OwnReplies.Are(reply.Words, view.Session.Client))
        {
            // Our own decision tells nothing new of the client: it weighs nothing, whatever its code.
            view.TemporaryRefusals++;
            view.OtherRefusals++;
            return;
        }

        if (reply.Says("bare <LF> received"u8))
        {
            if (stage is SmtpStage.Data or SmtpStage.Bdat or SmtpStage.EndOfMessage || !view.IsOtherProtocol)
            {
                view.BareNewlines++;
            }

            return;
        }

        if ((view.ListFailed && reply.Says("blocked using "u8) ? TroubleKind.DnsList : TroubleReader.OfReply(reply)) is { } trouble)
        {
            view.NoteTrouble(trouble);
            view.RefusedByTrouble |= stage is not (SmtpStage.None or SmtpStage.Connect or SmtpStage.StartTls or SmtpStage.Auth);
            return;
        }

        view.PermanentRefusals += reply.IsTemporary ? 0 : 1;
        view.TemporaryRefusals += reply.IsTemporary ? 1 : 0;
        if (reply.IsTemporary)
        {
            view.NoteTemporaryRefusal(ReasonOf(reply, view.Texts));
        }

        view.NameDeferred |= reply.IsTemporary && IsAboutName(reply);
        ReadReason(reply, stage, view);
    }

    private static void ReadReason(in Reply reply, SmtpStage stage, SessionView view)
    {
        if (stage == SmtpStage.Rcpt && (!reply.IsTemporary || reply.Says("Relay access denied"u8)))
        {
            view.NoteRefusedRecipient(StableHash.Of(RecipientOf(reply)));
        }

        if (reply.Says("blocked using "u8))
        {
            view.Listed++;
            view.List = ListName(reply.Words, view.Texts);
        }
        else if (reply.Says("Relay access denied"u8) || reply.Says("relaying denied"u8))
        {
            view.RelayDenied++;
        }
        else if (reply.Says("Improper use of SMTP command pipelining"u8) || (view.Session.IsPostscreen && reply.IsEnhanced("5.5.1"u8) && reply.Says("Protocol error"u8)))
        {
            view.Pipelined = !view.TalkedEarly;
        }
        else if (reply.Says("Helo command rejected"u8) && HeloName.IsForgery(reply))
        {
            view.ForgedHelos++;
            view.ForgedName ??= reply.Address.IsEmpty ? view.Helo : view.Texts.Get(reply.Address[..Math.Min(reply.Address.Length, 255)]);
        }
        else if (IsUnknownRecipient(reply) && reply.IsBounce && view.UnknownRecipients + view.Bounces == 0 && HeloName.IsOfHost(view.Helo, view.Session.HostName))
        {
            view.Bounces++;
            view.OtherRefusals++;
            view.NoteRefusal(ReasonOf(reply, view.Texts));
        }
        else if (IsUnknownRecipient(reply))
        {
            view.NoteUnknown(StableHash.Of(RecipientOf(reply)), reply.IsTemporary ? null : ReasonOf(reply, view.Texts));
        }
        else
        {
            view.OtherRefusals++;
            if (!reply.IsTemporary)
            {
                view.NoteRefusal(ReasonOf(reply, view.Texts));
            }
        }
    }

    // What an operator needs of it: "Recipient address rejected: User unknown in local recipient table" is "User unknown".
    private static string ReasonOf(in Reply reply, TextPool texts)
    {
        var words = reply.Words;
        if (words.StartsWith("Recipient address rejected: "u8))
        {
            words = words[28..];
        }

        if (words.StartsWith("User unknown in "u8))
        {
            words = words[..12];
        }

        return texts.Get(words[..Math.Min(words.Length, 120)]);
    }

    // Postfix's own words for a mailbox that does not exist, and the code that milters and policies use for it. An address
    // that is only being verified (450 4.1.1 ... unverified address) may well exist.
    private static bool IsUnknownRecipient(in Reply reply) =>
        reply.Says("User unknown"u8) || reply.Says("Recipient address rejected: undeliverable address"u8) || reply.Says("User doesn't exist"u8)
        || (reply.IsEnhanced("5.1.1"u8) && reply.Code == 550)
        || (reply.IsEnhanced("4.1.1"u8) && reply.Code == 450 && !reply.Says("nverified address"u8));

    // A name that is missing or does not lead back to the client, which the server cannot be sure of (smtpd_check.c).
    private static bool IsAboutName(in Reply reply) =>
        reply.Says("cannot find your"u8) || reply.Says("Helo command rejected"u8) || reply.Says("Domain not found"u8);

    private static ReadOnlySpan<byte> RecipientOf(in Reply reply) => reply.Recipient.IsEmpty ? reply.Address : reply.Recipient;

    private static string? ListName(ReadOnlySpan<byte> words, TextPool texts)
    {
        var at = words.LastIndexOf("blocked using "u8);
        var rest = words[(at + 14)..];
        var end = rest.IndexOfAny((byte)';', (byte)' ', (byte)',');
        var name = end < 0 ? rest : rest[..end];
        return name.IsEmpty ? null : texts.Get(name[..Math.Min(name.Length, 120)]);
    }
}
