using Postern.Decisions.Bans;
using Postern.Enforcement;
using Postern.Engine.Supervision;
using Postern.Facts;

namespace Postern.Engine.Firewalls;

/// <summary>The firewalls of a run, each told of the bans that are for it.</summary>
/// <param name="synchronizers">The firewalls' synchronizers.</param>
internal sealed class FirewallSet(IReadOnlyList<FirewallSynchronizer> synchronizers)
{
    private readonly IReadOnlyList<FirewallEntries> _pieces = [.. synchronizers.Select(synchronizer => new FirewallEntries(synchronizer.Jails))];

    /// <summary>What keeps each of them.</summary>
    public IReadOnlyList<FirewallSynchronizer> Synchronizers => synchronizers;

    /// <summary>The firewalls.</summary>
    public IEnumerable<IFirewall> Firewalls => synchronizers.Select(synchronizer => synchronizer.Firewall);

    /// <summary>Builds them with what should stand.</summary>
    /// <param name="book">The bans.</param>
    /// <param name="cancellationToken">The end of the program.</param>
    public async Task OpenAsync(BanTable book, CancellationToken cancellationToken)
    {
        foreach (var pieces in _pieces)
        {
            pieces.Learn(book);
        }

        foreach (var synchronizer in synchronizers)
        {
            await synchronizer.OpenAsync(cancellationToken);
        }
    }

    /// <summary>Keeps them until stopped, and takes them down then.</summary>
    /// <param name="supervisor">Owns the keeping of each.</param>
    /// <param name="stop">The end.</param>
    public Task RunAsync(Supervisor supervisor, CancellationToken stop) => Task.WhenAll(synchronizers.Select(synchronizer => KeepAsync(synchronizer, supervisor, stop)));

    private static async Task KeepAsync(FirewallSynchronizer synchronizer, Supervisor supervisor, CancellationToken stop)
    {
        var isAgain = false;
        await supervisor.Start($"the firewall {synchronizer.Firewall.Name}", async end =>
        {
            // What was under way when it failed is lost: all is built anew.
            if (isAgain)
            {
                await synchronizer.OpenAsync(end);
            }

            isAgain = true;
            await synchronizer.RunAsync(end);
        }, stop);
        try
        {
            // It was stopped between two tries.
            if (synchronizer.Firewall.State != FirewallState.Closed)
            {
                await synchronizer.Firewall.CloseAsync(CancellationToken.None);
            }

            await synchronizer.DisposeAsync();
        }
#pragma warning disable CA1031 // The other firewalls are taken down all the same.
        catch (Exception e)
#pragma warning restore CA1031
        {
            supervisor.Note($"the end of the firewall {synchronizer.Firewall.Name}", e);
        }
    }

    /// <summary>Hands on that a jail's ban of a network was made, or ended.</summary>
    /// <param name="network">Whose.</param>
    /// <param name="jail">Which jail's.</param>
    /// <param name="book">The bans as they are now.</param>
    /// <param name="seenAt">When what led to the ban was seen; null where it ended, or nothing did.</param>
    public void Change(ClientNetwork network, string jail, BanTable book, DateTimeOffset? seenAt = null)
    {
        for (var i = 0; i < synchronizers.Count; i++)
        {
            var (synchronizer, pieces) = (synchronizers[i], _pieces[i]);
            if (synchronizer.Jails?.Invoke(jail) is not false)
            {
                // A network in several pieces is one ban.
                var left = seenAt;
                foreach (var change in pieces.Change(network, book))
                {
                    synchronizer.Add(change, change.Until is null ? null : left);
                    left = change.Until is null ? left : null;
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
        foreach (var synchronizer in synchronizers)
        {
            foreach (var entry in await synchronizer.Firewall.ReadAsync(cancellationToken))
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
