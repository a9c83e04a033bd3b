using Postern.Classification.Live;
using Postern.Engine.Bans;
using Postern.Engine.Firewalls;
using Postern.Engine.Intake;
using Postern.Engine.Ledger;
using Postern.Facts;

namespace Postern.Engine;

/// <summary>
/// The way of a line to a ban, from top to bottom: lines are read into events, events are joined to sessions, sessions are counted
/// until a jail decides, and what was decided is kept in the ledger before the firewalls hear of it. Notices and
/// sessions of the policy server and the milter join on the way. Used by the engine's loop alone; the lock is for those who read meanwhile.
/// </summary>
internal sealed class BanPipeline(StandingBans bans, LogIntake intake, LiveClassifier classifier, BanDecider decider, LedgerCommitter ledger, FirewallSet firewalls, IBanEngineEvents events)
{
    private readonly Lock _lock = bans.Lock;

    // When what led to a ban was seen, until the firewalls hear of it.
    private readonly Dictionary<(ClientNetwork Network, string Jail), DateTimeOffset> _seen = [];

    private volatile BannedNetworks _banned = BannedNetworks.None;

    /// <summary>The networks that are banned, as of the last <see cref="KeepAsync"/>.</summary>
    public BannedNetworks Banned => _banned;

    /// <summary>The sessions that have ended.</summary>
    public SessionCounts Sessions { get; } = new();

    /// <summary>Told of what is to be kept, before it is.</summary>
    public Func<LedgerChanges, ValueTask>? Changed { get; set; }

    /// <summary>The bans that an earlier run left.</summary>
    public void TakeUp() =>
        _banned = BannedNetworks.None.With(decider.Book.Networks(null).Select(entry => (entry.Network, true, decider.Book.Spared(entry.Network, null))));

    /// <summary>1. Lines of a followed log: read, joined to sessions, and each session counted as it is told of.</summary>
    public void ReadLines(LineBatch batch, DateTimeOffset now)
    {
        lock (_lock)
        {
            intake.Open(batch, now.UtcTicks);
            SmtpEvent e = default;
            while (intake.TryRead(ref e, out var origin))
            {
                classifier.Add(e, origin);
                CountSessions(now);
            }
        }
    }

    /// <summary>A notice: it completes the session that it tells of, or is one.</summary>
    public void ReadNotice(FollowedNotice notice, DateTimeOffset now)
    {
        lock (_lock)
        {
            classifier.Add(notice.Notice, notice.Id, now.UtcTicks);
            CountSessions(now);
            decider.Changes.Note(notice.End);
        }
    }

    /// <summary>A session that the policy server or the milter saw.</summary>
    public void ReadSession(SmtpSession session, DateTimeOffset now)
    {
        lock (_lock)
        {
            classifier.Add(session);
            CountSessions(now);
        }
    }

    /// <summary>What time alone brings: sessions that nothing ends, bans that are over.</summary>
    public void PassTime(DateTimeOffset now)
    {
        lock (_lock)
        {
            classifier.Tick(now.UtcTicks);
            CountSessions(now);
            decider.Tick(now);
        }
    }

    /// <summary>2. Every session that was told of counts towards the jails, which make the bans.</summary>
    private void CountSessions(DateTimeOffset now)
    {
        while (classifier.TryTake(out var session))
        {
            // What is read again after a restart was counted before it.
            if (!intake.IsReplaying)
            {
                if (Sessions.Add(session))
                {
                    events.Suspicious(session.Client, session.Mark);
                }

                decider.RecordSession(session, session.Source ?? intake.Current, now);
            }
        }
    }

    /// <summary>A ban was made.</summary>
    public void NoteBan(Ban ban)
    {
        if (ban.SeenAt is { } at)
        {
            _seen[(ban.Network, ban.Jail)] = at;
        }

        events.Banned(ban);
    }

    /// <summary>
    /// 3. First the database, then the firewalls: a kill between both leaves a ban that the next start builds. Nothing is written while
    /// others wait for the lock, and a disk that does not answer keeps neither bans nor commands waiting for long.
    /// </summary>
    public async ValueTask KeepAsync(DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var place in intake.Positions(classifier.OldestOpenBatch(now.UtcTicks)))
            {
                decider.Changes.Note(place);
            }

            _banned = _banned.With(decider.Touched.Select(touched => (touched.Network, decider.Book.IsBannedItself(touched.Network), decider.Book.Spared(touched.Network, null))));
        }

        // Only the loop changes what is looked at here.
        if (Changed is { } changed && !decider.Changes.IsEmpty)
        {
            await changed(decider.Changes);
        }

        await ledger.CommitAsync(decider.Changes);
        Enforce();
    }

    /// <summary>4. The firewalls hear of what changed.</summary>
    private void Enforce()
    {
        lock (_lock)
        {
            foreach (var (network, jail) in decider.Touched)
            {
                firewalls.Change(network, jail, decider.Book, _seen.Remove((network, jail), out var at) ? at : null);
            }

            decider.Touched.Clear();
        }
    }
}
