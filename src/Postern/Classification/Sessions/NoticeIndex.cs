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

        var best = -1;
        var bestDistance = long.MaxValue;
        for (var i = 0; i < list.Count; i++)
        {
            var distance = Distance(list[i].Time, session.End);
            if (distance < bestDistance && distance <= s_tolerance && Agrees(list[i], session))
            {
                (best, bestDistance) = (i, distance);
            }
        }

        if (best < 0)
        {
            return session;
        }

        var notice = list[best];
        list.RemoveAt(best);
        Count--;
        return session with
        {
            Dialogue = notice.Dialogue,
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

    private static bool Agrees(Notice notice, SmtpSession session) =>
        !session.Counts.IsKnown
        || (Same(notice, "MAIL"u8, session.Counts.Tried(SmtpVerb.Mail))
            && Same(notice, "RCPT"u8, session.Counts.Tried(SmtpVerb.Rcpt))
            && Same(notice, "EHLO"u8, session.Counts.Tried(SmtpVerb.Ehlo))
            && Same(notice, "HELO"u8, session.Counts.Tried(SmtpVerb.Helo))
            && Same(notice, "QUIT"u8, session.Counts.Tried(SmtpVerb.Quit)));

    // A transcript is bounded, so that it may show fewer commands than the log counts.
    private static bool Same(Notice notice, ReadOnlySpan<byte> verb, int tried)
    {
        var shown = 0;
        foreach (var line in notice.Dialogue)
        {
            if (line.FromClient && line.Text.Length >= verb.Length && System.Text.Ascii.EqualsIgnoreCase(line.Text.Span[..verb.Length], verb))
            {
                shown++;
            }
        }

        return shown == tried || (shown < tried && notice.Dialogue.Count >= Notice.MostLines);
    }

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
