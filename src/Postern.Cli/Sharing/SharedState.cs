using Postern.Cli.Sharing.Merging;
using Postern.Cli.Sharing.Records;
using Postern.Engine.Ledger;
using Postern.Facts;

namespace Postern.Cli.Sharing;

/// <summary>What this host knows of the bans of all, and what it has still to tell. For several at once; nobody waits in it.</summary>
/// <param name="host">This host's name.</param>
/// <param name="clock">The server's clock.</param>
/// <param name="process">Tells this process from another of the same name.</param>
internal sealed class SharedState(string host, ServerClock clock, long process = 0)
{
    // Ends that differ by less are one.
    private const long Grain = 2000;
    private const long Day = 86_400_000;
    private const long Veto = 3_600_000;

    private readonly Lock _lock = new();
    private readonly SharedBans _bans = new();
    private readonly HostLimits _limits = new();
    private readonly PendingChanges _pending = new();

    // By subject, what the server has of this host's bans and of what ends and prevents bans; only while all of it is read.
    private Dictionary<string, long>? _onServer;

    // Before the server's clock is known; their times are this host's.
    private readonly List<SharedChange> _early = [];

    /// <summary>This host's name.</summary>
    public string Host => host;

    /// <summary>The server's clock.</summary>
    public ServerClock Clock => clock;

    /// <summary>When this process first read the server, by its clock; what bears this host's name and is older is of an earlier process of it.</summary>
    public long Started { get; set; } = long.MaxValue;

    /// <summary>True for this host's own words.</summary>
    public bool IsOwn(SharedChange change) =>
        string.Equals(change.Host, host, StringComparison.Ordinal) && (change.Process == process || change.Process == 0 || change.At < Started);

    /// <summary>True where another process told it by this host's name. An earlier one of this host may have told it a moment before this one began.</summary>
    public bool IsOfNamesake(SharedChange change) => !IsOwn(change) && string.Equals(change.Host, host, StringComparison.Ordinal) && change.At - Grain > Started;

    /// <summary>Changes that wait to be published.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _pending.Count + _early.Count;
            }
        }
    }

    /// <summary>Networks and jails of which anything is remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _bans.Count;
            }
        }
    }

    /// <summary>Does something with what waits.</summary>
    public T WithPending<T>(Func<PendingChanges, T> work)
    {
        lock (_lock)
        {
            return work(_pending);
        }
    }

    /// <summary>Takes what this host's engine changed.</summary>
    /// <returns>What must outlive the process until it is published.</returns>
    public IReadOnlyList<SharedChange> NoteOwn(LedgerChanges changes)
    {
        var lasting = new List<SharedChange>();
        lock (_lock)
        {
            foreach (var ended in changes.Ended)
            {
                if (ended is { IsPardon: true, IsForeign: false } && HostLimits.Allows(ended.Network, ended.Jail))
                {
                    lasting.Add(Tell(Unban(ended)));
                }
            }

            foreach (var ban in changes.Bans)
            {
                if (ban is { Host: null, IsDryRun: false } && HostLimits.Allows(ban.Network, ban.Jail)
                    && !changes.Ended.Any(ended => ended.Network == ban.Network && string.Equals(ended.Jail, ban.Jail, StringComparison.Ordinal) && ended.From >= ban.From))
                {
                    lasting.AddRange(Ban(ban));
                }
            }

            foreach (var allowed in changes.Allowed)
            {
                // Its end comes by itself everywhere.
                if (!allowed.IsForeign && !(allowed.IsRemoved && allowed.Until is { } until && clock.ToServer(until) <= clock.Now))
                {
                    lasting.Add(Tell(new SharedAllow(host, clock.Now, allowed is { IsRemoved: false, Until: { } end } ? clock.ToServer(end) : long.MaxValue, allowed.Entry, allowed.IsRemoved)));
                }
            }

            foreach (var day in changes.Days)
            {
                _pending.Add(new SharedDay(host, clock.Now, day));
            }

            foreach (var login in changes.Logins)
            {
                _pending.Add(new SharedLogin(host, clock.Now, login));
            }

            foreach (var failure in changes.Failures)
            {
                if (failure is { Jail: null, Mark.Time.IsKnown: true })
                {
                    _pending.Add(new SharedFailure(host, clock.Now, failure.Client, failure.Id, failure.Mark, failure.Variety));
                }
            }
        }

        return lasting;
    }

    /// <summary>Takes a sender that was asked to come back here, or did.</summary>
    public void NoteOwn(SharedGreylisting sender)
    {
        lock (_lock)
        {
            _pending.Add(sender);
        }
    }

    /// <summary>Takes this host's word that a client must be spared.</summary>
    /// <returns>What must outlive the process until it is published; null where it has been said.</returns>
    public SharedVeto? NoteVeto(SuppressedBan spared, SharedBan of)
    {
        lock (_lock)
        {
            if (_bans.HasEnded(of.Network, of.Jail, of.At))
            {
                return null;
            }

            var veto = new SharedVeto(host, clock.Now, clock.Now + Veto, Math.Max(of.End, clock.Now + Veto) + Day, ClientNetwork.HostOf(spared.Client), spared.Reason, spared.Detail);
            Tell(veto);
            return veto;
        }
    }

    /// <summary>Keeps this host's word that a client must be spared for as long as a longer ban of it would last.</summary>
    /// <returns>The word, to be said again; null where another host's word or none ended the ban, or it is kept so long already.</returns>
    public SharedVeto? ExtendVeto(SharedBan ban)
    {
        lock (_lock)
        {
            return _bans.VetoOf(ban.Network, ban.Jail) is { } veto && string.Equals(veto.Host, host, StringComparison.Ordinal) && ban.At < veto.End && veto.Keep < ban.End + Day
                ? Tell(veto with { Keep = ban.End + Day }) as SharedVeto
                : null;
        }
    }

    /// <summary>Takes up what an earlier process knew of the ends of bans, of vetoes and of allow entries.</summary>
    public void Recall(SharedChange change)
    {
        lock (_lock)
        {
            _bans.Merge(change);
        }
    }

    /// <summary>Takes what waited in the file when this process began.</summary>
    public void Restore(SharedChange change, bool isServerTime)
    {
        lock (_lock)
        {
            if (!isServerTime)
            {
                _early.Add(change);
                return;
            }

            _bans.Merge(change);
            _pending.Add(change);
        }
    }

    /// <summary>Takes up what was noted before the server's clock was known.</summary>
    public void Settle()
    {
        lock (_lock)
        {
            var ahead = clock.Ahead;
            foreach (var change in _early)
            {
                var moved = Move(change, ahead);
                _bans.Merge(moved);
                _pending.Add(moved);
            }

            _early.Clear();
        }
    }

    /// <summary>Takes what another host told.</summary>
    /// <returns>Why it is refused, or null; and whether it is news.</returns>
    public (string? Refusal, bool IsNews) Take(SharedChange change)
    {
        lock (_lock)
        {
            var refusal = string.Equals(change.Host, host, StringComparison.Ordinal) ? null : _limits.Refuse(change, clock.Now);
            if (refusal is null && _onServer is not null && RankOf(change) is { } rank)
            {
                var subject = PendingChanges.Name(change);
                _onServer[subject] = Math.Max(rank, _onServer.GetValueOrDefault(subject, long.MinValue));
            }

            return (refusal, refusal is null && IsNews(change));
        }
    }

    /// <summary>The ban of a network by a jail that holds now; null where there is none.</summary>
    public BanSpan? Of(ClientNetwork network, string jail)
    {
        lock (_lock)
        {
            return _bans.Of(network, jail) is { } span && span.End > clock.Now ? span : null;
        }
    }

    /// <summary>Compares a ban of this host with what all know.</summary>
    /// <param name="ban">The ban.</param>
    /// <param name="isLost">True where the server has lost its data: what is this host's own is published in any case.</param>
    /// <returns>True where the ban has ended elsewhere.</returns>
    public bool Compare(Ban ban, bool isLost)
    {
        lock (_lock)
        {
            var (at, end) = (clock.ToServer(ban.From), clock.ToServer(ban.Until));
            var known = _bans.Of(ban.Network, ban.Jail);
            if (known is null && _bans.HasEnded(ban.Network, ban.Jail, at))
            {
                return true;
            }

            var isOwn = ban is { Host: null, IsDryRun: false } && HostLimits.Allows(ban.Network, ban.Jail);
            // After the server has lost something: what it still has need not be told again.
            var isThere = isOwn && isLost && _onServer?.GetValueOrDefault(PendingChanges.Name(Of(ban, at, end))) >= end - Grain;
            if (isOwn && !isThere && (isLost || known is null || known.Value.End < end - Grain))
            {
                var span = known is { } same && string.Equals(same.Host, host, StringComparison.Ordinal) && Math.Abs(same.End - end) < Grain ? same : new BanSpan(at, end, host);
                Tell(Of(ban, span.At, span.End));
            }

            return false;
        }
    }

    /// <summary>Begins to take all that the server has.</summary>
    /// <param name="changes">About how many that are.</param>
    public void BeginSnapshot(int changes)
    {
        lock (_lock)
        {
            _bans.Reserve(changes);
            _onServer = new Dictionary<string, long>(StringComparer.Ordinal);
        }
    }

    /// <summary>Publishes again what ends and prevents bans and was not among what the server has, since it was lost there.</summary>
    /// <param name="isTold">False where this host tells nothing.</param>
    public void EndSnapshot(bool isTold)
    {
        lock (_lock)
        {
            var onServer = _onServer ?? [];
            _onServer = null;
            var unbans = _bans.Unbans.Select(known => new SharedUnban(host, known.At, known.Keep, known.Network, known.Jail));
            foreach (var change in unbans.Concat<SharedChange>(_bans.Vetoes).Concat(_bans.Allowed).ToList())
            {
                if (isTold && onServer.GetValueOrDefault(PendingChanges.Name(change), long.MinValue) < RankOf(change) && SharedRecords.KeepOf(change) is var keep && (keep == 0 || keep > clock.Now))
                {
                    _pending.Add(change);
                }
            }
        }
    }

    /// <summary>Forgets what is of no use any more.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _bans.Forget(clock.Now);
        }
    }

    /// <summary>True where a ban here and a shared one are the same.</summary>
    public bool IsSame(Ban here, BanSpan shared) => Math.Abs(clock.ToServer(here.Until) - shared.End) < Grain;

    // What an earlier process of this host knew of logins this one does not.
    private bool IsNews(SharedChange change) => change switch
    {
        SharedLogin => change.Process != process,
        SharedDay or SharedFailure or SharedGreylisting => !IsOwn(change),
        _ => _bans.Merge(change),
    };

    // By which the server keeps one of two; of bans only this host's are of interest, since each host looks after its own.
    private long? RankOf(SharedChange change) => change switch
    {
        SharedBan ban when string.Equals(ban.Host, host, StringComparison.Ordinal) => ban.End,
        SharedVeto veto => veto.End,
        SharedUnban or SharedAllow => change.At,
        _ => null,
    };

    private SharedChange Tell(SharedChange change)
    {
        if (!clock.IsKnown)
        {
            if (change is not SharedBan)
            {
                _early.Add(change);
            }

            return change;
        }

        _bans.Merge(change);
        _pending.Add(change);
        return change;
    }

    private SharedUnban Unban(EndedBan ended)
    {
        var at = clock.ToServer(ended.At);
        var known = _bans.Of(ended.Network, ended.Jail);
        // Whatever is known here has ended, a ban of the same moment as well.
        return new SharedUnban(host, Math.Max(at, known?.At ?? at), Math.Max(known?.End ?? at, Math.Max(clock.ToServer(ended.Until), at)) + Day, ended.Network, ended.Jail);
    }

    private List<SharedChange> Ban(Ban ban)
    {
        var (at, end, known) = (clock.ToServer(ban.From), clock.ToServer(ban.Until), _bans.Of(ban.Network, ban.Jail));
        var lasting = new List<SharedChange>();
        if (ban.Jail is Facts.Ban.OperatorJail && known is { } longer && longer.End > end)
        {
            // The operator made it shorter.
            at = Math.Max(at, longer.At + 1);
            lasting.Add(Tell(new SharedUnban(host, at - 1, longer.End + Day, ban.Network, ban.Jail)));
        }

        // It holds here, so it is later than whatever ended an earlier one in the same moment.
        Tell(Of(ban, Math.Max(at, _bans.UnbannedAt(ban.Network, ban.Jail) + 1), end));
        return lasting;
    }

    private SharedBan Of(Ban ban, long at, long end) => new(host, at, end, ban.Network, ban.Jail, ban.Client)
    {
        Reason = ban.Reason,
        Trigger = ban.Trigger,
        Failures = ban.Failures,
        Repetition = ban.Repetition,
    };

    private static SharedChange Move(SharedChange change, long ahead) => change switch
    {
        SharedUnban unban => unban with { At = unban.At + ahead, Keep = unban.Keep + ahead },
        SharedVeto veto => veto with { At = veto.At + ahead, End = veto.End + ahead, Keep = veto.Keep + ahead },
        SharedAllow { End: not long.MaxValue } allow => allow with { At = allow.At + ahead, End = allow.End + ahead },
        _ => change with { At = change.At + ahead },
    };
}
