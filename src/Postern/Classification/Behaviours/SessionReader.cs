using Postern.Classification.Payloads;
using Postern.Classification.Texts;
using Postern.Facts;

namespace Postern.Classification.Behaviours;

/// <summary>Turns a session into the view that the catalogue judges: first its transcript, then its log lines.</summary>
internal static class SessionReader
{
    /// <summary>The view of a session.</summary>
    public static SessionView Read(SmtpSession session, TextPool texts)
    {
        var view = new SessionView { Texts = texts, Session = session, Helo = session.Helo };
        TranscriptReader.Read(session.Dialogue, view, isAlone: !session.Events.Any(static e => e.Kind is SmtpEventKind.Reject or SmtpEventKind.AuthFailure));
        var heardInTranscript = view.HasWrongInput || view.AfterRefusal > 0;
        view.ListFailed = HasOnlyErrors(session.Events);
        foreach (var e in session.Events)
        {
            ReadEvent(e, view, heardInTranscript);
        }

        if (view.IsOtherProtocol)
        {
            // The bytes of another protocol hold line feeds by chance, whether they were recognised before or after these.
            view.BareNewlines = 0;
        }

        LoginReader.ForgetOtherMechanisms(view);
        ReadCounts(view, session.Dialogue.Count > 0);
        LoginReader.ReadUncounted(view);
        ReadDenial(view);
        view.HandshakeOutcome ??= session.TlsOutcome;
        if (view.HandshakeOutcome is null && session.Counts.Accepted(SmtpVerb.StartTls) > 0)
        {
            view.HandshakeOutcome = "established";
        }

        ReadHelo(view);
        ReadEnding(view);
        RelayReader.Read(view);
        return view;
    }

    private static void ReadEvent(SessionEvent e, SessionView view, bool heardInTranscript)
    {
        if (e.Stage == SmtpStage.Quit)
        {
            // Whatever follows QUIT is said to nobody: a blank line, or the farewell of TLS.
            return;
        }

        switch (e.Kind)
        {
            case SmtpEventKind.Reject or SmtpEventKind.MessageRejected:
                RefusalReader.Read(e, view);
                break;
            case SmtpEventKind.NonSmtpCommand:
                // The transcript has told of the same command already, unless it could not show it.
                var command = e.Text.IsEmpty ? new Payload(PayloadKind.Garbage) : PayloadRecogniser.OfLogText(e.Text.Span);
                if (command.Kind == PayloadKind.Blank)
                {
                    command = new Payload(PayloadKind.Garbage);
                }

                if (!heardInTranscript || command.Kind is PayloadKind.Http or PayloadKind.Tls or PayloadKind.Foreign)
                {
                    if (command.Kind != PayloadKind.Unreadable || !view.IsOtherProtocol)
                    {
                        view.Note(command, e.Text);
                    }
                }

                break;
            case SmtpEventKind.Pregreet or SmtpEventKind.Pipelining:
                ReadAhead(e, view);
                break;
            case SmtpEventKind.BareNewline:
                ReadBareNewline(e, view);
                break;
            case SmtpEventKind.AuthFailure when TroubleReader.IsLoginService(e.Text.Span):
                view.NoteTrouble(TroubleKind.LoginService);
                view.LoginsUnanswered++;
                break;
            case SmtpEventKind.AuthFailure:
                view.NoteLogin(LoginReader.UserName(e.Text.Span, view.Texts));
                break;
            case SmtpEventKind.TlsFailure:
                view.FailedHandshakes++;
                view.HandshakeOutcome ??= "failed";
                break;
            case SmtpEventKind.TlsProblem:
                view.HandshakeOutcome = ProblemReason(e.Text.Span, view.Texts);
                // OpenSSL's words for a first record that begins with a method of HTTP, on a port that speaks TLS at once.
                view.HttpRequests += view.HandshakeOutcome is "http request" or "https proxy request" ? 1 : 0;
                break;
            case SmtpEventKind.DnsblRank:
                if (view.ListFailed)
                {
                    view.NoteTrouble(TroubleKind.DnsList);
                }
                else
                {
                    view.Listed++;
                }

                break;
            case SmtpEventKind.AuthAborted:
                view.UnfinishedLogins++;
                view.NoteLogin(null);
                break;
            case SmtpEventKind.TlsUnavailable:
                view.NoteTrouble(TroubleKind.Tls);
                break;
            case SmtpEventKind.ServerBusy:
                view.NoteTrouble(TroubleKind.PortsBusy);
                break;
            case SmtpEventKind.ServerTrouble:
                view.NoteTrouble(TroubleReader.OfWarning(e.Text.Span), view.Texts.Get(e.Text.Span[..Math.Min(e.Text.Length, 120)]));
                break;
            case SmtpEventKind.LimitExceeded when !e.Text.Span.StartsWith("AUTH "u8):
                view.TlsLimited |= e.Text.Span.StartsWith("New TLS "u8);
                view.NoteTrouble(TroubleKind.RateLimit);
                break;
            case SmtpEventKind.NoValidRecipient when !view.SentOff && view.PermanentRefusals + view.TemporaryRefusals == 0:
                // After a refusal it is only a sender that does not wait for the replies, as RFC 2920 allows.
                view.UntoldRefusals++;
                break;
            case SmtpEventKind.LongRequest:
                // A long line alone may be an honest client's parameters; another protocol's first bytes speak for themselves.
                var start = PayloadRecogniser.OfLogText(e.Text.Span);
                if (start.Kind is PayloadKind.Http or PayloadKind.Tls or PayloadKind.Foreign && !heardInTranscript)
                {
                    view.Note(start, e.Text);
                }

                break;
            case SmtpEventKind.BadBdat:
                Refuse(view, "BDAT");
                break;
            case SmtpEventKind.EtrnRefused:
                Refuse(view, "ETRN");
                break;
            case SmtpEventKind.MessageTooBig:
                Refuse(view, "message too big");
                break;
            case SmtpEventKind.Discarded:
                view.Discarded++;
                break;
            case SmtpEventKind.IllegalAddress:
                view.OtherRefusals++;
                view.PermanentRefusals++;
                view.NoteRefusal("Illegal address syntax");
                break;
            default:
                break;
        }
    }

    // postscreen_access_list names the client: by postscreen_denylist_action it is dropped with that line alone, or refused with another, or let
    // through.
    private static void ReadDenial(SessionView view)
    {
        var events = view.Session.Events;
        if (view.PermanentRefusals == 0 && events.Any(static e => e.Kind == SmtpEventKind.Denylisted) && !events.Any(static e => e.Kind == SmtpEventKind.Pass))
        {
            Refuse(view, "postscreen_access_list");
        }
    }

    private static void Refuse(SessionView view, string reason)
    {
        view.OtherRefusals++;
        view.PermanentRefusals++;
        view.NoteRefusal(reason);
    }

    // DNS lists answered with errors only, so that postscreen's rank says nothing of the client. A list of allowed clients
    // (dnswl.org and its like) lists nobody for a fault.
    private static bool HasOnlyErrors(IReadOnlyList<SessionEvent> events)
    {
        var errors = false;
        foreach (var e in events)
        {
            if (e.Kind == SmtpEventKind.DnsblListed && e.Text.Span.IndexOf("wl."u8) < 0 && e.Text.Span.IndexOf("white"u8) < 0)
            {
                return false;
            }

            errors |= e.Kind == SmtpEventKind.DnsblError;
        }

        return errors;
    }

    // Text that came before its turn: SMTP makes an early talker or forbidden pipelining, anything else speaks for itself.
    private static void ReadAhead(SessionEvent e, SessionView view)
    {
        var payload = PayloadRecogniser.OfLogText(e.Text.Span);
        var early = e.Kind == SmtpEventKind.Pregreet || e.Stage == SmtpStage.Connect;
        if (payload.Kind is PayloadKind.Smtp && payload.Probe is null)
        {
            view.TalkedEarly |= early;
            view.Pipelined |= !early;
            return;
        }

        if (e.Stage is SmtpStage.Data or SmtpStage.Bdat or SmtpStage.StartTls or SmtpStage.Mail or SmtpStage.Rcpt && !early)
        {
            // A message sent ahead of the reply to DATA, or a TLS hello ahead of the reply to STARTTLS.
            view.Pipelined = true;
            return;
        }

        view.Note(payload, e.Text);
    }

    // Any payload that is no SMTP holds line feeds by chance; only within SMTP are they the trick.
    private static void ReadBareNewline(SessionEvent e, SessionView view)
    {
        var payload = e.Text.IsEmpty ? default : PayloadRecogniser.OfLogText(e.Text.Span);
        if (e.Stage is SmtpStage.Data or SmtpStage.Bdat or SmtpStage.EndOfMessage || !view.IsOtherProtocol)
        {
            if (payload.Kind is PayloadKind.Tls or PayloadKind.Http or PayloadKind.Foreign)
            {
                view.Note(payload, e.Text);
                return;
            }

            view.BareNewlines++;
        }
    }

    private static void ReadCounts(SessionView view, bool hasTranscript)
    {
        var counts = view.Session.Counts;
        if (!counts.IsKnown)
        {
            return;
        }

        view.EnvelopeRefused |= counts.Refused(SmtpVerb.Mail) + counts.Refused(SmtpVerb.Rcpt) + counts.Refused(SmtpVerb.Data) > 0;
        view.Verifications = Math.Max(view.Verifications, counts.Tried(SmtpVerb.Vrfy));
        LoginReader.ReadCounts(view);
        if (counts.Refused(SmtpVerb.StartTls) > 0 && view.FailedHandshakes == 0 && !view.TlsUnserved)
        {
            view.FailedHandshakes++;
            view.HandshakeOutcome ??= "failed";
        }

        view.UntoldRefusals = Math.Max(view.UntoldRefusals, Untold(view));
        if (hasTranscript)
        {
            return;
        }

        // A header line or a dot told by the log and a refusal told only by the counts: the refusal must have come first,
        // because Postfix ends the session at the first such line.
        if (view.AfterRefusal == 0 && view.EnvelopeRefused && !view.IsOtherProtocol && view.LoneDots + view.Garbage > 0)
        {
            view.AfterRefusal = view.LoneDots + view.Garbage;
            view.LoneDots = view.Garbage = 0;
        }

        var told = view.LoneDots + view.BlankLines + view.Garbage + view.AfterRefusal + (view.IsOtherProtocol ? 255 : 0);
        var untold = Math.Max(0, counts.Refused(SmtpVerb.Unknown) - told);
        if (view.EnvelopeRefused && untold > 0 && counts.Refused(SmtpVerb.Rcpt) + counts.Refused(SmtpVerb.Data) > 0)
        {
            view.AfterRefusal += untold;
        }
        else
        {
            view.UntoldCommands = untold;
        }
    }

    // How it ended, where that tells of mail that was lost or of a certificate that is not trusted.
    private static void ReadEnding(SessionView view)
    {
        var session = view.Session;
        if (session.Ending is not (SessionEnd.LostConnection or SessionEnd.Timeout))
        {
            return;
        }

        view.TransferBroken = session.EndStage is SmtpStage.Data or SmtpStage.Bdat && !view.HasWrongInput && view.PermanentRefusals == 0
            && !(session.EndStage == SmtpStage.Data && session.Counts.IsKnown && session.Counts.Accepted(SmtpVerb.Rcpt) == 0);
        if (session is { EndStage: SmtpStage.StartTls, Counts.IsKnown: true } && session.Counts.Accepted(SmtpVerb.StartTls) > 0 && view.FailedHandshakes == 0)
        {
            view.FailedHandshakes++;
            view.LeftAfterHandshake = true;
        }
    }

    private static void ReadHelo(SessionView view)
    {
        if (view.Helo is { } helo && view.ForgedHelos == 0 && !view.Session.IsAuthenticated && HeloName.IsForged(helo, view.Session))
        {
            view.ForgedHelos = 1;
            view.ForgedName = helo;
        }
    }

    // Commands that were refused without a line in the log: what smtpd answers with 501 or 503, or with 530 for want of TLS.
    private static int Untold(SessionView view)
    {
        var counts = view.Session.Counts;
        var refused = counts.Refused(SmtpVerb.Helo) + counts.Refused(SmtpVerb.Ehlo) + counts.Refused(SmtpVerb.Mail) + counts.Refused(SmtpVerb.Rcpt)
            + counts.Refused(SmtpVerb.Data) + counts.Refused(SmtpVerb.Bdat) + counts.Refused(SmtpVerb.Etrn) + counts.Refused(SmtpVerb.Rset) + counts.Refused(SmtpVerb.Noop);
        return view.PermanentRefusals + view.TemporaryRefusals > 0 || view.RefusedByTrouble || view.BareNewlines > 0 || view.TransferBroken
            || view.Session.Ending is SessionEnd.LostConnection or SessionEnd.Timeout ? 0 : refused;
    }

    // "error:CODE:LIBRARY:FUNCTION:REASON:FILE:LINE:": OpenSSL 3 leaves the function empty, 1.x names it; the reason is the fifth
    // field of either. Old releases of Postfix write a process id before it.
    private static string ProblemReason(ReadOnlySpan<byte> text, TextPool texts)
    {
        var start = text.IndexOf("error:"u8);
        var field = 0;
        text = start < 0 ? text : text[start..];
        foreach (var range in text.Split((byte)':'))
        {
            if (field == 4)
            {
                return text[range].IsEmpty ? "failed" : texts.Get(text[range][..Math.Min(text[range].Length, 80)]);
            }

            field++;
        }

        return "failed";
    }
}
