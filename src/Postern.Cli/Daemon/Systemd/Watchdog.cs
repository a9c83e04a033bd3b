using System.Globalization;

namespace Postern.Cli.Daemon.Systemd;

/// <summary>Tells systemd's watchdog that the service lives, twice in its period and only while that is true.</summary>
internal sealed class Watchdog : IAsyncDisposable
{
    private readonly ITimer _timer;

    private Watchdog(SystemdNotifier notifier, TimeSpan period, Func<bool> isAlive, TimeProvider time) =>
        _timer = time.CreateTimer(_ =>
        {
            if (isAlive())
            {
                notifier.Alive();
            }
        }, null, TimeSpan.Zero, period);

    /// <summary>Starts it; null where systemd wants none of this process.</summary>
    /// <param name="notifier">Whom to tell.</param>
    /// <param name="microseconds">The variable <c>WATCHDOG_USEC</c>.</param>
    /// <param name="pid">The variable <c>WATCHDOG_PID</c>, which must be ours where it is there.</param>
    /// <param name="isAlive">Whether the engine goes on: asked from a timer's thread, must return at once.</param>
    /// <param name="time">The clock.</param>
    public static Watchdog? Start(SystemdNotifier notifier, string? microseconds, string? pid, Func<bool> isAlive, TimeProvider time)
    {
        var isOurs = string.IsNullOrEmpty(pid) || string.Equals(pid, Environment.ProcessId.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        return isOurs && long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var period) && period is > 0 and < 1L << 50
            ? new Watchdog(notifier, TimeSpan.FromMicroseconds(period / 2.0), isAlive, time)
            : null;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}
