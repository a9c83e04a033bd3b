namespace Postern.Facts;

/// <summary>A transcript that Postfix mailed to the postmaster (smtpd_chat.c), or that somebody pasted.</summary>
public sealed record Notice
{
    /// <summary>The most lines that are kept of a transcript.</summary>
    public const int MostLines = 64;

    /// <summary>By the subject <c>… errors from HOST[IP]</c>; unknown where the text has none.</summary>
    public ClientAddress Client { get; init; }

    /// <summary>The host name of the subject, null for <c>unknown</c>.</summary>
    public string? HostName { get; init; }

    /// <summary>The message's Date, which is when the session ended, to the second; unknown for pasted text.</summary>
    public LogTime Time { get; init; }

    /// <summary>The lines in order, bounded to the first 64.</summary>
    public IReadOnlyList<DialogueLine> Dialogue { get; init; } = [];

    /// <summary>How the notice says that the session ended.</summary>
    public SessionEnd Ending { get; init; }

    /// <summary>The server's name by its greeting, or null.</summary>
    public string? ServerName { get; init; }
}
