using Postern.Classification.Live;
using Postern.Decisions.Brake;
using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Engine.Bans;

/// <summary>
/// Brings the brake to the bans: tells it of sessions and of bans to be made, keeps what it holds, and takes back what was banned for
/// a reason within the minutes before it was pulled.
/// </summary>
internal sealed class BanBrake
{
    // What comes beyond is held as well, but not remembered: who goes on is judged again by what it does then.
    private const int MostHeld = 10_000;
    private const int MostSpans = 64;
    private static readonly TimeSpan s_count = TimeSpan.FromMinutes(10);
    // Looking at all bans of some minutes takes a moment.
    private static readonly TimeSpan s_prune = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_remember = TimeSpan.FromDays(31);

    private readonly SafetyBrake _brake;
    private readonly Protections _protections;
    private readonly WaitingBans _waiting = new();
    private readonly Dictionary<(ClientAddress, string), PendingBan> _held = [];
    private readonly List<(Ban Ban, PendingBan Near)> _recent = [];
    private readonly List<BrakeSpan> _spans = [];
    private SessionMark[] _marks = [];
    private DateTimeOffset _counted;
    private DateTimeOffset _pruned;
    private bool _isStale;

    /// <summary>A brake over these histories.</summary>
    public BanBrake(BrakeOptions options, Protections protections) => (_brake, _protections) = (new SafetyBrake(options), protections);

    /// <summary>The limits.</summary>
    public BrakeOptions Options
    {
        get => _brake.Options;
        set => _brake.Options = value;
    }

    /// <summary>What is held now.</summary>
    public IReadOnlyList<BrakeHold> Holds => [.. _brake.Holds];

    /// <summary>The troubles of the last weeks that are over: what was done while they lasted counts nothing.</summary>
    public IReadOnlyList<BrakeSpan> Spans => [.. _spans];

    /// <summary>How many bans are held.</summary>
    public int Held => _held.Count;

    /// <summary>Goes on with what was held when the program ended, and with the troubles before.</summary>
    public void Restore(IEnumerable<BrakeHold> holds, IEnumerable<BrakeSpan> spans, DateTimeOffset now)
    {
        _spans.AddRange(spans.OrderBy(static span => span.Until).TakeLast(MostSpans));
        foreach (var hold in holds)
        {
            _brake.Restore(hold, now);
        }
    }

    /// <summary>Takes what a session showed.</summary>
    public void Observe(SessionReport report, DateTimeOffset now)
    {
        _isStale |= report.Mark.Time.UtcTicks < now.UtcTicks - now.UtcDateTime.TimeOfDay.Ticks;
        // Who logs in with somebody else's password says nothing of the login service.
        var isThief = _protections.Stolen.ContainsKey(ClientNetwork.HostOf(report.Client));
        var mark = isThief ? report.Mark with { Traits = report.Mark.Traits & ~SessionTraits.LoggedIn } : report.Mark;
        _brake.Observe(report.Client, mark, Standing(report.Client, isLogin: false, now), isThief ? SenderStanding.Stranger : Standing(report.Client, isLogin: true, now), now);
    }

    /// <summary>A client's sessions without what counts nothing: held reasons, and those of a trouble that is over.</summary>
    /// <param name="marks">The sessions.</param>
    /// <param name="near">The client, with a ban that is near.</param>
    /// <returns>The same where nothing is left out; good until the next call.</returns>
    public ReadOnlySpan<SessionMark> Counting(ReadOnlySpan<SessionMark> marks, PendingBan near)
    {
        if (!_brake.IsHolding && _spans.Count == 0)
        {
            return marks;
        }

        if (_marks.Length < marks.Length)
        {
            _marks = new SessionMark[Math.Max(marks.Length, 64)];
        }

        var candidate = Candidate(near, SenderStanding.Stranger);
        var held = _brake.HeldBehaviours(candidate);
        var since = _brake.Holds.Select(hold => (hold.Since - Options.Window).UtcTicks).DefaultIfEmpty(long.MaxValue).Min();
        for (var i = 0; i < marks.Length; i++)
        {
            var behaviours = marks[i].Time.UtcTicks >= since ? marks[i].Behaviours.Except(held) : marks[i].Behaviours;
            foreach (var span in _spans)
            {
                behaviours = span.Covers(marks[i].Time.UtcTicks) && candidate.IsHeldBy(span.Hold) ? behaviours.Except(span.Behaviours) : behaviours;
            }

            _marks[i] = marks[i] with { Behaviours = behaviours };
        }

        return _marks.AsSpan(0, marks.Length);
    }

    /// <summary>
    /// The behaviours that counted nothing at a time, for a client whose names are not known any more: those of every trouble then, so
    /// that none is held against a genuine sender.
    /// </summary>
    public BehaviourSet HeldAt(LogTime time)
    {
        var held = BehaviourSet.None;
        // Asked for each failure that a start takes up, and on most days there is nothing.
        if (!_brake.IsHolding && _spans.Count == 0)
        {
            return held;
        }

        foreach (var span in _spans)
        {
            held = span.Covers(time.UtcTicks) ? held.Union(span.Behaviours) : held;
        }

        foreach (var hold in _brake.Holds)
        {
            var group = BrakeReason.GroupOf(hold.Reason);
            held = group >= 0 && time.UtcTicks >= (hold.Since - Options.Window).UtcTicks ? held.Union(BrakeReason.Held(group)) : held;
        }

        return held;
    }

    /// <summary>True while anything is held.</summary>
    public bool IsHolding => _brake.IsHolding;

    /// <summary>The behaviours that count nothing now for a client.</summary>
    /// <param name="near">The client, with a ban that is near.</param>
    public BehaviourSet HeldBehaviours(PendingBan near) => _brake.HeldBehaviours(Candidate(near, SenderStanding.Stranger));

    /// <summary>Tells of a ban that is about to be made.</summary>
    /// <returns>Why it is held; null where it may be made.</returns>
    public BrakeHold? Hold(PendingBan ban, DateTimeOffset now)
    {
        Recount(now);
        return _brake.Consider(Candidate(ban, Standing(ban, now)), now);
    }

    /// <summary>The hold of what a client lately showed; null where none is held for every client.</summary>
    public BrakeHold? HoldOf(PendingBan ban)
    {
        var candidate = Candidate(ban, SenderStanding.Stranger);
        return _brake.Holds.FirstOrDefault(hold =>
            !hold.NamedOnly && candidate.IsHeldBy(hold) && BrakeReason.GroupOf(hold.Reason) is >= 0 and var group && (ban.Groups & (1u << group)) != 0);
    }

    /// <summary>What a client showed within the window, groups of <see cref="BrakeReason"/>, a bit each.</summary>
    public uint Lately(ReadOnlySpan<SessionMark> marks, DateTimeOffset now)
    {
        var shown = BehaviourSet.None;
        foreach (var mark in marks)
        {
            shown = mark.Time.UtcTicks >= (now - Options.Window).UtcTicks ? shown.Union(mark.Behaviours) : shown;
        }

        return BrakeReason.Groups(shown);
    }

    /// <summary>True where a ban that nothing else prevents waits; it is decided again when its time is over.</summary>
    public bool Waits(PendingBan ban, DateTimeOffset now) =>
        !ban.HasWaited && Options.Wait > TimeSpan.Zero && _brake.ShallWait(Candidate(ban, Standing(ban, now)), ban.Groups, now) && _waiting.Add(ban, now);

    /// <summary>The bans whose time to wait is over.</summary>
    public IReadOnlyList<PendingBan> TakeWaited(DateTimeOffset now) => _waiting.TakeDue(Options.Enabled ? Options.Wait : TimeSpan.Zero, now);

    /// <summary>Keeps a ban that is held; it is decided again when the operator lets go.</summary>
    public void Keep(PendingBan ban)
    {
        var key = (ban.Client, ban.Jail);
        if (_held.Count < MostHeld || _held.ContainsKey(key))
        {
            _held[key] = ban;
        }
    }

    /// <summary>Remembers a ban for as long as the brake may still take it back.</summary>
    public void Made(Ban ban, PendingBan near) => _recent.Add((ban, near));

    /// <summary>Lets go of what is over, and pulls where the last sessions say so.</summary>
    /// <param name="now">The time.</param>
    /// <param name="lift">Takes back a ban.</param>
    /// <returns>What has changed, each with the bans that were held for it.</returns>
    public IReadOnlyList<(BrakeChange Change, IReadOnlyList<PendingBan> Held)> Tick(DateTimeOffset now, Action<Ban> lift)
    {
        if (!_brake.IsQuiet(now))
        {
            Recount(now);
        }

        if (now - _pruned >= s_prune)
        {
            _pruned = now;
            _recent.RemoveAll(one => now - one.Ban.From > Options.Window);
            _spans.RemoveAll(span => now - span.Until > s_remember);
        }

        List<(BrakeChange, IReadOnlyList<PendingBan>)> changes = [];
        foreach (var change in _brake.Tick(now))
        {
            changes.Add((change, change.IsReleased ? Release(change) : TakeBack(change.Hold, now, lift)));
        }

        return changes;
    }

    /// <summary>Lets go on the operator's word.</summary>
    /// <returns>What it let go of, each with the bans that were held for it.</returns>
    public IReadOnlyList<(BrakeChange Change, IReadOnlyList<PendingBan> Held)> Release(string? reason, DateTimeOffset now) =>
        [.. _brake.Release(reason, now).Select(change => (change, TakeHeld(change.Hold.Reason)))];

    /// <summary>Forgets what is too old; called now and then.</summary>
    public void Forget(DateTimeOffset now) => _brake.Forget(now);

    // Looking at all of them takes a moment. What they do today does not count: only a new day changes it, or a log that is read late.
    private void Recount(DateTimeOffset now)
    {
        if (Day(now) != Day(_counted) || (_isStale && now - _counted >= s_count))
        {
            (_counted, _isStale, _brake.Population) = (now, false, SenderStandings.Count(_protections.Senders, Day(now)));
        }
    }

    private List<PendingBan> TakeBack(BrakeHold hold, DateTimeOffset now, Action<Ban> lift)
    {
        var back = _recent.Where(one => now - one.Ban.From <= Options.Window && IsHeld(one.Near, hold)).ToList();
        foreach (var (ban, near) in back)
        {
            lift(ban);
            Keep(near);
        }

        _recent.RemoveAll(back.Contains);
        var waited = _waiting.Take(near => IsHeld(near, hold));
        foreach (var near in waited)
        {
            Keep(near);
        }

        return [.. back.Select(one => one.Near), .. waited];
    }

    private static bool IsHeld(PendingBan near, BrakeHold hold) =>
        Candidate(near, SenderStanding.Stranger).IsHeldBy(hold)
        && (string.Equals(near.Reason, hold.Reason, StringComparison.Ordinal) || (BrakeReason.GroupOf(near.Reason) < 0 && BrakeReason.GroupOf(hold.Reason) is >= 0 and var group && (near.Groups & (1u << group)) != 0));

    private SenderStanding Standing(PendingBan near, DateTimeOffset now)
    {
        var group = BrakeReason.GroupOf(near.Reason);
        var ofMail = group >= 0 && BrakeReason.IsOfLogins(group) ? SenderStanding.Stranger : Standing(near.Client, isLogin: false, now);
        var ofLogins = group >= 0 && !BrakeReason.IsOfLogins(group) ? SenderStanding.Stranger : Standing(near.Client, isLogin: true, now);
        return ofMail > ofLogins ? ofMail : ofLogins;
    }

    private SenderStanding Standing(ClientAddress client, bool isLogin, DateTimeOffset now) => SenderStandings.Of(_protections.Senders, client, Day(now), isLogin);

    private static BanCandidate Candidate(PendingBan near, SenderStanding standing) => new(near.Client, near.Reason, standing, near.HasNames, near.IsGuesser);

    private static DateOnly Day(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime);

    // What was done while the trouble lasted proves nothing: it counts no more, whoever did it.
    private List<PendingBan> Release(BrakeChange change)
    {
        if (!change.InFull && BrakeReason.GroupOf(change.Hold.Reason) >= 0)
        {
            _spans.Add(new BrakeSpan(change.Hold, change.Hold.Since - Options.Window, change.LastSign));
        }

        if (_spans.Count > MostSpans)
        {
            _spans.RemoveAt(0);
        }

        return TakeHeld(change.Hold.Reason);
    }

    private List<PendingBan> TakeHeld(string reason)
    {
        var held = _held.Where(pair => string.Equals(pair.Value.Reason, reason, StringComparison.Ordinal)).ToList();
        held.ForEach(pair => _held.Remove(pair.Key));
        return [.. held.Select(pair => pair.Value)];
    }
}
