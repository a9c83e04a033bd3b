using Postern.Classification.Live;
using Postern.Classification.Sessions;
using Postern.Engine.Bans;
using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Engine.Replay;

/// <summary>One replay: the engine of <c>run</c>, driven by the log's own clock. It keeps nothing and bans nobody.</summary>
internal sealed class ReplayRun
{
    private const int MostDoubled = 65_536;
    private const int MostSpared = 100_000;

    // What ends by itself, or is forgotten, is looked at so often by the log's clock.
    private static readonly long s_tick = TimeSpan.FromSeconds(10).Ticks;
    private static readonly long s_tidy = TimeSpan.FromHours(1).Ticks;

    private readonly ReplayRequest _request;
    private readonly BanDecider _decider;
    private readonly LiveClassifier _classifier;
    private readonly OutboundMail _outbound;
    private readonly DoubledLines _doubled = new(MostDoubled);
    private readonly Queue<SenderInquiry> _inquiries = new();
    private readonly ReplayClients _clients;
    private readonly List<Ban> _bans = [];
    private readonly List<TimeSpan> _zones = [];
    private readonly List<SuppressedBan> _spared = [];
    private readonly List<Notice> _notices = [];
    private int _nextNotice;
    private long _now, _ticked, _tidied, _sessions;
    private ulong _lines;
    private LogTime _first, _last;

    /// <summary>A replay that has read nothing yet.</summary>
    public ReplayRun(ReplayRequest request)
    {
        _request = request;
        _classifier = new LiveClassifier();
        _decider = new BanDecider(request.Options.Jails, request.Check is null ? null : _inquiries.Enqueue, request.Options.Brake)
        {
            Banned = ban =>
            {
                _bans.Add(ban);
                _zones.Add(Now.Offset);
            },
            Spared = spared =>
            {
                if (_spared.Count < MostSpared)
                {
                    _spared.Add(spared);
                }
            },
        };
        _decider.Long.Options = request.Options.Persistence;
        _decider.Protections.Networks = request.Protected;
        _outbound = new OutboundMail(() => _decider.Protections.Networks, _decider.WroteTo);
        _clients = new ReplayClients(request.Options.Jails[0]);
    }

    /// <summary>True where something waits for the DNS: <see cref="AnswerAsync"/> must be called before the next event.</summary>
    public bool IsWaiting => _inquiries.Count > 0;

    /// <summary>Takes a notice; all of them come before the first event.</summary>
    public void Add(Notice notice)
    {
        if (notice.Time.IsKnown && IsWithin(notice.Time))
        {
            _notices.Add(notice);
        }
    }

    /// <summary>All notices have been given.</summary>
    public void SortNotices() => _notices.Sort(static (a, b) => a.Time.CompareTo(b.Time));

    /// <summary>Takes the next event of a log.</summary>
    /// <param name="e">The event.</param>
    /// <param name="source">Which log.</param>
    public void Add(in SmtpEvent e, ulong source)
    {
        if (!e.Time.IsKnown || !IsWithin(e.Time))
        {
            return;
        }

        _first = _first.IsKnown ? _first : e.Time;
        _last = e.Time > _last ? e.Time : _last;
        GoOn(e.Time.UtcTicks);
        if (!_outbound.Take(e) && _doubled.IsNew(e, source))
        {
            _classifier.Add(e, new LineOrigin(++_lines, (long)_lines, _now, default));
            CountSessions();
        }
    }

    /// <summary>Asks the DNS what waits for it.</summary>
    public async Task AnswerAsync(CancellationToken stop)
    {
        while (_inquiries.TryDequeue(out var inquiry))
        {
            _decider.Answer(inquiry, await _request.Check!(inquiry.Client, inquiry.Helo, inquiry.Sender, stop), Now);
        }
    }

    /// <summary>Ends what is still open.</summary>
    public void Finish()
    {
        // Sessions without an end, and notices without a session, are judged some seconds later.
        GoOn(_now + TimeSpan.FromMinutes(10).Ticks);
    }

    /// <summary>What came of it.</summary>
    public ReplayResult Result() => new()
    {
        From = _first,
        To = _last,
        Sessions = _sessions,
        Bans = [.. _bans.Zip(_zones, (ban, zone) => new ReplayedBan(ban, zone, _clients.Sign(ban.Network)))],
        Spared = _spared,
        AttackersMissed = _clients.CountMissed(_bans),
    };

    // In the zone of the log, as whoever reads it expects.
    private DateTimeOffset Now => new LogTime(_now, _last.OffsetMinutes).ToDateTimeOffset();

    private bool IsWithin(LogTime time) => (!_request.Since.IsKnown || time >= _request.Since) && (!_request.Until.IsKnown || time <= _request.Until);

    private void GoOn(long ticks)
    {
        for (; _nextNotice < _notices.Count && _notices[_nextNotice].Time.UtcTicks <= ticks; _nextNotice++)
        {
            _now = Math.Max(_now, _notices[_nextNotice].Time.UtcTicks);
            _classifier.Add(_notices[_nextNotice], StableHash.Of(BitConverter.GetBytes(~(ulong)_nextNotice)), _now);
            CountSessions();
        }

        _now = Math.Max(_now, ticks);
        if (_now - _ticked < s_tick)
        {
            return;
        }

        _ticked = _now;
        _classifier.Tick(_now);
        CountSessions();
        _decider.Tick(Now);
        if (_now - _tidied >= s_tidy)
        {
            _tidied = _now;
            _decider.Forget(Now);
        }

        // Nothing is kept and nothing is told to a firewall.
        _decider.Changes.Clear();
        _decider.Touched.Clear();
    }

    private void CountSessions()
    {
        while (_classifier.TryTake(out var report))
        {
            _sessions += report.IsOver ? 1 : 0;
            _clients.Note(report);
            // While it is banned, it would not have come in.
            if (!IsBanned(report.Client))
            {
                _decider.RecordSession(report, "", Now);
            }
        }
    }

    // A ban that is over stands in the table until the next tick.
    private bool IsBanned(ClientAddress client) => _decider.Book.Covering(client).Any(ban => ban.Until > Now);
}
