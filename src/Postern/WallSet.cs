using Postern.Decisions.Bans;
using Postern.Enforcement;
using Postern.Facts;

namespace Postern;

/// <summary>The walls of a run, each told of the bans that are for it.</summary>
/// <param name="keepers">The walls' keepers.</param>
internal sealed class WallSet(IReadOnlyList<WallKeeper> keepers)
{
    /// <summary>The walls.</summary>
    public IEnumerable<IWall> Walls => keepers.Select(keeper => keeper.Wall);

    /// <summary>Builds them with what should stand.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        foreach (var keeper in keepers)
        {
            await keeper.OpenAsync(cancellationToken);
        }
    }

    /// <summary>Keeps them until stopped, and takes them down then.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await Task.WhenAll(keepers.Select(keeper => keeper.RunAsync(stop)));
        foreach (var keeper in keepers)
        {
            await keeper.DisposeAsync();
        }
    }

    /// <summary>Hands on that a jail's ban of a network was made, or ended.</summary>
    /// <param name="network">Whose.</param>
    /// <param name="jail">Which jail's.</param>
    /// <param name="book">The bans as they are now.</param>
    public void Change(ClientNetwork network, string jail, BanBook book)
    {
        foreach (var keeper in keepers)
        {
            if (keeper.Jails?.Invoke(jail) is not false)
            {
                keeper.Add(new WallChange(network, book.Until(network, keeper.Jails)));
            }
        }
    }

    /// <summary>The bans that stand in the kernel, for a ledger that was lost.</summary>
    /// <param name="jail">The jail that they are put down to.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">The end of the program.</param>
    public async Task<IReadOnlyList<Ban>> ReadAsync(string jail, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var bans = new Dictionary<ClientNetwork, Ban>();
        foreach (var keeper in keepers)
        {
            foreach (var entry in await keeper.Wall.ReadAsync(cancellationToken))
            {
                bans[entry.Network] = new Ban
                {
                    Network = entry.Network,
                    Client = entry.Network.First,
                    Jail = jail,
                    From = now,
                    Until = entry.Until,
                    Reason = "found in the firewall after the ledger was lost",
                };
            }
        }

        return [.. bans.Values];
    }
}
