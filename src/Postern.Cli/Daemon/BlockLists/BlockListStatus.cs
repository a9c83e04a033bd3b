namespace Postern.Cli.Daemon.BlockLists;

/// <summary>A list of networks in <c>status</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State"><c>active</c>, <c>dry-run</c>, <c>empty</c> (nothing was read yet) or <c>failed</c> (it is not in the firewall).</param>
/// <param name="Networks">How many networks it names.</param>
/// <param name="Spared">How many of those who must not be kept out it names.</param>
/// <param name="Packets">Packets that it kept out since the start.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Trouble">Why it was not read the last time, or is not in the firewall; null for no trouble.</param>
internal sealed record BlockListStatus(string Name, string State, int Networks, int Spared, long Packets, long Bytes, string? Trouble);
