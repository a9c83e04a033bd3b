using Postern.Classification.Sessions;
using Postern.Facts;

namespace Postern.Classification.Live;

/// <summary>
/// Brings notices and sessions together that come in either order: a notice is mail, and so comes a moment after the log's
/// lines, or before them where the log is slow. What waits is bounded in time and number.
/// </summary>
internal sealed class LateNotices
{
    private const int MostWaiting = 4096;
    private static readonly long s_wait = TimeSpan.FromSeconds(15).Ticks;
    private static readonly long s_memory = TimeSpan.FromMinutes(3).Ticks;

    private readonly LinkedList<(Notice Notice, ulong Id, long Arrival)> _notices = [];
    private readonly LinkedList<EndedSession> _sessions = [];
    private readonly Dictionary<ClientAddress, List<LinkedListNode<EndedSession>>> _sessionsOf = [];

    /// <summary>Takes a notice.</summary>
    /// <returns>The session that it tells of, with its transcript, where that has ended already; else null, and the notice waits.</returns>
    public EndedSession? Add(Notice notice, ulong id, long now)
    {
        foreach (var node in Sessions(notice.Client))
        {
            if (Join(node.Value, [notice]) is { } joined)
            {
                node.Value = joined;
                return joined;
            }
        }

        _notices.AddLast((notice, id, now));
        return null;
    }

    /// <summary>Takes a session that ended, and gives it with the transcripts that wait for it.</summary>
    public EndedSession Complete(EndedSession session)
    {
        var waiting = new List<LinkedListNode<(Notice Notice, ulong Id, long Arrival)>>();
        for (var node = _notices.First; node is not null; node = node.Next)
        {
            if (node.Value.Notice.Client == session.Session.Client)
            {
                waiting.Add(node);
            }
        }

        foreach (var node in waiting)
        {
            if (Join(session, [node.Value.Notice]) is { } joined)
            {
                session = joined;
                _notices.Remove(node);
                break;
            }
        }

        Remember(session);
        return session;
    }

    /// <summary>The sessions of notices for which no log line came in time.</summary>
    public IEnumerable<EndedSession> Overdue(long now)
    {
        while (_sessions.First is { } old && now - old.Value.Arrival > s_memory)
        {
            Forget(old);
        }

        while (_notices.First is { } node && (now - node.Value.Arrival > s_wait || _notices.Count > MostWaiting))
        {
            _notices.RemoveFirst();
            var alone = new NoticeIndex();
            alone.Add(node.Value.Notice);
            foreach (var session in alone.Rest())
            {
                yield return new EndedSession(session, node.Value.Id, TranscriptLines(node.Value.Notice), node.Value.Arrival);
            }
        }
    }

    private List<LinkedListNode<EndedSession>> Sessions(ClientAddress client) => _sessionsOf.TryGetValue(client, out var sessions) ? sessions : [];

    private static EndedSession? Join(EndedSession session, ReadOnlySpan<Notice> notices)
    {
        if (session.Session.Dialogue.Count > 0)
        {
            return null;
        }

        var index = new NoticeIndex();
        foreach (var notice in notices)
        {
            index.Add(notice);
        }

        var completed = index.Complete(session.Session);
        return completed.Dialogue.Count == 0 ? null : session with { Session = completed, Lines = Joined(session.Lines, TranscriptLines(notices[0])) };
    }

    private void Remember(EndedSession session)
    {
        // Postscreen makes no notices, and a session with its transcript wants no other.
        if (session.Session.IsPostscreen || session.Session.Dialogue.Count > 0)
        {
            return;
        }

        if (_sessions.Count >= MostWaiting)
        {
            Forget(_sessions.First!);
        }

        if (!_sessionsOf.TryGetValue(session.Session.Client, out var sessions))
        {
            _sessionsOf[session.Session.Client] = sessions = [];
        }

        sessions.Add(_sessions.AddLast(session));
    }

    private void Forget(LinkedListNode<EndedSession> node)
    {
        _sessions.Remove(node);
        var client = node.Value.Session.Client;
        if (_sessionsOf.TryGetValue(client, out var sessions) && sessions.Remove(node) && sessions.Count == 0)
        {
            _sessionsOf.Remove(client);
        }
    }

    private static ReadOnlyMemory<byte> Joined(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        byte[] all = [.. first.Span, .. second.Span];
        return all.AsMemory(0, Math.Min(all.Length, Failure.MostText));
    }

    private static ReadOnlyMemory<byte> TranscriptLines(Notice notice)
    {
        var lines = new List<byte>();
        foreach (var line in notice.Dialogue)
        {
            if (lines.Count + line.Text.Length + 6 > Failure.MostText)
            {
                break;
            }

            lines.AddRange(line.FromClient ? "In:  "u8 : "Out: "u8);
            lines.AddRange(line.Text.Span);
            lines.Add((byte)'\n');
        }

        return lines.ToArray();
    }
}
