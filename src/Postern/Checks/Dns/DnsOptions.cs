using System.Net;

namespace Postern.Checks.Dns;

/// <summary>How the DNS is asked. The defaults suit a mail server with a resolver of its own beside it.</summary>
public sealed record DnsOptions
{
    /// <summary>The resolvers to ask, in this order; empty: those of <c>/etc/resolv.conf</c>, or 127.0.0.1 where it names none.</summary>
    public IReadOnlyList<IPEndPoint> Servers { get; init; } = [];

    /// <summary>How long one try waits for an answer; 0.1 to 10 s.</summary>
    public TimeSpan QueryTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Further tries after the first; 0 to 3.</summary>
    public int Retries { get; init; } = 1;

    /// <summary>How long all tests of one sender may take together; 0.5 to 30 s.</summary>
    public TimeSpan CheckDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Records kept of one answer; the rest is dropped and the answer marked. At least 16.</summary>
    public int MaxRecords { get; init; } = 256;

    /// <summary>Answers kept in memory, at most.</summary>
    public int CacheEntries { get; init; } = 20_000;

    /// <summary>Characters of all kept answers together, at most; a hostile zone fills no more than this.</summary>
    public int CacheCharacters { get; init; } = 8_000_000;

    /// <summary>The longest time that an answer is kept, whatever its TTL says.</summary>
    public TimeSpan MaxTimeToLive { get; init; } = TimeSpan.FromHours(6);

    /// <summary>How long NXDOMAIN and no data are kept where the answer has no SOA record to say so (RFC 2308, 5).</summary>
    public TimeSpan DefaultNegativeTimeToLive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a time-out or failure is kept, so that a dead server is not asked by every session at once.</summary>
    public TimeSpan FailureTimeToLive { get; init; } = TimeSpan.FromSeconds(2);
}
