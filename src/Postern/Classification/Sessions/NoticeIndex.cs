using Postern.Facts;

namespace Postern.Classification.Sessions;

/// <summary>
/// Notices by client, so that the notice and the log lines of one session become one session. A notice is dated to the
/// second in which its session ended, so that client and time find it; where several sessions ended in that second, the
/// commands decide.
/// </summary>
internal sealed class NoticeIndex
{
    private static readonly long s_tolerance = TimeSpan.FromSeconds(3).Ticks;
    private readonly Dictionary<ClientAddress, List<Notice>> _byClient = [];

    /// <summary>How many are waiting for their session.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a notice.</summary>
    public void Add(Notice notice)
    {
        if (!_byClient.TryGetValue(notice.Client, out var list))
        {
            _byClient[notice.Client] = list = [];
        }

        list.Add(notice);
        Count++;
    }

    /// <summary>The session with the transcript of its notice, where there is one, which is then used up.</summary>
    public SmtpSession Complete(SmtpSession session)
    {
        if (Count == 0 || !session.Client.IsKnown || session.IsPostscreen || !_byClient.TryGetValue(session.Client, out var list))
        {
            return session;
        }

        var best = Find(list, session, isContinuation: false);
        if (best < 0)
        {
            return session;
        }

        var notice = Take(list, best);
        var dialogue = notice.Dialogue;

        // A long session gives several notices, for Postfix mails what it has after a hundred lines; only the first
        // begins with the greeting.
        for (var next = Find(list, session, isContinuation: true); next >= 0; next = Find(list, session, isContinuation: true))
        {
            dialogue = [.. dialogue, .. Take(list, next).Dialogue];
        }

        return session with
        {
            Dialogue = dialogue,
            HostName = session.HostName ?? notice.HostName,
            ServerName = notice.ServerName ?? session.ServerName,
            Ending = session.Ending == SessionEnd.NotSeen ? notice.Ending : session.Ending,
        };
    }

    /// <summary>The sessions of the notices that no log line belongs to.</summary>
    public IEnumerable<SmtpSession> Rest()
    {
        foreach (var notice in _byClient.Values.SelectMany(list => list).OrderBy(notice => notice.Time.UtcTicks))
        {
            yield return new SmtpSession
            {
                Client = notice.Client,
                HostName = notice.HostName,
                Start = notice.Time,
                End = notice.Time,
                Ending = notice.Ending,
                ServerName = notice.ServerName,
                Dialogue = notice.Dialogue,
                StartSeen = true,
                Accepted = AcceptedIn(notice.Dialogue),
            };
        }
    }

    // A log without offsets is read in this machine's zone, the notice has the server's: then the readings of the clock
    // agree where the instants do not.
    private static long Distance(LogTime notice, LogTime session) => Math.Min(
        Math.Abs(notice.UtcTicks - session.UtcTicks), Math.Abs(notice.LocalTicks - session.LocalTicks));

    private static int Find(List<Notice> list, SmtpSession session, bool isContinuation)
    {
        var best = -1;
        var bestDistance = long.MaxValue;
        var mayBePart = isContinuation || list.Exists(notice => IsContinuation(notice) && Distance(notice.Time, session.End) <= s_tolerance);
        for (var i = 0; i < list.Count; i++)
        {
            var distance = Distance(list[i].Time, session.End);
            if (distance < bestDistance && distance <= s_tolerance && IsContinuation(list[i]) == isContinuation
                && CommandTally.Of(list[i].Dialogue).Agrees(session.Counts, mayBePart || list[i].Dialogue.Count >= Notice.MostLines))
            {
                (best, bestDistance) = (i, distance);
            }
        }

        return best;
    }

    private Notice Take(List<Notice> list, int index)
    {
        var notice = list[index];
        list.RemoveAt(index);
        Count--;
        return notice;
    }

    private static bool IsContinuation(Notice notice) =>
        notice.Dialogue.Count > 0 && (notice.Dialogue[0].FromClient || !notice.Dialogue[0].Text.Span.StartsWith("220"u8));

    private static int AcceptedIn(IReadOnlyList<DialogueLine> dialogue)
    {
        var accepted = 0;
        var inMessage = false;
        foreach (var line in dialogue.Where(line => !line.FromClient))
        {
            var reply = line.Text.Span;
            accepted += inMessage && reply.StartsWith("250"u8) ? 1 : 0;
            inMessage = reply.StartsWith("354"u8);
        }

        return accepted;
    }
}
