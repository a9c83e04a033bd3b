namespace Postern.Cli.Configuration;

/// <summary>What a source of lines is.</summary>
internal enum LogSourceKind : byte
{
    /// <summary>A log file, or several by a pattern.</summary>
    File,
    /// <summary>systemd's journal.</summary>
    Journal,
    /// <summary>A mailbox (mbox or Maildir) of Postfix's notices.</summary>
    Notices,
}

/// <summary>One source of Postfix's words.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">The file, pattern (<c>*</c>, <c>?</c>, <c>[…]</c>) or mailbox; for the journal its directory, or null for the system's own.</param>
internal sealed record LogSource(LogSourceKind Kind, string? Path)
{
    /// <summary>Matches of the journal, each <c>FIELD=value</c>; default: everything that Postfix's daemons log, by whatever unit.</summary>
    public IReadOnlyList<string> Matches { get; init; } = [];

    /// <summary>Its name in positions, status and messages; null for the path, or <c>journal</c>.</summary>
    public string? Name { get; init; }

    /// <summary>True where <see cref="Path"/> is a pattern.</summary>
    public bool IsPattern => Kind == LogSourceKind.File && Path?.AsSpan().IndexOfAny("*?[") >= 0;

    /// <summary>What is read where the configuration names no source: one alone, so that no line is counted twice.</summary>
    /// <param name="exists">Whether a file exists.</param>
    public static LogSource Default(Func<string, bool> exists)
    {
        string[] usual = ["/var/log/mail.log", "/var/log/maillog"];
        return Array.Find(usual, path => exists(path)) is { } found
            ? new LogSource(LogSourceKind.File, found)
            : new LogSource(LogSourceKind.Journal, null);
    }
}
