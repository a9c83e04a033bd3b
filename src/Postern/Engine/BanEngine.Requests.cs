using Postern.Enforcement;
using Postern.Engine.Bans;
using Postern.Engine.Intake;
using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Engine;

/// <content>What others ask of the run, done on its own loop.</content>
public sealed partial class BanEngine
{
    /// <summary>Does something with the decider on the run's own loop, and gives its result when the ledger has kept what it changed, or its disk does not answer.</summary>
    internal async Task<T> AskAsync<T>(Func<BanDecider, LogIntake, DateTimeOffset, T> question, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _orders.Writer.WriteAsync(
            now =>
            {
                try
                {
                    var result = question(_decider, _intake, now);
                    _settled.Add(() => answer.TrySetResult(result));
                }
#pragma warning disable CA1031 // What a question fails by is for whoever asked, who logs it.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    answer.TrySetException(e);
                }
            },
            cancellationToken);
        return await answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>The sessions that have ended; read on the run's own loop.</summary>
    internal SessionCounts SessionsEnded => _pipeline.Sessions;

    /// <summary>What keeps each firewall.</summary>
    internal IReadOnlyList<FirewallSynchronizer> Synchronizers => _firewalls.Synchronizers;

    /// <summary>What waits to be taken up, by name.</summary>
    internal IEnumerable<(string Name, int Waiting)> Queues =>
        [("lines", _lines.Reader.Count), ("notices", _notices.Reader.Count), ("sessions", _sessions.Reader.Count), ("orders", _orders.Reader.Count)];

    /// <summary>Notes new places of users for other hosts as well, in a form that only these can compare; before the run is opened.</summary>
    internal void ShareLogins(ILoginHashes hashes) => _decider.Long.Hashes = hashes;

    /// <summary>Whom no list of networks may keep out.</summary>
    /// <param name="isNamed">True for an address that a list names.</param>
    /// <param name="cancellationToken">The caller's own end.</param>
    internal Task<IReadOnlyList<ClientNetwork>> ExemptAsync(Func<ClientAddress, bool> isNamed, CancellationToken cancellationToken) =>
        AskAsync((decider, _, _) => decider.Protections.Exempt(isNamed), cancellationToken);

    /// <summary>Keeps whom the operator allowed by command, and forgets whom no longer.</summary>
    public Task AllowAsync(IReadOnlyList<AllowedEntry> entries, CancellationToken cancellationToken) => AskAsync(
        (decider, _, _) =>
        {
            foreach (var entry in entries)
            {
                decider.Changes.Allowed.Add(entry);
                var others = _allowed.Where(other => !string.Equals(other.Entry, entry.Entry, StringComparison.Ordinal));
                _allowed = entry.IsRemoved ? [.. others] : [.. others, entry];
            }

            return true;
        },
        cancellationToken);

    /// <summary>Changes how the run is set.</summary>
    public Task ReloadAsync(BanEngineOptions options, ProtectedNetworks protectedNetworks, CancellationToken cancellationToken) => AskAsync(
        (decider, _, _) =>
        {
            _options = options;
            decider.Jails = options.Jails;
            decider.Brake.Options = options.Brake;
            decider.Long.Options = options.Persistence;
            _jails.Use(options.Fail2Ban);
            decider.Protections.Networks = protectedNetworks;
            return true;
        },
        cancellationToken);
}
