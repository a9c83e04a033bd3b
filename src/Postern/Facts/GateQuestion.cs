namespace Postern.Facts;

/// <summary>What is asked of a sender while its session is open.</summary>
public sealed record GateQuestion
{
    /// <summary>The client.</summary>
    public required ClientAddress Client { get; init; }

    /// <summary>The name it gave in HELO or EHLO; null before it gave one.</summary>
    public string? Helo { get; init; }

    /// <summary>The address of MAIL FROM without angle brackets; empty for a bounce, null before it was given.</summary>
    public string? Sender { get; init; }

    /// <summary>The message as it came over the line, header and body; null before it came, or where it is too large to be tested.</summary>
    public ReadOnlyMemory<byte>? Message { get; init; }
}

/// <summary>What is known of a sender.</summary>
/// <param name="Verdict">The conclusion.</param>
/// <param name="AuthenticationResults">The results in the form of RFC 8601, one method a line, without the name of the host that makes them; empty where there was no message.</param>
public sealed record GateAnswer(SenderVerdict Verdict, IReadOnlyList<string> AuthenticationResults);

/// <summary>Asks for a verdict on a sender. DNS trouble is part of the verdict.</summary>
/// <param name="question">Who is asked about.</param>
/// <param name="cancellationToken">The end of the asker's patience.</param>
/// <returns>What is known; null where nothing can be said, which is no evidence against anybody.</returns>
public delegate Task<GateAnswer?> GateInquiry(GateQuestion question, CancellationToken cancellationToken);

/// <summary>What is known of a client before any of its words are weighed.</summary>
public enum ClientStanding : byte
{
    /// <summary>Nothing.</summary>
    Stranger,
    /// <summary>This host, or one of Postfix's mynetworks: it is not a sender from outside.</summary>
    Own,
    /// <summary>The operator's allow-list names it: it is never refused.</summary>
    Allowed,
    /// <summary>A ban of it stands.</summary>
    Banned,
}
