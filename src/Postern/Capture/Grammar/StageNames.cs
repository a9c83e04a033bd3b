using Postern.Facts;

namespace Postern.Capture.Grammar;

/// <summary>The names of stages in Postfix's lines (smtpd.c: <c>state->where</c>).</summary>
internal static class StageNames
{
    /// <summary>Reads a stage at the start of the text.</summary>
    /// <returns>The length of the name, or 0 where it is not a stage of Postfix.</returns>
    public static int Read(ReadOnlySpan<byte> text, out SmtpStage stage)
    {
        var end = text[..Math.Min(text.Length, 20)].IndexOf((byte)' ');
        stage = end < 1 ? SmtpStage.None : Of(text[..end]);
        if (stage == SmtpStage.None)
        {
            return 0;
        }

        // "DATA content" and "BDAT content" while the message is on its way (smtpd.h: SMTPD_AFTER_DATA, SMTPD_AFTER_BDAT).
        return stage is SmtpStage.Data or SmtpStage.Bdat && text[end..].StartsWith(" content "u8) ? end + 8 : end;
    }

    private static SmtpStage Of(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 => name[0] switch
        {
            (byte)'H' when name.SequenceEqual("HELO"u8) => SmtpStage.Helo,
            (byte)'E' when name.SequenceEqual("EHLO"u8) => SmtpStage.Ehlo,
            (byte)'E' when name.SequenceEqual("ETRN"u8) => SmtpStage.Etrn,
            (byte)'M' when name.SequenceEqual("MAIL"u8) => SmtpStage.Mail,
            (byte)'R' when name.SequenceEqual("RCPT"u8) => SmtpStage.Rcpt,
            (byte)'R' when name.SequenceEqual("RSET"u8) => SmtpStage.Rset,
            (byte)'D' when name.SequenceEqual("DATA"u8) => SmtpStage.Data,
            (byte)'B' when name.SequenceEqual("BDAT"u8) => SmtpStage.Bdat,
            (byte)'N' when name.SequenceEqual("NOOP"u8) => SmtpStage.Noop,
            (byte)'V' when name.SequenceEqual("VRFY"u8) => SmtpStage.Vrfy,
            (byte)'Q' when name.SequenceEqual("QUIT"u8) => SmtpStage.Quit,
            (byte)'A' when name.SequenceEqual("AUTH"u8) => SmtpStage.Auth,
            _ => SmtpStage.None,
        },
        7 when name.SequenceEqual("CONNECT"u8) => SmtpStage.Connect,
        7 when name.SequenceEqual("UNKNOWN"u8) => SmtpStage.UnknownCommand,
        7 when name.SequenceEqual("XCLIENT"u8) => SmtpStage.Proxy,
        8 when name.SequenceEqual("STARTTLS"u8) => SmtpStage.StartTls,
        8 when name.SequenceEqual("XFORWARD"u8) => SmtpStage.Proxy,
        14 when name.SequenceEqual("END-OF-MESSAGE"u8) => SmtpStage.EndOfMessage,
        _ => SmtpStage.None,
    };
}
