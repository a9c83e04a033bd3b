using Postern.Classification.Sessions;
using Postern.Facts;

namespace Postern.Classification.Live;

/// <summary>
/// Knows which session of the logs and which of the gate are one, so that what both tell of counts once, whoever tells first.
/// They name no common number: a session of the one is paired with the nearest in time of the same client of the other, each
/// with one; mere deliveries among themselves. Where both see all sessions, as many count as there were, whichever are paired.
/// </summary>
internal sealed class TwinSessions
{
    private const int Most = 4096;

    private readonly UnpairedSessions _logged = new(Most);
    private readonly UnpairedSessions _gated = new(Most);
    private readonly UnpairedSessions _loggedMail = new(Most);
    private readonly UnpairedSessions _gatedMail = new(Most);
    private readonly Dictionary<ulong, SessionPair> _byLogId = [];
    private readonly Queue<ulong> _order = new();

    /// <summary>Takes a session of the logs or notices, which may be told several times.</summary>
    /// <param name="session">The session so far.</param>
    /// <param name="id">By its place.</param>
    /// <param name="lines">Its telling lines.</param>
    /// <returns>What is known of it now.</returns>
    public SessionPair OfLog(SmtpSession session, ulong id, ReadOnlyMemory<byte> lines)
    {
        if (!_byLogId.TryGetValue(id, out var pair))
        {
            // postscreen shows no session to a milter.
            pair = session.IsPostscreen ? null : _gated.Take(session.Client, session.Start, session.End);
            if (pair is null)
            {
                pair = new SessionPair(session.Client, id, session.Start, session.End);
                if (!session.IsPostscreen)
                {
                    _logged.Add(pair);
                }
            }

            while (_order.Count >= Most)
            {
                _byLogId.Remove(_order.Dequeue());
            }

            _order.Enqueue(id);
            _byLogId[id] = pair;
        }

        (pair.Logged, pair.Lines) = (session, lines);
        return pair;
    }

    /// <summary>Takes a session in which mail was delivered and nothing else happened.</summary>
    /// <param name="session">The session.</param>
    /// <param name="isGated">True for one of the gate, false for one of a log.</param>
    /// <returns>False where the other has told of it.</returns>
    public bool TryAdd(in OrdinarySession session, bool isGated)
    {
        var (own, other) = isGated ? (_gatedMail, _loggedMail) : (_loggedMail, _gatedMail);
        if (other.Take(session.Client, session.Start, session.End) is not null)
        {
            return false;
        }

        own.Add(new SessionPair(session.Client, 0, session.Start, session.End));
        return true;
    }

    /// <summary>Takes a session of the gate in which something else happened.</summary>
    /// <param name="session">The session.</param>
    /// <param name="id">Its own.</param>
    /// <returns>What is known of it; it has the gate's id where no log has told of it.</returns>
    public SessionPair OfGate(SmtpSession session, ulong id)
    {
        var pair = _logged.Take(session.Client, session.Start, session.End);
        if (pair is null)
        {
            pair = new SessionPair(session.Client, id, session.Start, session.End);
            _gated.Add(pair);
        }

        pair.Gated = session;
        return pair;
    }
}
