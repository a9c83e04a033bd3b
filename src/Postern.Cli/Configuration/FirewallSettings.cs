using Postern.Enforcement.Nftables;

namespace Postern.Cli.Configuration;

/// <summary>The firewall of nftables.</summary>
internal sealed record NftablesSettings
{
    /// <summary>Whether it is used; default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The name of our own table (family inet), which is nobody else's.</summary>
    public string Table { get; init; } = "postern";

    /// <summary>True where a banned client is told so (reject), false where it gets no answer (drop, the default).</summary>
    public bool Reject { get; init; }

    /// <summary>Where packets are looked at; default what is for this machine, and what it hands on to a container.</summary>
    public IReadOnlyList<NftablesHook> Hooks { get; init; } = [NftablesHook.Input, NftablesHook.Forward];

    /// <summary>How often kernel and ledger are compared besides at every change of the ruleset; default 1 minute.</summary>
    public TimeSpan CompareEvery { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>The firewall of the operator's own program, called without a shell.</summary>
internal sealed record CommandSettings
{
    /// <summary>The program that bans, and its arguments.</summary>
    public IReadOnlyList<string> Ban { get; init; } = [];

    /// <summary>The program that lifts a ban, and its arguments.</summary>
    public IReadOnlyList<string> Unban { get; init; } = [];

    /// <summary>How long one call may take; default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
