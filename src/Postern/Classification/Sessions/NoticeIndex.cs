using Postern.Facts;

namespace Postern.Classification.Sessions;

/// <summary>
/// Notices by client, so that the notice and the log lines of one session become one session. A notice is dated to the
/// second in which its session ended, so that client and time find it; where several sessions ended about then, the
/// commands decide.
/// </summary>
internal sealed class NoticeIndex
{
    // Both are made as the session ends; a busy machine may take some seconds over it.
    private static readonly long s_tolerance = TimeSpan.FromSeconds(10).Ticks;
    private readonly Dictionary<ClientAddress, ClientNotices> _byClient = [];

    /// <summary>Adds a notice; all are added before the first session is completed.</summary>
    public void Add(Notice notice)
    {
        if (!_byClient.TryGetValue(notice.Client, out var notices))
        {
            _byClient[notice.Client] = notices = new ClientNotices();
        }

        notices.Add(notice);
    }

    /// <summary>The session with the transcript of its notice, where there is one, which is then used up.</summary>
    public SmtpSession Complete(SmtpSession session)
    {
        if (!session.Client.IsKnown || session.IsPostscreen || !_byClient.TryGetValue(session.Client, out var notices)
            || notices.Take(session.End, session.Counts, s_tolerance) is not { } notice)
        {
            return session;
        }

        // A long session gives several notices, for Postfix mails what it has after a hundred lines.
        var dialogue = notice.Dialogue;
        while (dialogue.Count >= Notice.MostLines && notices.TakeRest(session.End, session.Counts, CommandTally.Of(dialogue), s_tolerance) is { } next)
        {
            dialogue = [.. dialogue, .. next.Dialogue];
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
        foreach (var notice in _byClient.Values.SelectMany(notices => notices.Rest).OrderBy(notice => notice.Time.UtcTicks))
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
