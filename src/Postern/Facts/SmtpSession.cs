namespace Postern.Facts;

/// <summary>How a session ended.</summary>
public enum SessionEnd : byte
{
    /// <summary>Not seen: the log begins or ends within the session, or the source does not tell.</summary>
    NotSeen,
    /// <summary>In good order: QUIT, or the server's own farewell.</summary>
    Closed,
    /// <summary>The client went away without QUIT.</summary>
    LostConnection,
    /// <summary>The client fell silent.</summary>
    Timeout,
    /// <summary>Postfix cut it off after too many errors.</summary>
    TooManyErrors,
}

/// <summary>One notable thing within a session, copied out of the log.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Stage">How far the session was.</param>
/// <param name="Number">A reply code, rank or rate, else 0.</param>
/// <param name="Text">What the line says after the client, at most 512 bytes; may be the client's own words, so it is escaped where it is shown.</param>
public readonly record struct SessionEvent(SmtpEventKind Kind, SmtpStage Stage, int Number, ReadOnlyMemory<byte> Text);

/// <summary>One line of a transcript as Postfix mails it.</summary>
/// <param name="FromClient">True for <c>In:</c>, false for <c>Out:</c>.</param>
/// <param name="Text">The line without its mark, at most 512 bytes; Postfix shows odd bytes as <c>?</c>.</param>
public readonly record struct DialogueLine(bool FromClient, ReadOnlyMemory<byte> Text);

/// <summary>A connection of a client from start to end, out of log lines, a notice, or both; or as the gate saw it.</summary>
public sealed record SmtpSession
{
    /// <summary>Who; unknown for a transcript without a subject.</summary>
    public required ClientAddress Client { get; init; }

    /// <summary>The forward-confirmed PTR name (Postfix: <c>client_name</c>), or null.</summary>
    public string? HostName { get; init; }

    /// <summary>A PTR name that does not resolve back, or null.</summary>
    public string? ClaimedName { get; init; }

    /// <summary>The HELO or EHLO name where a reject line or a transcript tells it, or null.</summary>
    public string? Helo { get; init; }

    /// <summary>The first line, or the notice's date; unknown for a pasted transcript.</summary>
    public LogTime Start { get; init; }

    /// <summary>The last line.</summary>
    public LogTime End { get; init; }

    /// <summary>How it ended.</summary>
    public SessionEnd Ending { get; init; }

    /// <summary>How far it was when it ended.</summary>
    public SmtpStage EndStage { get; init; }

    /// <summary>The commands of the session, where the log tells them.</summary>
    public CommandCounts Counts { get; init; }

    /// <summary>Messages that Postfix took.</summary>
    public int Accepted { get; init; }

    /// <summary>True where the client logged in.</summary>
    public bool IsAuthenticated { get; init; }

    /// <summary>The user who logged in, by the log; null where nobody did or the log does not tell. Escaped where it is shown.</summary>
    public string? User { get; init; }

    /// <summary>The version and cipher of a TLS handshake that succeeded, where the log tells them (smtpd_tls_loglevel 1), or null.</summary>
    public string? TlsOutcome { get; init; }

    /// <summary>True where postscreen saw it, false for smtpd.</summary>
    public bool IsPostscreen { get; init; }

    /// <summary>True on a submission or smtps service.</summary>
    public bool IsSubmission { get; init; }

    /// <summary>True where the log holds the first line of the session.</summary>
    public bool StartSeen { get; init; }

    /// <summary>The server's name by the log or the greeting, or null; a HELO of that name is forged.</summary>
    public string? ServerName { get; init; }

    /// <summary>The notable lines of the log, in order; bounded.</summary>
    public IReadOnlyList<SessionEvent> Events { get; init; } = [];

    /// <summary>The transcript, where a notice tells it; else empty.</summary>
    public IReadOnlyList<DialogueLine> Dialogue { get; init; } = [];
}
