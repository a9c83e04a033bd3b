namespace Postern.Fail2Ban.Lint;

/// <summary>Why an expression is at fault.</summary>
internal enum LintReason
{
    /// <summary>The daemon logs a client's words where the expression looks for the address.</summary>
    DaemonLogsClient,
    /// <summary>The user's name is whatever the client says.</summary>
    UserName,
    /// <summary>Before the address the expression takes any text.</summary>
    AnyTextBefore,
    /// <summary>The line may go on with a client's words.</summary>
    TextAfter,
    /// <summary>Postfix logs nothing of the kind for commands that it refuses with 500 or 502.</summary>
    CommandReply,
    /// <summary>No message of Postfix's has this form.</summary>
    NoSuchForm,
    /// <summary>A line can cost time without measure.</summary>
    Time,
    /// <summary>It cannot be used.</summary>
    Unusable,
    /// <summary>The filter has no failure expression.</summary>
    Empty,
}
