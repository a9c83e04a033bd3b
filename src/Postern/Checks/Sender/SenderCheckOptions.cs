using Postern.Checks.Arc;
using Postern.Checks.Dkim;
using Postern.Checks.Dns;
using Postern.Checks.Dnsbl;
using Postern.Checks.Helo;
using Postern.Checks.ReverseDns;
using Postern.Checks.Spf;

namespace Postern.Checks.Sender;

/// <summary>The options of all tests.</summary>
public sealed record SenderCheckOptions
{
    /// <summary>The DNS, and the time for a whole check.</summary>
    public DnsOptions Dns { get; init; } = new();

    /// <summary>The DNS lists.</summary>
    public DnsblOptions Dnsbl { get; init; } = new();

    /// <summary>The reverse look-up.</summary>
    public ReverseDnsOptions ReverseDns { get; init; } = new();

    /// <summary>What this server is called.</summary>
    public HeloOptions Helo { get; init; } = new();

    /// <summary>Limits of SPF.</summary>
    public SpfOptions Spf { get; init; } = new();

    /// <summary>Limits of DKIM.</summary>
    public DkimOptions Dkim { get; init; } = new();

    /// <summary>Whose ARC chains are believed.</summary>
    public ArcOptions Arc { get; init; } = new();
}
