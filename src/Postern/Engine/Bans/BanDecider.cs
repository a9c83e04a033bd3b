using Postern.Classification.Live;
using Postern.Decisions.Bans;
using Postern.Decisions.Brake;
using Postern.Decisions.Jails;
using Postern.Decisions.Protection;
using Postern.Engine.Ledger;
using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Engine.Bans;

/// <summary>
/// Where reports of sessions become bans: counts them in each client's window, asks each jail, spares the protected, and
/// notes what the ledger must keep and the firewalls must do. Touches neither files nor a clock.
/// </summary>
internal sealed partial class BanDecider
{
    private const SessionTraits Telling = SessionTraits.HandshakeOnly | SessionTraits.LoginFailed | SessionTraits.UnknownRecipient | SessionTraits.RefusedRecipient;

    // Looking at a million clients takes a moment.
    private static readonly TimeSpan s_prune = TimeSpan.FromMinutes(1);

    private readonly ClientWindows _windows;
    private readonly HashSet<(ClientAddress, string)> _pending = [];
    private readonly Action<SenderInquiry>? _inquire;
    private IReadOnlyList<JailOptions> _jails;
    private TimeSpan _horizon;
    private DateTimeOffset _pruned;

    /// <summary>A decider with these jails.</summary>
    /// <param name="jails">The jails, the built-in one first.</param>
    /// <param name="inquire">Called where the DNS is to be asked, whose answer comes by <see cref="Answer"/>; null where it cannot.</param>
    /// <param name="brake">The limits of the brake; null for the usual ones.</param>
    /// <param name="bans">Holds the bans; null for a table of its own.</param>
    public BanDecider(IReadOnlyList<JailOptions> jails, Action<SenderInquiry>? inquire, BrakeOptions? brake = null, BanTable? bans = null)
    {
        Book = bans ?? new BanTable();
        Ties = new SenderTies(Protections.Correspondents);
        Brake = new BanBrake(brake ?? new BrakeOptions(), Protections);
        _jails = jails;
        _inquire = inquire;
        _horizon = jails.Max(jail => jail.FindTime);
        _windows = new ClientWindows(Math.Max(TimeSpan.TicksPerDay, _horizon.Ticks));
        Scores = new JailScores(_windows, Book, () => _jails);
        Long = new LongWindow(Protections) { TakenOver = takeover => TakenOver?.Invoke(takeover), NewPlace = login => Changes.Logins.Add(login) };
    }

    /// <summary>The jails.</summary>
    public IReadOnlyList<JailOptions> Jails
    {
        get => _jails;
        set
        {
            _jails = value;
            _horizon = value.Max(jail => jail.FindTime);
            _windows.Span = Math.Max(TimeSpan.TicksPerDay, _horizon.Ticks);
        }
    }

    /// <summary>The longest findtime: what is older counts nowhere.</summary>
    public TimeSpan Horizon => _horizon;

    /// <summary>Who must not be banned, and why.</summary>
    public Protections Protections { get; } = new();

    /// <summary>Whom own users write to, and whose client is whose.</summary>
    public SenderTies Ties { get; }

    /// <summary>Holds the bans of what looks like the server's own fault.</summary>
    public BanBrake Brake { get; }

    /// <summary>The bans.</summary>
    public BanTable Book { get; }

    /// <summary>What the ledger must keep.</summary>
    public LedgerChanges Changes { get; } = new();

    /// <summary>Networks whose bans by a jail changed, for the firewalls.</summary>
    public List<(ClientNetwork Network, string Jail)> Touched { get; } = [];

    /// <summary>Where clients stand.</summary>
    public JailScores Scores { get; }

    /// <summary>Clients that are remembered.</summary>
    public int Clients => _windows.Clients;

    /// <summary>Bans that were not made since the start.</summary>
    public long Suppressed { get; private set; }

    /// <summary>Told of each ban, for the log.</summary>
    public Action<Ban>? Banned { get; init; }

    /// <summary>Told of each ban that ended, and whether it was lifted before its time.</summary>
    public Action<Ban, bool>? Ended { get; init; }

    /// <summary>What is seen only over days, or of many clients together.</summary>
    public LongWindow Long { get; }

    /// <summary>Told of each account that others use.</summary>
    public Action<AccountTakeover>? TakenOver { get; init; }

    /// <summary>Told of each ban that was not made.</summary>
    public Action<SuppressedBan>? Spared { get; init; }

    /// <summary>Told that the brake was pulled for a reason or let go of it, and of how many bans.</summary>
    public Action<BrakeChange, int>? Braked { get; init; }

    /// <summary>Counts a session, and bans its client where a jail says so.</summary>
    public void RecordSession(SessionReport report, string source, DateTimeOffset now)
    {
        var mark = report.Mark;
        var isDelivery = report.Id == ClientWindows.Deliveries;
        var weighs = !isDelivery && Scores.Weighs(mark);
        var before = default(SessionMark);
        var isKnown = !isDelivery && _windows.TryGet(ClientNetwork.HostOf(report.Client), report.Id, out before);
        var takeover = Long.NoteLogin(report);
        // A session that is told of again adds only what it has shown since.
        NoteDay(report, isDelivery ? 0 : HostileDay.Score(mark) - (isKnown ? HostileDay.Score(before) : 0), isUser: takeover is null);
        if (takeover is not null)
        {
            Withdraw(takeover, source);
        }

        // What is over by the log's own time bans nobody, however late it is read.
        if (mark.Time.UtcTicks < now.UtcTicks - _horizon.Ticks)
        {
            return;
        }

        Brake.Observe(report, now);
        if (isDelivery)
        {
            _windows.Add(report with { Client = ClientNetwork.HostOf(report.Client) });
            return;
        }

        // A session that turned out harmless takes back what was said of it while it went on.
        if (!weighs && (mark.Traits & Telling) == SessionTraits.None && !isKnown)
        {
            return;
        }

        Changes.Failures.Add(new Failure { Id = report.Id, Client = report.Client, Mark = mark, Variety = report.Variety, Source = source, Lines = report.Lines });
        _windows.Add(report with { Client = ClientNetwork.HostOf(report.Client) });
        var asked = new SenderInquiry(report.Client, "", report.Helo) { HostName = report.HostName, Sender = Ties.Sender(report.Sender) };
        // What the brake holds is no evidence after it has let go, either: the long window would still count it for days.
        Long.Note(report.Client, before, mark, report.Variety, Brake.IsHolding ? HeldNow(asked, now) : BehaviourSet.None);
        if (weighs || (mark.Traits & Telling) != SessionTraits.None)
        {
            Judge(asked, now);
            DecideTogether(asked, report, before, now);
        }
    }

    /// <summary>Takes what the DNS said of a client; null where it did not in time.</summary>
    public void Answer(SenderInquiry inquiry, SenderVerdict? verdict, DateTimeOffset now)
    {
        _pending.Remove((ClientNetwork.HostOf(inquiry.Client), inquiry.Jail));
        Protections.Learn(inquiry.Client, verdict, now);
        Judge(inquiry, now);
    }

    /// <summary>Ends what is over, and forgets what is too old to count.</summary>
    public void Tick(DateTimeOffset now)
    {
        foreach (var ban in Book.Expire(now))
        {
            End(ban, now, isPardon: false);
        }

        foreach (var (change, held) in Brake.Tick(now, ban => TakeBack(ban, now)))
        {
            Settle(change, held, now);
        }

        EndWaits(now);
        if (now - _pruned > s_prune)
        {
            _pruned = now;
            _windows.Prune(now.UtcTicks - _horizon.Ticks);
        }
    }

    /// <summary>Forgets what no decision needs any more; called now and then.</summary>
    public void Forget(DateTimeOffset now)
    {
        Book.Forget(now - _jails.Max(jail => jail.ForgetAfter));
        Long.Forget(now);
        Protections.Forget(now);
        Brake.Forget(now);
    }

    /// <summary>Bans on the operator's word.</summary>
    public Ban BanByOperator(ClientNetwork network, TimeSpan length, string reason, DateTimeOffset now)
    {
        var ban = new Ban
        {
            Network = network,
            Client = network.First,
            Jail = Ban.OperatorJail,
            From = now,
            Until = BanTimes.Until(now, length),
            Reason = reason,
        };
        Make(ban);
        return ban;
    }

    /// <summary>Lifts every ban that covers a network or lies within it.</summary>
    public IReadOnlyList<Ban> Unban(ClientNetwork network, DateTimeOffset now)
    {
        var lifted = Book.Standing.Where(ban => ban.Network.Contains(network) || network.Contains(ban.Network)).ToList();
        lifted.ForEach(ban => Lift(ban, now));

        return lifted;
    }

    /// <summary>Lifts every ban.</summary>
    /// <returns>How many there were.</returns>
    public int UnbanAll(DateTimeOffset now)
    {
        var lifted = Book.Standing.ToList();
        lifted.ForEach(ban => Lift(ban, now));

        return lifted.Count;
    }

    /// <summary>The sessions of a client that are remembered.</summary>
    public ReadOnlySpan<SessionMark> MarksOf(ClientAddress client) => _windows.Of(ClientNetwork.HostOf(client));

    /// <summary>Makes a ban that has been decided.</summary>
    /// <param name="ban">The ban.</param>
    /// <param name="isKeptLater">True where the ledger gets it by <see cref="KeepForeign"/>.</param>
    public void Make(Ban ban, bool isKeptLater = false)
    {
        Book.Add(ban);
        if (!isKeptLater)
        {
            Changes.Bans.Add(ban);
        }

        Touched.Add((ban.Network, ban.Jail));
        Banned?.Invoke(ban);
    }

    /// <summary>Notes a ban that is not made.</summary>
    public void Spare(SuppressedBan suppressed)
    {
        if (Protections.IsNews(suppressed))
        {
            Suppressed++;
            Changes.Suppressed.Add(suppressed);
            Spared?.Invoke(suppressed);
        }
    }

    private void NoteDay(SessionReport report, double hostile, bool isUser)
    {
        var loggedIn = isUser && report.Mark.Traits.HasFlag(SessionTraits.LoggedIn);
        if (!report.Mark.Time.IsKnown || (report.Accepted == 0 && !loggedIn && hostile <= 0))
        {
            return;
        }

        var isHostile = hostile > 0 && HostileDay.IsHostile(AddHostile(report.Client, report.Mark, hostile), _jails[0]);
        var day = new SenderDay(report.Client, Day(report.Mark), report.Accepted > 0, isHostile, loggedIn);
        if (Protections.Senders.Note(day))
        {
            Changes.Days.Add(day);
        }
    }

    private double AddHostile(ClientAddress client, in SessionMark mark, double hostile) => Protections.Senders.AddScore(client, Day(mark), hostile);

    private static DateOnly Day(in SessionMark mark) => DateOnly.FromDateTime(new DateTime(mark.Time.UtcTicks, DateTimeKind.Utc));

    private void Lift(Ban ban, DateTimeOffset now, bool isForeign = false)
    {
        Book.Remove(ban.Network, ban.Jail, isPardon: true);
        End(ban, now, isPardon: true, isForeign);
    }

    private void End(Ban ban, DateTimeOffset now, bool isPardon, bool isForeign = false)
    {
        Changes.Ended.Add(new EndedBan(ban.Network, ban.Jail, now, isPardon) { From = ban.From, Until = ban.Until, IsForeign = isForeign });
        Touched.Add((ban.Network, ban.Jail));
        Ended?.Invoke(ban, isPardon);
    }
}
