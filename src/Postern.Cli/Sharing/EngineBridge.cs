using Postern.Cli.Sharing.Merging;
using Postern.Cli.Sharing.Records;
using Postern.Decisions.Protection;
using Postern.Engine;
using Postern.Engine.Bans;
using Postern.Facts;

namespace Postern.Cli.Sharing;

/// <summary>Brings what other hosts told into the run, on the run's own loop.</summary>
/// <param name="engine">The run.</param>
/// <param name="state">What this host knows of the bans of all.</param>
/// <param name="allow">Takes whom a command allowed on another host, or no longer.</param>
internal sealed class EngineBridge(BanEngine engine, SharedState state, Func<IReadOnlyList<AllowedEntry>, CancellationToken, Task> allow)
{
    private const int Slice = 20_000;

    /// <summary>Takes news.</summary>
    /// <returns>What this host has to say to it.</returns>
    public async Task<IReadOnlyList<SharedChange>> TakeAsync(IReadOnlyList<SharedChange> news, CancellationToken stop)
    {
        var said = await engine.AskAsync(
            (decider, _, now) =>
            {
                var words = new List<SharedChange>();
                foreach (var change in news)
                {
                    if (Take(decider, change, now) is { } word)
                    {
                        words.Add(word);
                    }
                }

                return words;
            },
            stop);
        var orders = news.OfType<SharedAllow>().Where(order => !IsOwn(order)).Select(Order).ToList();
        if (orders.Count > 0)
        {
            await allow(orders, stop);
        }

        return said;
    }

    /// <summary>Compares the bans that stand here with what all know: what has ended elsewhere ends, what is unknown there is told.</summary>
    /// <param name="isLost">True where the server has lost its data.</param>
    /// <param name="stop">The end of the program.</param>
    public async Task CompareAsync(bool isLost, CancellationToken stop)
    {
        var bans = await engine.AskAsync(static (decider, _, _) => decider.Book.Standing.ToArray(), stop);
        for (var first = 0; first < bans.Length; first += Slice)
        {
            var slice = bans.AsMemory(first, Math.Min(Slice, bans.Length - first));
            await engine.AskAsync(
                (decider, _, now) =>
                {
                    foreach (var ban in slice.Span)
                    {
                        if (decider.Book.Of(ban.Network).Contains(ban) && state.Compare(ban, isLost))
                        {
                            decider.LiftForeign(ban.Network, ban.Jail, now);
                        }
                    }

                    return true;
                },
                stop);
        }
    }

    /// <summary>The days that are remembered from one on.</summary>
    public Task<SenderDay[]> DaysAsync(DateOnly since, CancellationToken stop) =>
        engine.AskAsync((decider, _, _) => decider.Protections.Senders.All.Where(day => day.Day >= since).ToArray(), stop);

    private SharedVeto? Take(BanDecider decider, SharedChange change, DateTimeOffset now)
    {
        switch (change)
        {
            case SharedBan ban:
                return Take(decider, ban, now);
            case SharedUnban unban:
                Settle(decider, unban.Network, unban.Jail, now);
                return null;
            case SharedVeto veto when !IsOwn(veto) && state.Clock.ToLocal(veto.End) > now:
                decider.TakeVeto(veto.Client, new ForeignVeto(veto.Host, veto.Reason, veto.Detail, state.Clock.ToLocal(veto.End)), now);
                return null;
            case SharedDay day:
                decider.NoteForeign(day.Day);
                return null;
            case SharedFailure failure:
                var id = new StableHash();
                id.Add(failure.Id);
                id.Add(StableHash.Of(System.Text.Encoding.UTF8.GetBytes(failure.Host)));
                decider.NoteForeign(failure.Client, id.Value, failure.Mark, failure.Variety, now);
                return null;
            default:
                return null;
        }
    }

    private SharedVeto? Take(BanDecider decider, SharedBan ban, DateTimeOffset now)
    {
        var span = new BanSpan(ban.At, ban.End, ban.Host);
        // What came meanwhile may have ended it, or lasts longer.
        if (state.Of(ban.Network, ban.Jail) != span)
        {
            Settle(decider, ban.Network, ban.Jail, now);
            return state.ExtendVeto(ban);
        }

        if (decider.Book.Of(ban.Network).FirstOrDefault(other => string.Equals(other.Jail, ban.Jail, StringComparison.Ordinal)) is { } here && state.IsSame(here, span))
        {
            return null;
        }

        var answer = decider.TakeForeign(ToBan(ban), now);
        return answer.Veto is { } veto ? state.NoteVeto(veto, ban) : null;
    }

    // What holds among all holds here.
    private void Settle(BanDecider decider, ClientNetwork network, string jail, DateTimeOffset now)
    {
        var here = decider.Book.Of(network).FirstOrDefault(other => string.Equals(other.Jail, jail, StringComparison.Ordinal));
        if (here is null)
        {
            return;
        }

        if (state.Of(network, jail) is not { } span)
        {
            decider.LiftForeign(network, jail, now);
        }
        else if (!state.IsSame(here, span))
        {
            decider.TakeForeign(here with { From = state.Clock.ToLocal(span.At), Until = state.Clock.ToLocal(span.End), Host = HostOf(span.Host) }, now);
        }
    }

    private Ban ToBan(SharedBan ban) => new()
    {
        Network = ban.Network,
        Client = ban.Client,
        Jail = ban.Jail,
        From = state.Clock.ToLocal(ban.At),
        Until = state.Clock.ToLocal(ban.End),
        Reason = ban.Reason,
        Failures = ban.Failures,
        Repetition = ban.Repetition,
        Trigger = ban.Trigger,
        Host = HostOf(ban.Host),
    };

    private AllowedEntry Order(SharedAllow order) => new(order.Entry, state.Clock.ToLocal(order.At))
    {
        Until = order.End == long.MaxValue ? null : state.Clock.ToLocal(order.End),
        IsRemoved = order.IsRemoved,
        IsForeign = true,
    };

    private string? HostOf(string host) => string.Equals(host, state.Host, StringComparison.Ordinal) ? null : host;

    private bool IsOwn(SharedChange change) => HostOf(change.Host) is null;
}
