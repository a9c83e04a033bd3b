namespace Postern.Enforcement.Nftables;

/// <summary>What becomes of a banned client's packets.</summary>
public enum NftablesVerdict : byte
{
    /// <summary>They vanish; the client waits until its own time is over.</summary>
    Drop,
    /// <summary>The connection is reset.</summary>
    Reject,
}

/// <summary>Where our chains look at packets.</summary>
public enum NftablesHook : byte
{
    /// <summary>What is for this machine itself.</summary>
    Input,
    /// <summary>
    /// What this machine hands on to a container that publishes the port (DNAT, as Docker does it): ports are those that the
    /// client sees.
    /// </summary>
    Forward,
}

/// <summary>How bans take effect in the kernel.</summary>
public sealed record NftablesOptions
{
    /// <summary>False to leave the firewall alone: then no such firewall is built.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What the firewall is called where it is told of; default <c>nftables</c>.</summary>
    public string Name { get; init; } = "nftables";

    /// <summary>The table of family inet that is ours alone: whatever else is in it is removed. Default <c>postern</c>.</summary>
    public string Table { get; init; } = "postern";

    /// <summary>TCP ports that a banned client cannot reach; empty for every port and protocol. Default 25, 465 and 587.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [25, 465, 587];

    /// <summary>What becomes of its packets; default <see cref="NftablesVerdict.Drop"/>.</summary>
    public NftablesVerdict Verdict { get; init; } = NftablesVerdict.Drop;

    /// <summary>Where our chains look at packets, each hook once; default both.</summary>
    public IReadOnlyList<NftablesHook> Hooks { get; init; } = [NftablesHook.Input, NftablesHook.Forward];

    /// <summary>
    /// The priority of our chains in their hooks; default -15, before any usual filter (0) could accept what belongs to an
    /// established connection.
    /// </summary>
    public int Priority { get; init; } = -15;

    /// <summary>True to count packets and bytes of banned clients, a counter for each length of prefix; default true.</summary>
    public bool Counters { get; init; } = true;
}
