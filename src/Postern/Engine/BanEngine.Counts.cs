using Postern.Classification.Live;
using Postern.Enforcement;
using Postern.Facts;

namespace Postern.Engine;

/// <content>What it counts of itself, for the metrics.</content>
public sealed partial class BanEngine
{
    // When what led to a ban was seen, until the firewalls hear of it.
    private readonly Dictionary<(ClientNetwork Network, string Jail), DateTimeOffset> _seen = [];

    /// <summary>The sessions that have ended; read on the run's own loop.</summary>
    internal SessionCounts SessionsEnded { get; } = new();

    /// <summary>What keeps each firewall.</summary>
    internal IReadOnlyList<FirewallSynchronizer> Synchronizers => _firewalls.Synchronizers;

    /// <summary>What waits to be taken up, by name.</summary>
    internal IEnumerable<(string Name, int Waiting)> Queues =>
        [("lines", _lines.Reader.Count), ("notices", _notices.Reader.Count), ("sessions", _sessions.Reader.Count), ("orders", _orders.Reader.Count)];

    private void Take(SessionReport report)
    {
        if (_watch.IsReplaying)
        {
            return;
        }

        if (report.IsOver)
        {
            SessionsEnded.Add(report.Mark.Behaviours);
            if (!report.Mark.Behaviours.Without(Behaviour.Delivered).IsEmpty)
            {
                _events.Suspicious(report.Client, report.Mark);
            }
        }

        _decider.Take(report, report.Source ?? _watch.Current, _time.GetUtcNow());
    }

    private void Banned(Ban ban)
    {
        if (ban.SeenAt is { } at)
        {
            _seen[(ban.Network, ban.Jail)] = at;
        }

        _events.Banned(ban);
        _jails.Note(ban);
    }
}
