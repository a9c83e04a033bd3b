using System.Runtime.InteropServices;

namespace Postern.Cli.Daemon.Systemd;

/// <summary>What signals ask of the service: SIGTERM, SIGINT and SIGQUIT to stop, SIGHUP to read the configuration again.</summary>
internal sealed class ServiceSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <summary>Listens from now on.</summary>
    /// <param name="reload">What to do at SIGHUP: called on a thread of the pool, must not block or throw.</param>
    public ServiceSignals(Action reload)
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                // The first one stops in order; a second one has its usual effect, for an operator in a hurry.
                context.Cancel = !_stop.IsCancellationRequested;
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
