using Postern.Facts;

namespace Postern;

/// <content>What others ask of the run, done on its own loop.</content>
public sealed partial class Gatekeeper
{
    /// <summary>Does something with the desk on the run's own loop, and gives its result when the ledger has kept what it changed, or its disk does not answer.</summary>
    internal async Task<T> AskAsync<T>(Func<BanDesk, LogWatch, DateTimeOffset, T> question, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _orders.Writer.WriteAsync(
            now =>
            {
                try
                {
                    T result;
                    lock (_deskLock)
                    {
                        result = question(_desk, _watch, now);
                    }

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

    /// <summary>Keeps whom the operator allowed by command.</summary>
    public Task AllowAsync(AllowedEntry entry, CancellationToken cancellationToken) => AskAsync(
        (desk, _, _) =>
        {
            desk.Changes.Allowed.Add(entry);
            _allowed = [.. _allowed, entry];
            return true;
        },
        cancellationToken);

    /// <summary>Changes how the run is set.</summary>
    public Task ReloadAsync(GatekeeperOptions options, ProtectedNetworks protectedNetworks, CancellationToken cancellationToken) => AskAsync(
        (desk, _, _) =>
        {
            _options = options;
            desk.Jails = options.Jails;
            desk.Brake.Options = options.Brake;
            desk.Long.Options = options.Persistence;
            _jails.Use(options.Fail2Ban);
            desk.Protections.Networks = protectedNetworks;
            return true;
        },
        cancellationToken);
}
