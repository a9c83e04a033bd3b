using Microsoft.Extensions.Logging;
using Postern.Enforcement.BlockLists;
using Postern.Facts;

namespace Postern.Cli.Daemon.BlockLists;

/// <summary>Keeps the operator's lists of networks in a firewall of their own, without those who must not be kept out.</summary>
/// <param name="firewall">The firewall; null in a dry run, and where nftables is off.</param>
/// <param name="configured">The lists as they are set now.</param>
/// <param name="exempt">Finds out who must not be kept out among those that a list names.</param>
/// <param name="logger">The log.</param>
/// <param name="time">The clock.</param>
internal sealed class BlockListService(
    BlockListFirewall? firewall,
    Func<IReadOnlyList<BlockListOptions>> configured,
    Func<Func<ClientAddress, bool>, CancellationToken, Task<IReadOnlyList<ClientNetwork>>> exempt,
    ILogger logger,
    TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(30);

    // Whole histories are looked at for it.
    private static readonly TimeSpan s_exemptions = TimeSpan.FromMinutes(10);

    // Replaced as a whole by the loop, so that a status never waits for a program that prints a list.
    private IReadOnlyDictionary<string, BlockListCount> _counted = new Dictionary<string, BlockListCount>(StringComparer.Ordinal);
    private List<BlockListReader> _readers = [];
    private IReadOnlyList<ClientNetwork> _exempt = [];
    private DateTimeOffset _exemptAt;
    private string? _trouble;
    private bool _isStale = true;

    /// <summary>Looks at the lists now and then until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await LookAsync(stop);
            await Task.Delay(s_between, time, stop);
        }
    }

    /// <summary>Reads what has changed, and brings it to the firewall. For the loop alone.</summary>
    public async Task LookAsync(CancellationToken stop)
    {
        _isStale |= TakeConfigured();
        foreach (var reader in _readers)
        {
            _isStale |= await ReadAsync(reader, stop);
        }

        BlockList[] lists = [.. _readers.Select(static reader => reader.List).OfType<BlockList>()];
        if (lists.Length > 0 && (_isStale || time.GetUtcNow() - _exemptAt >= s_exemptions))
        {
            var found = await exempt(client => Array.Exists(lists, list => list.Contains(client)), stop);
            _isStale |= !found.ToHashSet().SetEquals(_exempt);
            (_exempt, _exemptAt) = (found, time.GetUtcNow());
        }

        if (firewall is not null && (_isStale || (lists.Length > 0 && (await firewall.CountAsync()).Count < lists.Length)))
        {
            await BuildAsync(firewall, lists);
        }
    }

    /// <summary>What there is to tell of each list.</summary>
    public async Task<IReadOnlyList<BlockListStatus>> StatusAsync()
    {
        var counts = firewall is null ? null : await firewall.CountAsync();
        return [.. _readers.Select(reader => StatusOf(reader, counts))];
    }

    /// <summary>Takes the lists out of the firewall.</summary>
    public ValueTask DisposeAsync() => firewall?.DisposeAsync() ?? ValueTask.CompletedTask;

    // True where a list came or went.
    private bool TakeConfigured()
    {
        var wanted = configured();
        if (wanted.SequenceEqual(_readers.Select(static reader => reader.Options)))
        {
            return false;
        }

        _readers = [.. wanted.Select(options => _readers.Find(reader => reader.Options == options) ?? new BlockListReader(options, time))];
        return true;
    }

    private async Task<bool> ReadAsync(BlockListReader reader, CancellationToken stop)
    {
        var before = reader.Trouble;
        var read = await reader.ReadAsync(stop);
        if (reader.Trouble is { } trouble && !string.Equals(trouble, before, StringComparison.Ordinal))
        {
            BlockListLog.NotRead(logger, reader.Options.Name, trouble);
        }

        if (read is null)
        {
            return false;
        }

        BlockListLog.Read(logger, reader.Options.Name, read.Networks.Count);
        if (read.FirstRefused is var (line, why))
        {
            BlockListLog.LeftOut(logger, reader.Options.Name, read.Refused, line, why);
        }

        return true;
    }

    private async Task BuildAsync(BlockListFirewall kernel, BlockList[] lists)
    {
        // A table that is built anew counts from nothing.
        var counted = new Dictionary<string, BlockListCount>(_counted, StringComparer.Ordinal);
        foreach (var (name, count) in await kernel.CountAsync())
        {
            var sum = counted.GetValueOrDefault(name);
            counted[name] = new(sum.Packets + count.Packets, sum.Bytes + count.Bytes);
        }

        _counted = counted;

        var trouble = await kernel.BuildAsync(lists, _exempt);
        if (trouble is not null && !string.Equals(trouble, _trouble, StringComparison.Ordinal))
        {
            BlockListLog.NotBuilt(logger, trouble);
        }

        (_trouble, _isStale) = (trouble, trouble is not null);
    }

    private BlockListStatus StatusOf(BlockListReader reader, IReadOnlyDictionary<string, BlockListCount>? counts)
    {
        var name = reader.Options.Name;
        var (sum, now) = (_counted.GetValueOrDefault(name), counts?.GetValueOrDefault(name) ?? default);
        var state = reader.List is null ? "empty" : firewall is null ? "dry-run" : _trouble is null ? "active" : "failed";
        return new BlockListStatus(
            name, state, reader.List?.Networks.Count ?? 0, reader.List is { } list ? _exempt.Count(network => list.Contains(network.First)) : 0,
            sum.Packets + now.Packets, sum.Bytes + now.Bytes, reader.Trouble ?? _trouble);
    }
}
