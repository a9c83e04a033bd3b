namespace Postern.Gate.Policy;

/// <summary>What a connection of the policy protocol may take.</summary>
internal sealed record PolicyLimits
{
    /// <summary>Bytes of one line; default 16 KB. Postfix's own lines are below 4 KB (line_length_limit 2048).</summary>
    public int Line { get; init; } = 16 * 1024;

    /// <summary>Bytes of one request; default 64 KB.</summary>
    public int Request { get; init; } = 64 * 1024;

    /// <summary>How long a request may take from its first byte to its last; default 10 s.</summary>
    public TimeSpan RequestTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long Postfix may take to read an answer; default 10 s.</summary>
    public TimeSpan AnswerTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may be idle; default 20 minutes, above Postfix's smtpd_policy_service_max_idle (300 s) and max_ttl (1000 s).</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>Connections at once; default 4096.</summary>
    public int Connections { get; init; } = 4096;
}
