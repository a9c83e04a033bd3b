namespace Postern.Enforcement.Nftables;

/// <summary>What becomes of a banned client's packets.</summary>
public enum NftablesVerdict : byte
{
    /// <summary>They vanish; the client waits until its own time is over.</summary>
    Drop,
    /// <summary>The connection is reset.</summary>
    Reject,
}

/// <summary>How bans take effect in the kernel.</summary>
public sealed record NftablesOptions
{
    /// <summary>False to leave the firewall alone.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The table of family inet that is ours alone; default <c>postern</c>.</summary>
    public string Table { get; init; } = "postern";

    /// <summary>TCP ports that a banned client cannot reach; empty for every port and protocol. Default 25, 465 and 587.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [25, 465, 587];

    /// <summary>What becomes of its packets; default <see cref="NftablesVerdict.Drop"/>.</summary>
    public NftablesVerdict Verdict { get; init; } = NftablesVerdict.Drop;

    /// <summary>
    /// The priority of our chain in the input hook. The default, -15, comes before any usual filter (0) could accept what
    /// belongs to an established connection, and after connection tracking (-200).
    /// </summary>
    public int Priority { get; init; } = -15;
}
