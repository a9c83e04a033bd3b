using Postern.Capture.Stamps;
using Postern.Facts;

namespace Postern.Capture.Grammar;

/// <summary>
/// The command counts at the end of a disconnect line: <c>ehlo=1 rcpt=0/2 commands=1/3</c>, accepted before the slash
/// and tried behind it (smtpd.c: smtpd_proto; since Postfix 3.0).
/// </summary>
internal static class CountsGrammar
{
    /// <summary>Reads all counts; stops at the first thing that is none.</summary>
    public static void Read(ReadOnlySpan<byte> text, ref CommandCounts counts)
    {
        while (!text.IsEmpty)
        {
            if (text[0] == ' ')
            {
                text = text[1..];
                continue;
            }

            var equals = text[..Math.Min(text.Length, 12)].IndexOf((byte)'=');
            if (equals < 3)
            {
                return;
            }

            var verb = Verb(text[..equals]);
            text = text[(equals + 1)..];
            var accepted = Digits.Leading(text, out var length);
            text = text[length..];
            var tried = accepted;
            if (!text.IsEmpty && text[0] == '/')
            {
                tried = Digits.Leading(text[1..], out length);
                text = text[(1 + length)..];
            }

            counts.Add(verb, accepted, tried);
        }
    }

    private static SmtpVerb Verb(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 => name[0] switch
        {
            (byte)'h' => SmtpVerb.Helo,
            (byte)'m' => SmtpVerb.Mail,
            (byte)'r' when name[1] == 'c' => SmtpVerb.Rcpt,
            (byte)'r' => SmtpVerb.Rset,
            (byte)'d' => SmtpVerb.Data,
            (byte)'b' => SmtpVerb.Bdat,
            (byte)'a' => SmtpVerb.Auth,
            (byte)'n' => SmtpVerb.Noop,
            (byte)'v' => SmtpVerb.Vrfy,
            (byte)'q' => SmtpVerb.Quit,
            (byte)'e' when name[1] == 'h' => SmtpVerb.Ehlo,
            (byte)'e' => SmtpVerb.Etrn,
            _ => SmtpVerb.Unknown,
        },
        8 when name[0] == 's' => SmtpVerb.StartTls,
        8 when name[0] == 'c' => SmtpVerb.All,
        7 or 8 when name[0] == 'x' => SmtpVerb.Proxy,
        _ => SmtpVerb.Unknown,
    };
}
