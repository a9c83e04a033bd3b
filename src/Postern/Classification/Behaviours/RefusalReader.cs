using Postern.Facts;

namespace Postern.Classification.Behaviours;

/// <summary>
/// Reads why a client was refused: <c>554 5.7.1 &lt;rcpt&gt;: Relay access denied; from=&lt;…&gt; to=&lt;…&gt; proto=ESMTP helo=&lt;…&gt;</c>
/// (smtpd_check.c). What stands in angle brackets is the client's; it can only change what is said of the client itself.
/// </summary>
internal static class RefusalReader
{
    /// <summary>Adds a refusal to the view.</summary>
    public static void Read(SessionEvent e, SessionView view)
    {
        var text = e.Text.Span;
        view.Helo ??= Helo(text, view.Texts);
        var reason = Reason(text);
        if (view.Session.IsPostscreen && reason.StartsWith("450 4.3.2 "u8))
        {
            // postscreen sends everybody off once after its tests; that is no fault of the client.
            view.SentOff = true;
            return;
        }

        view.EnvelopeRefused |= e.Stage is SmtpStage.Mail or SmtpStage.Rcpt or SmtpStage.Data or SmtpStage.Bdat;
        if (Has(reason, "bare <LF> received"u8))
        {
            if (e.Stage is SmtpStage.Data or SmtpStage.Bdat or SmtpStage.EndOfMessage || !view.IsOtherProtocol)
            {
                view.BareNewlines++;
            }

            return;
        }

        view.RefusalReason = view.Texts.Get(Words(reason));
        if (Has(reason, "blocked using "u8) && view.ListFailed)
        {
            // The list answered with an error, and postscreen took it for a listing.
            view.SentOff = true;
        }
        else if (Has(reason, "blocked using "u8))
        {
            view.Listed++;
            view.List = ListName(reason, view.Texts);
        }
        else if (Has(reason, "Relay access denied"u8) || Has(reason, "relaying denied"u8))
        {
            view.RelayDenied++;
        }
        else if (Has(reason, "Improper use of SMTP command pipelining"u8) || (view.Session.IsPostscreen && Has(reason, "5.5.1 Protocol error"u8)))
        {
            view.Pipelined = !view.TalkedEarly;
        }
        else if (Has(reason, "Helo command rejected"u8) && HeloName.IsForgery(reason))
        {
            view.ForgedHelos++;
        }
        else if (IsUnknownRecipient(reason))
        {
            view.NoteUnknown(StableHash.Of(reason));
        }
        else
        {
            view.OtherRefusals++;
        }
    }

    // Postfix's own words for a mailbox that does not exist, and the code that milters and policies use for it.
    private static bool IsUnknownRecipient(ReadOnlySpan<byte> reason) =>
        Has(reason, "User unknown"u8) || Has(reason, "Recipient address rejected: undeliverable address"u8)
        || reason.StartsWith("550 5.1.1 "u8) || reason.StartsWith("450 4.1.1 "u8) || Has(reason, "User doesn't exist"u8);

    private static ReadOnlySpan<byte> Reason(ReadOnlySpan<byte> text)
    {
        var end = text.LastIndexOf("; from=<"u8);
        if (end < 0)
        {
            end = text.LastIndexOf("; to=<"u8);
        }

        if (end < 0)
        {
            end = text.LastIndexOf("; proto="u8);
        }

        return end < 0 ? text : text[..end];
    }

    // Behind the codes and the address in brackets: the words alone.
    private static ReadOnlySpan<byte> Words(ReadOnlySpan<byte> reason)
    {
        var at = reason.LastIndexOf(">: "u8);
        var words = at >= 0 ? reason[(at + 3)..] : reason;
        return words[..Math.Min(words.Length, 120)];
    }

    private static string? Helo(ReadOnlySpan<byte> text, TextPool texts)
    {
        var at = text.LastIndexOf(" helo=<"u8);
        if (at < 0)
        {
            return null;
        }

        var name = text[(at + 7)..];
        var end = name.IndexOf((byte)'>');
        return end < 1 ? null : texts.Get(name[..Math.Min(end, 255)]);
    }

    private static string? ListName(ReadOnlySpan<byte> reason, TextPool texts)
    {
        var at = reason.LastIndexOf("blocked using "u8);
        var rest = reason[(at + 14)..];
        var end = rest.IndexOfAny((byte)';', (byte)' ', (byte)',');
        var name = end < 0 ? rest : rest[..end];
        return name.IsEmpty ? null : texts.Get(name[..Math.Min(name.Length, 120)]);
    }

    private static bool Has(ReadOnlySpan<byte> text, ReadOnlySpan<byte> words) => text.IndexOf(words) >= 0;
}
