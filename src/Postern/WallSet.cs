using Postern.Decisions.Bans;
using Postern.Enforcement;
using Postern.Facts;

namespace Postern;

/// <summary>The walls of a run, each told of the bans that are for it.</summary>
/// <param name="keepers">The walls' keepers.</param>
internal sealed class WallSet(IReadOnlyList<WallKeeper> keepers)
{
    private readonly IReadOnlyList<WallPieces> _pieces = [.. keepers.Select(keeper => new WallPieces(keeper.Jails))];

    /// <summary>The walls.</summary>
    public IEnumerable<IWall> Walls => keepers.Select(keeper => keeper.Wall);

    /// <summary>Builds them with what should stand.</summary>
    /// <param name="book">The bans.</param>
    /// <param name="cancellationToken">The end of the program.</param>
    public async Task OpenAsync(BanBook book, CancellationToken cancellationToken)
    {
        foreach (var pieces in _pieces)
        {
            pieces.Learn(book);
        }

        foreach (var keeper in keepers)
        {
            await keeper.OpenAsync(cancellationToken);
        }
    }

    /// <summary>Keeps them until stopped, and takes them down then.</summary>
    /// <param name="supervisor">Owns the keeping of each.</param>
    /// <param name="stop">The end.</param>
    public Task RunAsync(Supervisor supervisor, CancellationToken stop) => Task.WhenAll(keepers.Select(keeper => KeepAsync(keeper, supervisor, stop)));

    private static async Task KeepAsync(WallKeeper keeper, Supervisor supervisor, CancellationToken stop)
    {
        var isAgain = false;
        await supervisor.Start($"the firewall {keeper.Wall.Name}", async end =>
        {
            // What was under way when it failed is lost: all is built anew.
            if (isAgain)
            {
                await keeper.OpenAsync(end);
            }

            isAgain = true;
            await keeper.RunAsync(end);
        }, stop);
        try
        {
            // It was stopped between two tries.
            if (keeper.Wall.State != WallState.Closed)
            {
                await keeper.Wall.CloseAsync(CancellationToken.None);
            }

            await keeper.DisposeAsync();
        }
#pragma warning disable CA1031 // The other firewalls are taken down all the same.
        catch (Exception e)
#pragma warning restore CA1031
        {
            supervisor.Note($"the end of the firewall {keeper.Wall.Name}", e);
        }
    }

    /// <summary>Hands on that a jail's ban of a network was made, or ended.</summary>
    /// <param name="network">Whose.</param>
    /// <param name="jail">Which jail's.</param>
    /// <param name="book">The bans as they are now.</param>
    public void Change(ClientNetwork network, string jail, BanBook book)
    {
        foreach (var (keeper, pieces) in keepers.Zip(_pieces))
        {
            if (keeper.Jails?.Invoke(jail) is not false)
            {
                foreach (var change in pieces.Change(network, book))
                {
                    keeper.Add(change);
                }
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
