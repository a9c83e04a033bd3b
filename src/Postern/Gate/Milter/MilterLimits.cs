namespace Postern.Gate.Milter;

/// <summary>What a connection of the milter protocol may take.</summary>
internal sealed record MilterLimits
{
    /// <summary>Bytes of one packet; default 1 MB. Postfix sends bodies in pieces of 64 KB and headers up to header_size_limit (100 KB).</summary>
    public int Packet { get; init; } = 1 << 20;

    /// <summary>The largest message whose content is tested; default 50 MB. A larger one is let through.</summary>
    public int Message { get; init; } = 50_000_000;

    /// <summary>Bytes of messages that are tested at once, all sessions together; default 32 MB.</summary>
    public long TestedAtOnce { get; init; } = 32_000_000;

    /// <summary>Headers that claim our results, at most; a message with more is refused. Default 1000: Postfix's time to delete them grows with their square.</summary>
    public int ForgedHeaders { get; init; } = 1000;

    /// <summary>How long a connection may be silent; default 1 hour: a client of Postfix may take its time between two commands.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long the mail server may take to read an answer; default 30 s.</summary>
    public TimeSpan AnswerTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Connections at once; default 4096.</summary>
    public int Connections { get; init; } = 4096;
}
