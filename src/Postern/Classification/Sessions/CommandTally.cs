using System.Text;
using Postern.Facts;

namespace Postern.Classification.Sessions;

/// <summary>How often a transcript shows the commands that the log counts, to tell whether both are of one session.</summary>
internal readonly record struct CommandTally(int Helo, int Ehlo, int Mail, int Rcpt, int Quit)
{
    /// <summary>All of them together.</summary>
    public int All => Helo + Ehlo + Mail + Rcpt + Quit;

    /// <summary>These and others.</summary>
    public CommandTally With(CommandTally other) => new(Helo + other.Helo, Ehlo + other.Ehlo, Mail + other.Mail, Rcpt + other.Rcpt, Quit + other.Quit);

    /// <summary>The commands of a transcript.</summary>
    public static CommandTally Of(IReadOnlyList<DialogueLine> dialogue)
    {
        int helo = 0, ehlo = 0, mail = 0, rcpt = 0, quit = 0;
        foreach (var line in dialogue)
        {
            if (!line.FromClient || line.Text.Length < 4)
            {
                continue;
            }

            var verb = line.Text.Span[..4];
            helo += Ascii.EqualsIgnoreCase(verb, "HELO"u8) ? 1 : 0;
            ehlo += Ascii.EqualsIgnoreCase(verb, "EHLO"u8) ? 1 : 0;
            mail += Ascii.EqualsIgnoreCase(verb, "MAIL"u8) ? 1 : 0;
            rcpt += Ascii.EqualsIgnoreCase(verb, "RCPT"u8) ? 1 : 0;
            quit += Ascii.EqualsIgnoreCase(verb, "QUIT"u8) ? 1 : 0;
        }

        return new CommandTally(helo, ehlo, mail, rcpt, quit);
    }

    /// <summary>True where the log's counts can be this transcript's: equal, or no fewer where it may be only a part.</summary>
    public bool Agrees(CommandCounts counts, bool mayBePart) =>
        !counts.IsKnown
        || (Fits(Helo, counts.Tried(SmtpVerb.Helo), mayBePart) && Fits(Ehlo, counts.Tried(SmtpVerb.Ehlo), mayBePart)
            && Fits(Mail, counts.Tried(SmtpVerb.Mail), mayBePart) && Fits(Rcpt, counts.Tried(SmtpVerb.Rcpt), mayBePart)
            && Fits(Quit, counts.Tried(SmtpVerb.Quit), mayBePart));

    private static bool Fits(int shown, int tried, bool mayBePart) => shown == tried || (mayBePart && shown < tried);
}
