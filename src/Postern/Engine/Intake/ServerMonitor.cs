using System.Text;
using Postern.Classification.Behaviours;
using Postern.Classification.Relaying;
using Postern.Classification.Texts;
using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Engine.Intake;

/// <summary>
/// Looks in the logs for what is wrong with the server itself: warnings that go on for minutes, and strangers who send to others
/// through it. A milter that is restarted is no trouble, and neither is who may relay: mynetworks, users that log in, what the
/// operator allowed, and a server with a name of its own, which a log alone cannot tell from one that this server sends for.
/// </summary>
/// <param name="networks">Who is in mynetworks, and whom the operator allowed.</param>
/// <param name="isGenericName">True for a PTR name that a provider gives to its customers.</param>
internal sealed class ServerMonitor(Func<ProtectedNetworks> networks, Func<string, ClientAddress, bool> isGenericName)
{
    private const int FewLines = 5;
    private const int LongestText = 300;
    private const int MostTold = 10_000;
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_restart = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_well = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    // Of which domains this server is a backup MX, many senders tell, and not the first one after a start.
    private static readonly TimeSpan s_learning = TimeSpan.FromHours(1);

    private readonly RelayTracer _relays = new(new TextPool());
    private readonly SortedDictionary<TroubleKind, Signs> _troubles = [];
    private readonly Dictionary<ClientAddress, LogTime> _told = [];
    private DateTimeOffset? _began;

    /// <summary>Takes an event of a log.</summary>
    /// <param name="e">The event.</param>
    /// <param name="isReplaying">True where it was taken before a restart, too.</param>
    /// <returns>True where it says nothing of a client's session.</returns>
    public bool Take(in SmtpEvent e, bool isReplaying)
    {
        if (!isReplaying && e.Kind is SmtpEventKind.ServerTrouble or SmtpEventKind.DnsblError)
        {
            Note(e.Kind == SmtpEventKind.DnsblError ? TroubleKind.DnsList : TroubleReader.OfWarning(e.Text.Span), e);
        }

        return _relays.Take(e);
    }

    /// <summary>Tells what is news; called once a minute.</summary>
    /// <param name="troubled">Told of each trouble.</param>
    /// <param name="relayed">Told of each stranger, and whom it sent to.</param>
    /// <param name="now">The time.</param>
    public void Tell(Action<Trouble> troubled, Action<ClientAddress, IReadOnlyList<string>> relayed, DateTimeOffset now)
    {
        foreach (var (kind, signs) in _troubles)
        {
            if (!signs.IsTold && signs.Lines >= FewLines && signs.Last.UtcTicks - signs.First.UtcTicks >= s_restart.Ticks && signs.Last.UtcTicks >= (now - s_window).UtcTicks)
            {
                signs.IsTold = true;
                troubled(new Trouble(kind, signs.Lines, 0, signs.First, signs.Last, signs.Text));
            }
        }

        _began ??= now;
        var since = LogTime.From(now - s_day);
        _relays.Forget(since);
        if (now - _began < s_learning)
        {
            return;
        }

        foreach (var relay in _relays.Find())
        {
            if (!IsStranger(relay) || relay.Mail.Last < since || (_told.TryGetValue(relay.Client, out var told) && told > since))
            {
                continue;
            }

            if (_told.Count >= MostTold)
            {
                _told.Clear();
            }

            _told[relay.Client] = LogTime.From(now);
            relayed(relay.Client, relay.Domains);
        }
    }

    private void Note(TroubleKind kind, in SmtpEvent e)
    {
        if (!_troubles.TryGetValue(kind, out var signs))
        {
            _troubles[kind] = signs = new Signs();
        }

        // After an hour without a sign it begins anew; what has not been told begins anew after a pause.
        var pause = e.Time.UtcTicks - signs.Last.UtcTicks;
        if (!signs.First.IsKnown || pause > (signs.IsTold ? s_well : s_window).Ticks)
        {
            (signs.First, signs.Lines, signs.IsTold) = (e.Time, 0, false);
            signs.Text = Encoding.UTF8.GetString(e.Text.Span[..Math.Min(e.Text.Length, LongestText)]);
        }

        signs.Lines++;
        signs.Last = e.Time;
    }

    private bool IsStranger(ForeignRelay relay)
    {
        var known = networks();
        return !known.Own.Contains(relay.Client) && known.MyNetworkOf(relay.Client) is null && known.AllowedBy(relay.Client) is null && relay.IsStranger(isGenericName);
    }

    // What was seen of one trouble.
    private sealed class Signs
    {
        public LogTime First { get; set; }

        public LogTime Last { get; set; }

        public int Lines { get; set; }

        public string? Text { get; set; }

        public bool IsTold { get; set; }
    }
}
