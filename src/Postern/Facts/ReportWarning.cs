namespace Postern.Facts;

/// <summary>What an operator should know of how the input was read.</summary>
public enum WarningKind : byte
{
    /// <summary>Compressed data end early or are damaged; number lines could be read.</summary>
    DamagedArchive,
    /// <summary>Number lines were longer than can be read, and were cut off.</summary>
    LongLines,
    /// <summary>Number messages look like a notice but were sent by somebody else.</summary>
    ForeignNotices,
    /// <summary>Number messages or folders could not be read.</summary>
    UnreadableNotices,
    /// <summary>Stamps without a year lead into the future; the year is better given with --year.</summary>
    YearUncertain,
    /// <summary>Number commands were refused whose text no source tells; notices would tell it.</summary>
    TextNotLogged,
    /// <summary>The input has no line of Postfix at all.</summary>
    NoPostfix,
    /// <summary>The input could not be read to its end: text is the system's reason.</summary>
    ReadError,
    /// <summary>All number lines of Postfix are of daemons that no client talks to (qmgr, smtp, local …) or of helpers.</summary>
    NoSessionOtherDaemons,
    /// <summary>Number lines of the daemons that clients talk to have unknown forms, and no line tells of a session.</summary>
    NoSessionUnknownForms,
    /// <summary>All number lines of Postfix were written before --since or after --until.</summary>
    NoSessionOutsidePeriod,
    /// <summary>Number lines of Postfix tell of clients, but of no session that counts.</summary>
    NoSessionFragments,
    /// <summary>Every line of the input stands twice, as in a log that two rules of syslog write: number lines of Postfix were counted as half.</summary>
    DoubledLines,
    /// <summary>Number clients had mail relayed to foreign domains without a login, which the log alone cannot tell from mynetworks; text is some of them.</summary>
    RelayedWithoutLogin,
}

/// <summary>A warning, counted.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Input">The input's name as it was given, or null where it is about all of them.</param>
/// <param name="Number">How many, as the kind says.</param>
/// <param name="Text">A word on it, or null.</param>
public readonly record struct ReportWarning(WarningKind Kind, string? Input, long Number, string? Text = null);
