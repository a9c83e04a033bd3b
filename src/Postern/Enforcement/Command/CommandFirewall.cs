using System.Collections.Concurrent;
using System.Globalization;
using Postern.Facts;

namespace Postern.Enforcement.Command;

/// <summary>A firewall that the operator's own program builds.</summary>
public sealed class CommandFirewall(CommandOptions options, TimeProvider time) : IFirewall
{
    // A program that fails that often fails for all: the rest waits for the next comparison.
    private const int MostFailures = 10;

    private readonly CommandRunner _runner = new(options.Deadline, time);

    // What the program did, until when: what failed is done again at the next comparison.
    private readonly ConcurrentDictionary<ClientNetwork, DateTimeOffset> _standing = new();

    // Where it failed since the last comparison: one success does not make good what failed before it.
    private readonly ConcurrentDictionary<ClientNetwork, bool> _failed = new();

    /// <inheritdoc/>
    public string Name => "command";

    /// <inheritdoc/>
    public FirewallState State { get; private set; }

    /// <inheritdoc/>
    public string? Trouble { get; private set; }

    /// <inheritdoc/>
    public async Task OpenAsync(IReadOnlyCollection<FirewallEntry> standing, CancellationToken cancellationToken)
    {
        _standing.Clear();
        _failed.Clear();
        var trouble = options.Flush.Count == 0 ? null : await _runner.RunAsync(options.Flush, cancellationToken);
        Say(null);
        await ApplyAsync([.. standing.Select(entry => new FirewallChange(entry.Network, entry.Until))], cancellationToken);
        Say(trouble ?? Trouble);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<FirewallEntry>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<FirewallEntry>>([]);

    /// <inheritdoc/>
    public async Task ApplyAsync(IReadOnlyList<FirewallChange> changes, CancellationToken cancellationToken)
    {
        // The last word on a network is the one that counts; two programs at once for one network could end in either order.
        var last = new Dictionary<ClientNetwork, DateTimeOffset?>();
        foreach (var change in changes)
        {
            last[change.Network] = change.Until is { } until && until > time.GetUtcNow() ? until : null;
        }

        if (last.Count == 0)
        {
            return;
        }

        string? trouble = null;
        var failures = 0;
        await Parallel.ForEachAsync(
            last, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, options.AtOnce), CancellationToken = cancellationToken },
            async (change, stop) =>
            {
                _failed[change.Key] = true;
                if (Volatile.Read(ref failures) >= MostFailures)
                {
                    return;
                }

                if (await RunAsync(change.Key, change.Value, stop) is { } failed)
                {
                    Interlocked.Increment(ref failures);
                    Interlocked.CompareExchange(ref trouble, failed, null);
                    return;
                }

                _failed.TryRemove(change.Key, out _);
            });
        Say(trouble ?? (_failed.IsEmpty ? null : Trouble));
    }

    /// <summary>Does what is missing; what else the operator's program keeps out is its own affair.</summary>
    public async Task<FirewallDrift> CompareAsync(Func<IReadOnlyCollection<FirewallEntry>> standing, bool isThorough, CancellationToken cancellationToken)
    {
        var entries = standing();
        var expected = entries.Select(entry => entry.Network).ToHashSet();
        List<FirewallChange> changes =
        [
            .. entries.Where(entry => !_standing.TryGetValue(entry.Network, out var until) || until != entry.Until).Select(entry => new FirewallChange(entry.Network, entry.Until)),
            .. _standing.Keys.Where(network => !expected.Contains(network)).Select(network => new FirewallChange(network, null)),
        ];
        _failed.Clear();
        if (changes.Count == 0)
        {
            Say(null);
        }

        await ApplyAsync(changes, cancellationToken);
        return default;
    }

    /// <inheritdoc/>
    public Task DisturbedAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    /// <inheritdoc/>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        if (options.Flush.Count > 0)
        {
            Say(await _runner.RunAsync(options.Flush, cancellationToken));
            _standing.Clear();
        }

        using var limit = new CancellationTokenSource(options.ClosingDeadline, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await ApplyAsync([.. _standing.Keys.Select(network => new FirewallChange(network, null))], both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Trouble = string.Create(CultureInfo.InvariantCulture, $"{_standing.Count} bans stay: {options.Unban[0]} is too slow to remove them");
        }

        State = FirewallState.Closed;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<string?> RunAsync(ClientNetwork network, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        var command = until is null ? options.Unban : options.Ban;
        var variables = until is null ? null : options.Variables?.Invoke(network);
        var trouble = command.Count == 0
            ? null
            : await _runner.RunAsync([command[0], .. command.Skip(1).Select(argument => Fill(argument, network, until))], cancellationToken, variables);
        if (trouble is not null)
        {
            return trouble;
        }

        if (until is { } end)
        {
            _standing[network] = end;
        }
        else
        {
            _standing.TryRemove(network, out _);
        }

        return null;
    }

    private void Say(string? trouble) => (State, Trouble) = (trouble is null ? FirewallState.Standing : FirewallState.Failed, trouble);

    private string Fill(string argument, ClientNetwork network, DateTimeOffset? until)
    {
        var seconds = until is { } end ? Math.Max(1, (long)Math.Ceiling((end - time.GetUtcNow()).TotalSeconds)) : 0;
        return argument
            .Replace("{address}", network.First.ToString(), StringComparison.Ordinal)
            .Replace("{network}", network.ToString(), StringComparison.Ordinal)
            .Replace("{prefix}", network.PrefixLength.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{family}", network.IsIPv4 ? "4" : "6", StringComparison.Ordinal)
            .Replace("{seconds}", seconds.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }
}
