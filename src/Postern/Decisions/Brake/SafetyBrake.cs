using Postern.Decisions.Jails;
using Postern.Facts;

namespace Postern.Decisions.Brake;

/// <summary>
/// Holds the bans of a reason that looks like a fault of the server's, or of Postern's own, rather than an attack. The rules and
/// their limits stand in docs/jails.md. Bans of other reasons, and those that people order, go on.
/// </summary>
public sealed class SafetyBrake
{
    private static readonly TimeSpan s_evaluation = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_daysRest = TimeSpan.FromDays(1);
    private const int Portion = 16;

    private readonly KnownClients _known = new();
    private readonly BanCandidates _candidates = new();
    private readonly BrakeSigns _signs;
    private readonly Dictionary<string, State> _holds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _resting = new(StringComparer.Ordinal);
    private readonly List<BrakeChange> _changes = [];
    private BrakeOptions _options;
    private DateTimeOffset _evaluated;
    private int _observed;

    /// <summary>A brake that holds nothing yet.</summary>
    public SafetyBrake(BrakeOptions options) => (_options, _signs) = (options, new BrakeSigns(_known, _candidates));

    /// <summary>The limits.</summary>
    public BrakeOptions Options
    {
        get => _options;
        set => _options = value;
    }

    /// <summary>Where the clients that the history knows live.</summary>
    public BrakePopulation Population
    {
        get => _signs.Population;
        set => _signs.Population = value;
    }

    /// <summary>What is held.</summary>
    public IEnumerable<BrakeHold> Holds => _holds.Values.Select(state => state.Hold);

    /// <summary>True where anything is held.</summary>
    public bool IsHolding => _holds.Count > 0;

    /// <summary>True where nothing is held, and too few clients with a history fail to hold anything: on most days, nearly always.</summary>
    public bool IsQuiet(DateTimeOffset now) => _holds.Count == 0 && _signs.AreImpossible(_options, now);

    /// <summary>Goes on with a reason that was held when the program ended.</summary>
    public void Restore(BrakeHold hold, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(hold);
        _holds[hold.Reason] = new State(hold, now);
    }

    /// <summary>Takes what a session showed.</summary>
    /// <param name="client">Who.</param>
    /// <param name="mark">What.</param>
    /// <param name="ofMail">What its history of mail is worth.</param>
    /// <param name="ofLogins">What its history of logins is worth.</param>
    /// <param name="now">The time.</param>
    public void Observe(ClientAddress client, SessionMark mark, SenderStanding ofMail, SenderStanding ofLogins, DateTimeOffset now)
    {
        if (!_options.Enabled)
        {
            return;
        }

        // What counts for nobody, as a temporary refusal, is no sign.
        var groups = BrakeReason.Groups(JailWeights.Counting(mark));
        // What own users submit says nothing of the mail that comes in.
        var hasLoggedIn = mark.Traits.HasFlag(SessionTraits.LoggedIn);
        var hasDelivered = !hasLoggedIn && (mark.Traits.HasFlag(SessionTraits.Accepted) || mark.Behaviours.Has(Behaviour.Delivered));
        if (hasLoggedIn || (groups & BrakeReason.LoginGroups) != 0)
        {
            _observed += _known.Add(client, isLogin: true, groups & BrakeReason.LoginGroups, hasLoggedIn, ofLogins, now) ? 1 : 0;
        }

        if (hasDelivered || (groups & ~BrakeReason.LoginGroups) != 0)
        {
            _observed += _known.Add(client, isLogin: false, groups & ~BrakeReason.LoginGroups, hasDelivered, ofMail, now) ? 1 : 0;
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

        // Whose logins fail always is banned for no fault of the server's.
        var isOwnFault = string.Equals(candidate.Reason, BrakeReason.Logins, StringComparison.Ordinal) && _known.FailsAlways(candidate.Client);
        _candidates.Add(isOwnFault ? candidate with { Standing = SenderStanding.Stranger } : candidate, now);
        _observed += candidate.Standing != SenderStanding.Stranger || candidate.HasNames ? 1 : 0;
        // The more there are, the rarer they are counted: a flood costs no more than its size.
        if (_observed > (_known.Count + _candidates.Count) / Portion || now - _evaluated >= s_evaluation)
        {
            Evaluate(now);
        }

        return _holds.TryGetValue(candidate.Reason, out var state) && candidate.IsHeldBy(state.Hold) ? state.Hold : null;
    }

    /// <summary>
    /// True where a ban is to wait: more may be heard of the server's trouble before it harms a client with a history, or anybody while
    /// the latest known clients fail.
    /// </summary>
    /// <param name="candidate">The ban.</param>
    /// <param name="groups">What leads to it: groups of <see cref="BrakeReason"/>, a bit each.</param>
    /// <param name="now">The time.</param>
    public bool ShallWait(in BanCandidate candidate, uint groups, DateTimeOffset now)
    {
        if (!_options.Enabled || candidate.IsGuesser || !BrakeReason.IsExcusable(groups) || (_resting.TryGetValue(candidate.Reason, out var until) && until > now))
        {
            return false;
        }

        return candidate.Standing != SenderStanding.Stranger
            || ((groups & BrakeReason.LoginGroups) != 0 && IsWorthWaiting(candidate.Client, isLogin: true, now))
            || ((groups & ~BrakeReason.LoginGroups) != 0 && IsWorthWaiting(candidate.Client, isLogin: false, now));
    }

    /// <summary>True where a client logged in since the start, an hour ago or longer.</summary>
    public bool HasLoggedIn(ClientAddress client, DateTimeOffset now) => _known.IsKnown(client, isLogin: true, now);

    /// <summary>The behaviours that count nothing now for a client.</summary>
    /// <param name="candidate">The client, with a ban that is near.</param>
    public BehaviourSet HeldBehaviours(in BanCandidate candidate)
    {
        var held = BehaviourSet.None;
        for (var group = 0; group < BrakeReason.Count && _holds.Count > 0; group++)
        {
            if (_holds.TryGetValue(BrakeReason.Name(group), out var state) && candidate.IsHeldBy(state.Hold))
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
            var isOver = IsOver(state, now) || !_options.Enabled;
            var isTooLong = state.Hold.IsWeak && now - state.Hold.Since >= _options.WeakHold;
            if (isOver || isTooLong)
            {
                _holds.Remove(state.Hold.Reason);
                _changes.Add(new BrakeChange(state.Hold, IsReleased: true, InFull: !isOver, state.LastSign));
                if (BrakeReason.GroupOf(state.Hold.Reason) is >= 0 and var group)
                {
                    _known.Forgive(group);
                }

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

    private bool IsWorthWaiting(ClientAddress client, bool isLogin, DateTimeOffset now) => _signs.IsFailing(isLogin) || _known.IsKnown(client, isLogin, now);

    // Silence is no recovery: while nobody comes who is known, the last that was seen of the server is its trouble.
    private bool IsOver(State state, DateTimeOffset now)
    {
        var group = BrakeReason.GroupOf(state.Hold.Reason);
        var isSilent = group >= 0 && _signs.IsSilent(BrakeReason.IsOfLogins(group));
        return now - state.LastSign >= (isSilent && _options.Silence > _options.ReleaseAfter ? _options.Silence : _options.ReleaseAfter);
    }

    private void Evaluate(DateTimeOffset now)
    {
        (_evaluated, _observed) = (now, 0);
        _candidates.Forget(now - _options.Window);
        if (IsQuiet(now))
        {
            return;
        }

        foreach (var sign in _signs.Find(_options, now))
        {
            _holds.TryGetValue(sign.Reason, out var state);
            if (state is not null && sign.Keeps)
            {
                state.LastSign = now;
            }

            if (sign.Pulls && (state is null || (!sign.NamedOnly && (state.Hold.NamedOnly || (state.Hold.IsWeak && !sign.IsWeak)))))
            {
                Pull(sign, now);
            }
        }
    }

    private void Pull(in BrakeSign sign, DateTimeOffset now)
    {
        if (_resting.TryGetValue(sign.Reason, out var until))
        {
            if (until > now)
            {
                return;
            }

            _resting.Remove(sign.Reason);
        }

        var since = _holds.TryGetValue(sign.Reason, out var state) ? state.Hold.Since : now;
        var hold = new BrakeHold(sign.Reason, since, sign.Why, sign.IsWeak, sign.NamedOnly);
        _holds[sign.Reason] = new State(hold, now);
        _changes.Add(new BrakeChange(hold, IsReleased: false, InFull: false, now));
    }

    private sealed class State(BrakeHold hold, DateTimeOffset lastSign)
    {
        public BrakeHold Hold { get; } = hold;

        public DateTimeOffset LastSign { get; set; } = lastSign;
    }
}
