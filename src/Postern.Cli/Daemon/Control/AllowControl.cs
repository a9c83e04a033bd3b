using System.Globalization;
using Postern.Cli.Configuration;
using Postern.Cli.Daemon.Sources;
using Postern.Cli.Words;
using Postern.Engine;
using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Cli.Daemon.Control;

/// <summary>Carries out <c>allow</c>, <c>allow list</c> and <c>allow remove</c>.</summary>
/// <param name="engine">The run.</param>
/// <param name="list">Whom commands allowed.</param>
/// <param name="config">The configuration in use.</param>
/// <param name="look">Makes a change take effect; gives whom no jail may ban from then on.</param>
/// <param name="time">The clock.</param>
internal sealed class AllowControl(BanEngine engine, AllowList list, Func<LoadedConfig> config, Func<CancellationToken, Task<ProtectedNetworks>> look, TimeProvider time)
{
    /// <summary>Allows them, and lifts their bans.</summary>
    public async Task<IReadOnlyList<ControlAnswer>> AllowAsync(IReadOnlyList<AllowEntry> entries, TimeSpan? length, IAnswerWords words, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        DateTimeOffset? until = length is { } span ? now + span : null;
        var networks = await Task.WhenAll(entries.Select(entry => NetworksAsync(entry, cancellationToken)));
        var orders = entries.Zip(networks).Where(static pair => pair.First.Sender is not null || pair.Second.Count > 0).Select(pair => new AllowedEntry(pair.First.ToString(), now) { Until = until }).ToList();
        if (orders.Count > 0)
        {
            list.Add(orders);
            await engine.AllowAsync(orders, cancellationToken);
            await look(cancellationToken);
            await engine.AskAsync((decider, _, at) => networks.SelectMany(static some => some).Sum(network => decider.Unban(network, at).Count), cancellationToken);
        }

        return
        [
            .. entries.Zip(networks, (entry, found) => entry.Sender is null && found.Count == 0 ? ControlAnswer.No(words.NotResolved(entry.ToString()))
                : entry.Sender is not null ? ControlAnswer.Done(words.SenderAllowed(entry.Sender))
                : ControlAnswer.Done(until is { } end ? words.AllowedUntil(entry.ToString(), end.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)) : words.Allowed(entry.ToString()))),
        ];
    }

    /// <summary>Takes what was allowed, or no longer, by command on other hosts.</summary>
    public async Task TakeForeignAsync(IReadOnlyList<AllowedEntry> orders, CancellationToken cancellationToken)
    {
        // What this host was told later counts: a server that lost its last minutes repeats old orders.
        var known = list.Rows;
        orders = [.. orders.Where(order => !known.Any(row => string.Equals(row.Order.Entry, order.Entry, StringComparison.Ordinal) && row.Order.At > order.At))];
        if (orders.Count == 0)
        {
            return;
        }

        foreach (var order in orders.Where(static order => order.IsRemoved))
        {
            if (AllowEntry.TryParseAny(order.Entry) is { } entry)
            {
                list.Remove(entry);
            }
        }

        list.Add([.. orders.Where(order => !order.IsRemoved && order.HoldsAt(time.GetUtcNow()))]);
        await engine.AllowAsync(orders, cancellationToken);
        var networks = await look(cancellationToken);
        var allowed = orders.Where(static order => !order.IsRemoved).Select(static order => order.Entry).ToHashSet(StringComparer.Ordinal);
        await engine.AskAsync(
            (decider, _, at) => networks.Allowed.Where(pair => allowed.Contains(pair.Entry)).Sum(pair => decider.Unban(pair.Network, at).Count), cancellationToken);
    }

    /// <summary>Takes out of the list what a command put there.</summary>
    public async Task<IReadOnlyList<ControlAnswer>> RemoveAsync(IReadOnlyList<AllowEntry> entries, IAnswerWords words, CancellationToken cancellationToken)
    {
        var current = config();
        var (answers, orders) = (new List<ControlAnswer>(), new List<AllowedEntry>());
        foreach (var entry in entries)
        {
            if (list.Remove(entry) is { } order)
            {
                orders.Add(order);
            }
            else if (!current.Options.Allow.Contains(entry))
            {
                answers.Add(ControlAnswer.No(words.NotAllowed(entry.ToString())));
                continue;
            }

            answers.Add(current.Options.Allow.Contains(entry)
                ? ControlAnswer.No(words.AllowedByConfiguration(entry.ToString(), current.File)) : ControlAnswer.Done(words.Disallowed(entry.ToString())));
        }

        if (orders.Count > 0)
        {
            await engine.AllowAsync(orders, cancellationToken);
            await look(cancellationToken);
        }

        return answers;
    }

    /// <summary>The whole list.</summary>
    public Task<AllowedReply> ListAsync(CancellationToken cancellationToken) => engine.AskAsync(
        (decider, _, _) =>
        {
            var networks = decider.Protections.Networks.Allowed.ToLookup(static pair => pair.Entry, static pair => pair.Network.ToString(), StringComparer.Ordinal);
            return new AllowedReply
            {
                Allowed =
                [
                    .. config().Options.Allow.Select(entry => new AllowedRow(entry.ToString(), "configuration", null, null, [.. networks[entry.ToString()].Distinct(StringComparer.Ordinal)])),
                    .. config().Options.AllowSenders.Select(static sender => new AllowedRow(sender, "configuration", null, null, [])),
                    .. list.Rows.Select(row => new AllowedRow(
                        row.Entry.ToString(), "command", row.Order.At.ToLocalTime(), row.Order.Until?.ToLocalTime(), [.. networks[row.Entry.ToString()].Distinct(StringComparer.Ordinal)])),
                ],
            };
        },
        cancellationToken);

    private static async Task<IReadOnlyList<ClientNetwork>> NetworksAsync(AllowEntry entry, CancellationToken cancellationToken) =>
        entry.Sender is not null ? []
        : entry.Network is { } network ? [network]
        : await ProtectionSource.ResolveAsync(entry.Name!, cancellationToken) ?? [];
}
