namespace Postern.Classification.Payloads;

/// <summary>What a client's words are.</summary>
internal enum PayloadKind : byte
{
    /// <summary>Nothing at all: the line is blank.</summary>
    Blank,
    /// <summary>A lone dot.</summary>
    LoneDot,
    /// <summary>A command of SMTP; <see cref="Payload.Name"/> is the verb.</summary>
    Smtp,
    /// <summary>HTTP.</summary>
    Http,
    /// <summary>A TLS ClientHello, or SSL 2's.</summary>
    Tls,
    /// <summary>A header field of a message.</summary>
    Header,
    /// <summary>Another protocol; <see cref="Payload.Name"/> is its name.</summary>
    Foreign,
    /// <summary>Only marks of odd bytes, as a transcript shows them: it cannot be told what they were.</summary>
    Unreadable,
    /// <summary>Anything else.</summary>
    Garbage,
}

/// <summary>The words of a client, recognised.</summary>
/// <param name="Kind">What they are.</param>
/// <param name="Name">The verb or the protocol, else null.</param>
/// <param name="Probe">The name of the scanner's probe that they are word for word, else null.</param>
internal readonly record struct Payload(PayloadKind Kind, string? Name = null, string? Probe = null);
