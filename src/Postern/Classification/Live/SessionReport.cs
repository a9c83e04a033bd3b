using Postern.Facts;

namespace Postern.Classification.Live;

/// <summary>
/// What a watched session has shown so far. A session that goes on, or that a notice tells more of, is reported again with
/// the same <see cref="Id"/>.
/// </summary>
internal readonly record struct SessionReport
{
    /// <summary>The source of sessions that only the gate saw.</summary>
    public const string Gate = "milter";

    /// <summary>By the place of the first line, or of the notice.</summary>
    public required ulong Id { get; init; }

    /// <summary>Who.</summary>
    public required ClientAddress Client { get; init; }

    /// <summary>What it showed.</summary>
    public required SessionMark Mark { get; init; }

    /// <summary>Messages accepted.</summary>
    public int Accepted { get; init; }

    /// <summary>A hash of what differs between sessions alike: the user name, the recipient, the handshake's outcome; 0 for none.</summary>
    public int Variety { get; init; }

    /// <summary>The telling lines, each ended by a line feed.</summary>
    public ReadOnlyMemory<byte> Lines { get; init; }

    /// <summary>The user who logged in, where the log tells; escaped where it is shown.</summary>
    public string? User { get; init; }

    /// <summary>The forward-confirmed PTR name, or null.</summary>
    public string? HostName { get; init; }

    /// <summary>The HELO name where it is known.</summary>
    public string? Helo { get; init; }

    /// <summary>The envelope sender where a refusal names it.</summary>
    public string? Sender { get; init; }

    /// <summary>True where it is over and has not been told of as over before.</summary>
    public bool IsOver { get; init; }

    /// <summary>Where it was seen; null for the log that is being read.</summary>
    public string? Source { get; init; }
}
