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
    private const int MostKept = 1_000;

    // Made from a snapshot, and not in the ledger yet.
    private List<Ban> _unkept = [];

    /// <summary>Takes news.</summary>
    /// <param name="news">The news.</param>
    /// <param name="isSnapshot">True where they are part of all that the server has: the ledger gets them by <see cref="KeepAsync"/>.</param>
    /// <param name="stop">The end of the program.</param>
    /// <returns>What this host has to say to it.</returns>
    public async Task<IReadOnlyList<SharedChange>> TakeAsync(IReadOnlyList<SharedChange> news, bool isSnapshot, CancellationToken stop)
    {
        var said = await engine.AskAsync(
            (decider, _, now) =>
            {
                var words = new List<SharedChange>();
                foreach (var change in news)
                {
                    if (Take(decider, change, isSnapshot, now) is { } word)
                    {
                        words.Add(word);
                    }
                }

                return words;
            },
            stop);
        var orders = news.OfType<SharedAllow>().Where(order => !state.IsOwn(order)).Select(Order).ToList();
        if (orders.Count > 0)
        {
            await allow(orders, stop);
        }

        return said;
    }

    /// <summary>
    /// Has the ledger keep what came with a snapshot: in the order in which it lies there, and a little at a time, so that the run's loop waits
    /// for none of it. Until then the server is where it is kept.
    /// </summary>
    public async Task KeepAsync(CancellationToken stop)
    {
        var made = await engine.AskAsync(
            (_, _, _) =>
            {
                var made = _unkept;
                _unkept = [];
                return made;
            },
            stop);
        var bans = made.ToArray();
        await Task.Run(() => Array.Sort(bans, static (a, b) => a.Network.CompareTo(b.Network)), stop);
        for (var first = 0; first < bans.Length; first += MostKept)
        {
            var slice = bans.AsMemory(first, Math.Min(MostKept, bans.Length - first));
            await engine.AskAsync(
                (decider, _, _) =>
                {
                    decider.KeepForeign(slice.Span);
                    return true;
                },
                stop);
            slice.Span.Clear();
        }
    }

    /// <summary>Compares the bans that stand here with what all know: what has ended elsewhere ends, what is unknown there is told.</summary>
    /// <param name="bans">The bans, as <see cref="BansAsync"/> gave them.</param>
    /// <param name="isLost">True where the server has lost its data.</param>
    /// <param name="stop">The end of the program.</param>
    public async Task CompareAsync(Ban[] bans, bool isLost, CancellationToken stop)
    {
        for (var first = 0; first < bans.Length; first += Slice)
        {
            var slice = bans.AsMemory(first, Math.Min(Slice, bans.Length - first));
            await engine.AskAsync(
                (decider, _, now) =>
                {
                    foreach (var ban in slice.Span)
                    {
                        if (decider.Book.Has(ban) && state.Compare(ban, isLost))
                        {
                            decider.LiftForeign(ban.Network, ban.Jail, now);
                        }
                    }

                    return true;
                },
                stop);
        }
    }

    /// <summary>Makes room for so many bans, of which those that stand here are some.</summary>
    public Task ReserveAsync(int bans, CancellationToken stop) => engine.AskAsync(
        (decider, _, _) =>
        {
            decider.Book.Reserve(bans);
            return true;
        },
        stop);

    /// <summary>The bans that stand here now.</summary>
    public Task<Ban[]> BansAsync(CancellationToken stop) => engine.AskAsync(static (decider, _, _) => decider.Book.Standing.ToArray(), stop);

    /// <summary>The days that are remembered from one on.</summary>
    public Task<SenderDay[]> DaysAsync(DateOnly since, CancellationToken stop) =>
        engine.AskAsync((decider, _, _) => decider.Protections.Senders.All.Where(day => day.Day >= since).ToArray(), stop);

    private SharedVeto? Take(BanDecider decider, SharedChange change, bool isSnapshot, DateTimeOffset now)
    {
        switch (change)
        {
            case SharedBan ban:
                return Take(decider, ban, isSnapshot, now);
            case SharedUnban unban:
                Settle(decider, unban.Network, unban.Jail, now);
                return null;
            case SharedVeto veto when !state.IsOwn(veto) && state.Clock.ToLocal(veto.End) > now:
                decider.TakeVeto(veto.Client, new ForeignVeto(veto.Host, veto.Reason, veto.Detail, state.Clock.ToLocal(veto.End)), now);
                return null;
            case SharedDay day:
                decider.NoteForeign(day.Day);
                return null;
            case SharedLogin login:
                decider.NoteForeign(login.Login);
                return null;
            case SharedFailure failure:
                var id = new StableHash();
                id.Add(failure.Id);
                id.Add(StableHash.Of(System.Text.Encoding.UTF8.GetBytes(failure.Host)));
                // A namesake has ids of its own.
                id.Add(HostOf(failure.Host) is null ? (ulong)failure.Process : 0);
                decider.NoteForeign(failure.Client, id.Value, failure.Mark, failure.Variety, now);
                return null;
            default:
                return null;
        }
    }

    private SharedVeto? Take(BanDecider decider, SharedBan ban, bool isSnapshot, DateTimeOffset now)
    {
        var span = new BanSpan(ban.At, ban.End, ban.Host);
        // What came meanwhile may have ended it, or lasts longer.
        if (state.Of(ban.Network, ban.Jail) != span)
        {
            Settle(decider, ban.Network, ban.Jail, now);
            return state.ExtendVeto(ban);
        }

        if (Here(decider, ban) is { } here && state.IsSame(here, span))
        {
            return null;
        }

        var answer = decider.TakeForeign(ToBan(ban), now, isSnapshot);
        if (isSnapshot && Here(decider, ban) is { } made)
        {
            _unkept.Add(made);
        }

        return answer.Veto is { } veto ? state.NoteVeto(veto, ban) : null;
    }

    private static Ban? Here(BanDecider decider, SharedBan ban)
    {
        foreach (var other in decider.Book.Of(ban.Network))
        {
            if (string.Equals(other.Jail, ban.Jail, StringComparison.Ordinal))
            {
                return other;
            }
        }

        return null;
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
}
