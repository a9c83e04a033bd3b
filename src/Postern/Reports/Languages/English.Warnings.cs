using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Languages;

/// <summary>The warnings about the input.</summary>
internal sealed partial class English
{
    /// <inheritdoc/>
    public string Say(UnknownForm form) => $"{Counted(form.Lines, "line")}: {form.Daemon}: {SafeText.Escape(form.Form)}";

    /// <inheritdoc/>
    public string Warning(ReportWarning warning)
    {
        var number = Number(warning.Number);
        var sentence = warning.Kind switch
        {
            WarningKind.DamagedArchive => $"{SafeText.Escape(warning.Text)}; {number} lines could be read.",
            WarningKind.LongLines => $"lines that were cut off because they are too long: {number}.",
            WarningKind.ForeignNotices => $"{number} messages look like Postfix notices but did not come from this server's Postfix; they were left out.",
            WarningKind.UnreadableNotices => $"{number} messages or folders could not be read.",
            WarningKind.YearUncertain => "the stamps have no year, and the year that was inferred leads into the future; give it with --year.",
            WarningKind.TextNotLogged => $"{Counted(warning.Number, "unknown command")} {(warning.Number == 1 ? "is" : "are")} in the log without {(warning.Number == 1 ? "its" : "their")} text. Add 'protocol' to Postfix's notify_classes and give the notices as input, too: they show what was sent.",
            WarningKind.NoPostfix => $"none of the {number} lines is Postfix's.",
            WarningKind.ReadError => $"it could not be read to its end: {SafeText.Escape(warning.Text)}",
            WarningKind.NoSessionOtherDaemons => $"its {number} lines of Postfix tell of no client's session: they are of other daemons (qmgr, smtp, local, cleanup ...). Sessions are logged by smtpd and postscreen; give the log that has their lines.",
            WarningKind.NoSessionUnknownForms => $"none of its lines tells of a session, and the forms of {number} lines are not known; they are listed below.",
            WarningKind.NoSessionOutsidePeriod => $"all its {number} lines of Postfix are outside --since and --until.",
            WarningKind.DoubledLines => $"every line stands twice ({number} lines of Postfix): each was counted once. Mostly two rules of syslog, or a supervisor, write the same file.",
            WarningKind.RelayedWithoutLogin => $"{Clients(warning.Number)} sent to several foreign domains without a login ({SafeText.Escape(warning.Text)}). The log does not tell whether that is allowed: compare with \"postconf mynetworks relay_domains\". If neither names them, this server is an open relay.",
            WarningKind.NoSessionFragments => $"the {number} lines of Postfix tell of no session that counts: they are remarks about clients without a connection, or lie outside --since and --until.",
            _ => throw new ArgumentOutOfRangeException(nameof(warning)),
        };
        return warning.Input is null ? string.Concat(char.ToUpperInvariant(sentence[0]).ToString(), sentence.AsSpan(1)) : Labelled(SafeText.Escape(warning.Input), sentence);
    }
}
