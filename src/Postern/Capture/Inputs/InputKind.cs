namespace Postern.Capture.Inputs;

/// <summary>What an input holds, by its content.</summary>
internal enum InputKind : byte
{
    /// <summary>None of the others.</summary>
    Unknown,
    /// <summary>Not a byte.</summary>
    Empty,
    /// <summary>Lines that begin with a stamp of syslog or of journalctl.</summary>
    Log,
    /// <summary>The journal's JSON lines.</summary>
    JournalJson,
    /// <summary>Many messages in one file, each after a <c>From </c> line.</summary>
    Mbox,
    /// <summary>A folder with a file a message.</summary>
    Maildir,
    /// <summary>One message with its header.</summary>
    Message,
    /// <summary>Text with a transcript that somebody copied out of a message.</summary>
    Transcript,
}
