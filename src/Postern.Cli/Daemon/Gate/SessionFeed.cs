using System.Threading.Channels;
using Postern.Facts;

namespace Postern.Cli.Daemon.Gate;

/// <summary>
/// Hands the sessions that the gate saw to the run. Mail never waits for it: where the run does not keep up, sessions are left
/// out, and how many is said once a minute.
/// </summary>
/// <param name="sessions">Takes them.</param>
/// <param name="say">Told of those that were left out.</param>
/// <param name="time">The clock.</param>
internal sealed class SessionFeed(ChannelWriter<SmtpSession> sessions, Action<string> say, TimeProvider time)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private long _saidAt;
    private long _leftOut;
    private long _leftOutInAll;

    /// <summary>Sessions that were left out since the start.</summary>
    public long LeftOut => Interlocked.Read(ref _leftOutInAll);

    /// <summary>Hands on a session; called by many at once.</summary>
    public void Add(SmtpSession session)
    {
        if (sessions.TryWrite(session))
        {
            return;
        }

        long count;
        lock (_lock)
        {
            _leftOut++;
            _leftOutInAll++;
            if (_saidAt != 0 && time.GetElapsedTime(_saidAt) < s_pause)
            {
                return;
            }

            (count, _leftOut, _saidAt) = (_leftOut, 0, time.GetTimestamp());
        }

        say($"more sessions end than can be looked at: {count} did not count");
    }
}
