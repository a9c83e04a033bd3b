namespace Postern.Checks.Dns;

/// <summary>How a question ended. Only the first three say anything about the domain.</summary>
public enum DnsStatus : byte
{
    /// <summary>There are records of the type.</summary>
    Answer,
    /// <summary>The name does not exist.</summary>
    NxDomain,
    /// <summary>The name exists, without records of this type.</summary>
    NoData,
    /// <summary>No answer in time.</summary>
    Timeout,
    /// <summary>The resolver could not find out, refused, or could not be reached.</summary>
    ServerFailure,
    /// <summary>The resolver said that the answer does not pass DNSSEC.</summary>
    Bogus,
}

/// <summary>A mail exchanger.</summary>
/// <param name="Preference">Lower is tried first.</param>
/// <param name="Name">The host, without a final dot; empty for the null MX of RFC 7505.</param>
public readonly record struct MailExchanger(int Preference, string Name);

/// <summary>The answer to one question. Only the list that belongs to the question's type is filled.</summary>
public sealed record DnsAnswer
{
    /// <summary>How it ended; the lists are filled only for <see cref="DnsStatus.Answer"/>.</summary>
    public required DnsStatus Status { get; init; }

    /// <summary>For A and AAAA: in the order of the answer.</summary>
    public IReadOnlyList<Facts.ClientAddress> Addresses { get; init; } = [];

    /// <summary>For MX: by preference.</summary>
    public IReadOnlyList<MailExchanger> Exchangers { get; init; } = [];

    /// <summary>For TXT: a record's strings joined without a blank, each octet a character (Latin-1); order kept.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>For PTR: without a final dot; order kept.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>How much longer the answer may be kept.</summary>
    public TimeSpan TimeToLive { get; init; }

    /// <summary>True where the answer had more records than are kept.</summary>
    public bool Truncated { get; init; }

    /// <summary>What went wrong, for the operator; null where nothing did.</summary>
    public string? Problem { get; init; }

    /// <summary>True where the name or its records certainly do not exist (the void lookups of RFC 7208, 4.6.4).</summary>
    public bool IsVoid => Status is DnsStatus.NxDomain or DnsStatus.NoData;

    /// <summary>True where the DNS gave no answer: never evidence against a sender.</summary>
    public bool IsTrouble => Status is DnsStatus.Timeout or DnsStatus.ServerFailure or DnsStatus.Bogus;

    /// <summary>An answer without records.</summary>
    public static DnsAnswer Without(DnsStatus status, string? problem = null) => new() { Status = status, Problem = problem };
}
