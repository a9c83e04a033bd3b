using System.Runtime.InteropServices;

namespace Postern.Cli.Daemon.Systemd;

/// <summary>What signals ask of the service: SIGTERM, SIGINT and SIGQUIT to stop, SIGHUP to read the configuration again.</summary>
internal sealed class ServiceSignals : IDisposable
{
    private static readonly TimeSpan s_once = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PosixSignalRegistration> _registrations = [];
    private long _at;

    /// <summary>Listens from now on.</summary>
    /// <param name="reload">What to do at SIGHUP: called on a thread of the pool, must not block or throw.</param>
    /// <param name="time">The clock.</param>
    public ServiceSignals(Action reload, TimeProvider time)
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                // The first one stops in order; a later one has its usual effect, for an operator in a hurry. Who signals a process and
                // then its group, as timeout(1) does, means it once.
                var isFirst = !_stop.IsCancellationRequested;
                _at = isFirst ? time.GetTimestamp() : _at;
                context.Cancel = isFirst || time.GetElapsedTime(_at) < s_once;
                _stop.Cancel();
                _asked.TrySetResult();
            }));
        }

        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            reload();
        }));
    }

    /// <summary>Cancelled when the service shall stop.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Completes when the service shall stop.</summary>
    public Task Asked => _asked.Task;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
    }
}
