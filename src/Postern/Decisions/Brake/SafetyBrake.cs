using System.Globalization;
using Postern.Facts;

namespace Postern.Decisions.Brake;

/// <summary>
/// Holds the bans of a reason that looks like a fault of the server's, or of Postern's own, rather than an attack. The rules and
/// their limits stand in docs/jails.md. Bans of other reasons, and those that people order, go on.
/// </summary>
public sealed class SafetyBrake
{
    // An outage shows within two minutes on a busy server; a quiet one needs longer to see enough of its senders.
    private static readonly TimeSpan[] s_horizons = [TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];
    private static readonly TimeSpan s_evaluation = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_daysRest = TimeSpan.FromDays(1);
    private const int Portion = 16;
    private const double WeakShare = 0.7;
    private const int WeakFactor = 4;

    // Of what the server says in every case, a few suffice; of what attackers do, too, more are asked for.
    private const double FewBanned = 0.02;
    private const double ManyBanned = 0.1;

    // An attacker would have to grow old in a hundredth of the places that send here.
    private const double LeastShare = 0.01;

    private readonly KnownClients _known = new();
    private readonly BanCandidates _candidates = new();
    private readonly Dictionary<string, State> _holds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _resting = new(StringComparer.Ordinal);
    private readonly List<BrakeChange> _changes = [];
    private BrakeOptions _options;
    private DateTimeOffset _evaluated;
    private int _observed;

    /// <summary>A brake that holds nothing yet.</summary>
    public SafetyBrake(BrakeOptions options) => _options = options;

    /// <summary>The limits.</summary>
    public BrakeOptions Options
    {
        get => _options;
        set => _options = value;
    }

    /// <summary>How many established clients the history knows: that deliver mail, and that log in.</summary>
    public (int Mail, int Logins) Population { get; set; }

    /// <summary>What is held.</summary>
    public IEnumerable<BrakeHold> Holds => _holds.Values.Select(state => state.Hold);

    /// <summary>True where anything is held.</summary>
    public bool IsHolding => _holds.Count > 0;

    /// <summary>Goes on with a reason that was held when the program ended.</summary>
    public void Restore(BrakeHold hold, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(hold);
        _holds[hold.Reason] = new State(hold, now);
    }

    /// <summary>Takes what a session showed.</summary>
    /// <param name="client">Who.</param>
    /// <param name="mark">What.</param>
    /// <param name="standing">Its history.</param>
    /// <param name="now">The time.</param>
    public void Observe(ClientAddress client, SessionMark mark, SenderStanding standing, DateTimeOffset now)
    {
        if (!_options.Enabled)
        {
            return;
        }

        var groups = BrakeReason.Groups(mark.Behaviours);
        var hasDelivered = mark.Traits.HasFlag(SessionTraits.Accepted) || mark.Behaviours.Has(Behaviour.Delivered);
        var hasLoggedIn = mark.Traits.HasFlag(SessionTraits.LoggedIn);
        if (hasLoggedIn || (groups & 1) != 0)
        {
            _observed += _known.Add(client, isLogin: true, groups, hasLoggedIn, standing, now) ? 1 : 0;
        }

        if (hasDelivered || (groups & ~1u) != 0)
        {
            _observed += _known.Add(client, isLogin: false, groups, hasDelivered, standing, now) ? 1 : 0;
        }
    }

    /// <summary>Takes a ban that a jail is about to make, or would make if nothing protected the client.</summary>
    /// <returns>The hold that stops it; null where it may be made.</returns>
    public BrakeHold? Consider(in BanCandidate candidate, DateTimeOffset now)
    {
        if (!_options.Enabled)
        {
            return null;
        }

        _candidates.Add(candidate, now);
        _observed += candidate.Standing != SenderStanding.Stranger || candidate.HasNames ? 1 : 0;
        // The more there are, the rarer they are counted: a flood costs no more than its size.
        if (_observed > (_known.Count + _candidates.Count) / Portion || now - _evaluated >= s_evaluation)
        {
            Evaluate(now);
        }

        return _holds.TryGetValue(candidate.Reason, out var state) && Applies(state.Hold, candidate) ? state.Hold : null;
    }

    /// <summary>The behaviours that count nothing now for a client.</summary>
    /// <param name="hasNames">True where its names are in order.</param>
    public BehaviourSet HeldBehaviours(bool hasNames)
    {
        var held = BehaviourSet.None;
        for (var group = 0; group < BrakeReason.Count && _holds.Count > 0; group++)
        {
            if (_holds.TryGetValue(BrakeReason.Name(group), out var state) && (hasNames || !state.Hold.NamedOnly))
            {
                held = held.Union(BrakeReason.Held(group));
            }
        }

        return held;
    }

    /// <summary>Lets go of what is over, and pulls where the last sessions say so.</summary>
    /// <returns>What has changed since the last call.</returns>
    public IReadOnlyList<BrakeChange> Tick(DateTimeOffset now)
    {
        if (_options.Enabled && now - _evaluated >= s_evaluation)
        {
            Evaluate(now);
        }

        foreach (var state in _holds.Values.ToList())
        {
            var isOver = now - state.LastSign >= _options.ReleaseAfter || !_options.Enabled;
            var isTooLong = state.Hold.IsWeak && now - state.Hold.Since >= _options.WeakHold;
            if (isOver || isTooLong)
            {
                _holds.Remove(state.Hold.Reason);
                _changes.Add(new BrakeChange(state.Hold, IsReleased: true, InFull: !isOver, state.LastSign));
                if (isTooLong && !isOver)
                {
                    _resting[state.Hold.Reason] = now + s_daysRest;
                }
            }
        }

        if (_changes.Count == 0)
        {
            return [];
        }

        BrakeChange[] changes = [.. _changes];
        _changes.Clear();
        return changes;
    }

    /// <summary>Lets go on the operator's word.</summary>
    /// <param name="reason">Of what; null for all.</param>
    /// <param name="now">The time.</param>
    /// <returns>What it let go of.</returns>
    public IReadOnlyList<BrakeChange> Release(string? reason, DateTimeOffset now)
    {
        List<BrakeChange> released = [];
        foreach (var state in _holds.Values.Where(state => reason is null || string.Equals(state.Hold.Reason, reason, StringComparison.Ordinal)).ToList())
        {
            _holds.Remove(state.Hold.Reason);
            _resting[state.Hold.Reason] = now + _options.Rest;
            released.Add(new BrakeChange(state.Hold, IsReleased: true, InFull: true, state.LastSign));
        }

        return released;
    }

    /// <summary>Forgets what is too old; called now and then.</summary>
    public void Forget(DateTimeOffset now) => _known.Forget(now);

    private static bool Applies(BrakeHold hold, in BanCandidate candidate) => !hold.NamedOnly || candidate.HasNames;

    private void Evaluate(DateTimeOffset now)
    {
        (_evaluated, _observed) = (now, 0);
        _candidates.Forget(now - _options.Window);
        for (var weak = 0; weak < 2; weak++)
        {
            foreach (var horizon in s_horizons)
            {
                var shares = _known.Shares(horizon, onlyEstablished: weak == 0, now);
                for (var group = 0; group < shares.Length; group++)
                {
                    Share(group, shares[group], isWeak: weak == 1, horizon, now);
                }
            }
        }

        foreach (var reason in _candidates.Reasons.ToList())
        {
            Count(reason, now);
        }
    }

    // Most of those who deliver or log in here otherwise fail at once.
    private void Share(int group, BrakeShare share, bool isWeak, TimeSpan horizon, DateTimeOffset now)
    {
        if (share.Bad == 0 || (isWeak && BrakeReason.IsUnmistakable(group)))
        {
            return;
        }

        var reason = BrakeReason.Name(group);
        // A login takes a password; one message is anybody's. Where enough have a history, others need not speak.
        var isLogin = BrakeReason.IsOfLogins(group);
        if (isWeak && Known(isLogin) >= _options.Clients * WeakFactor)
        {
            return;
        }

        var limit = isWeak && !isLogin ? _options.Clients * WeakFactor : Limit(isLogin);
        var part = isWeak ? Math.Max(WeakShare, _options.Share) : _options.Share;
        // Half of it keeps what is held.
        if (_holds.TryGetValue(reason, out var state) && share.Reaches(limit / 2, part / 2))
        {
            // The long horizon still sees what is over.
            state.LastSign = horizon <= s_horizons[1] ? now : state.LastSign;
        }

        if (share.Reaches(limit, part) && (state is null || state.Hold.NamedOnly || (state.Hold.IsWeak && !isWeak)))
        {
            var known = isWeak ? "clients that delivered or logged in before" : "established clients";
            Pull(reason, Text($"{share.Bad} of {share.Seen} {known} seen lately show it and nothing else"), isWeak, namedOnly: false, now);
        }
    }

    private void Count(string reason, DateTimeOffset now)
    {
        var group = BrakeReason.GroupOf(reason);
        if (group >= 0 && BrakeReason.IsUnmistakable(group))
        {
            return;
        }

        var known = _candidates.Known(reason, _options.Clients);
        var established = Known(group >= 0 && BrakeReason.IsOfLogins(group));
        Act(reason, known, Math.Max(_options.Clients, established * (group >= 0 && BrakeReason.IsOftenHostile(group) ? ManyBanned : FewBanned)), "clients that delivered mail or logged in on earlier days would be banned", isNames: false, now);
        var (named, all) = _candidates.Named(reason);
        // Names are cheap: they speak only where mail has all but stopped, and for clients with names alone.
        if (named * 2 >= all && named >= _known.Delivering(_options.Window / 2, now))
        {
            Act(reason, named, _options.NamedClients, "clients with names in order would be banned, and hardly anybody delivers", isNames: true, now);
        }
    }

    private void Act(string reason, double count, double limit, string what, bool isNames, DateTimeOffset now)
    {
        _holds.TryGetValue(reason, out var state);
        if (state is not null && count >= limit / 2)
        {
            state.LastSign = now;
        }

        if (count >= limit && (state is null || (!isNames && (state.Hold.NamedOnly || state.Hold.IsWeak))))
        {
            Pull(reason, Text($"{count:0} {what} within {_options.Window.TotalMinutes:0} minutes"), isWeak: isNames, isNames, now);
        }
    }

    private int Known(bool isLogin) => isLogin ? Population.Logins : Population.Mail;

    private double Limit(bool isLogin) => Math.Max(_options.Clients, Known(isLogin) * LeastShare);

    private void Pull(string reason, string why, bool isWeak, bool namedOnly, DateTimeOffset now)
    {
        if (_resting.TryGetValue(reason, out var until))
        {
            if (until > now)
            {
                return;
            }

            _resting.Remove(reason);
        }

        var since = _holds.TryGetValue(reason, out var state) ? state.Hold.Since : now;
        var hold = new BrakeHold(reason, since, why, isWeak, namedOnly);
        _holds[reason] = new State(hold, now);
        _changes.Add(new BrakeChange(hold, IsReleased: false, InFull: false, now));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class State(BrakeHold hold, DateTimeOffset lastSign)
    {
        public BrakeHold Hold { get; } = hold;

        public DateTimeOffset LastSign { get; set; } = lastSign;
    }
}
