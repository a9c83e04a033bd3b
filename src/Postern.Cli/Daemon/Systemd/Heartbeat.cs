namespace Postern.Cli.Daemon.Systemd;

/// <summary>The engine's pulse: its loop beats, the watchdog looks whether that was lately.</summary>
/// <param name="time">The clock.</param>
/// <param name="patience">How long after a beat the engine counts as alive.</param>
internal sealed class Heartbeat(TimeProvider time, TimeSpan patience)
{
    private long _last = time.GetTimestamp();

    /// <summary>True while the last beat is not too long ago.</summary>
    public bool IsAlive => time.GetElapsedTime(Volatile.Read(ref _last)) <= patience;

    /// <summary>The engine has gone round once.</summary>
    public void Beat() => Volatile.Write(ref _last, time.GetTimestamp());
}
