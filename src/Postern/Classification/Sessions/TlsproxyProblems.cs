using Postern.Facts;

namespace Postern.Classification.Sessions;

/// <summary>
/// Why a handshake with tlsproxy failed. It serves many clients at a time and tells the reason without the client, but in the very
/// next line of the same process it tells whose handshake it was (tlsproxy.c: tls_print_errors, then tlsp_state_free).
/// </summary>
internal sealed class TlsproxyProblems
{
    // One process a service; more than a few are those of hosts that share a log.
    private const int Most = 64;

    private readonly Dictionary<int, SmtpEvent> _last = [];

    /// <summary>Takes the next line of a tlsproxy.</summary>
    /// <returns>The reason of the failure that this line tells; null where it tells none, or none is known.</returns>
    public SmtpEvent? Take(in SmtpEvent e)
    {
        if (e.Kind == SmtpEventKind.TlsProblem)
        {
            if (_last.Count >= Most)
            {
                _last.Clear();
            }

            // OpenSSL's queue of errors is told from the oldest on: the first is the cause.
            _last.TryAdd(e.Number, e with { Text = e.Text.ToArray() });
            return null;
        }

        return _last.Remove(e.Number, out var problem) && e.Kind == SmtpEventKind.TlsFailure ? problem with { Client = e.Client, Time = e.Time } : null;
    }
}
