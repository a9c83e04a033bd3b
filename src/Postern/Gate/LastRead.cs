using System.IO.Pipelines;

namespace Postern.Gate;

/// <summary>
/// Reads from a connection until the end of the program, and a moment longer: what has been sent by then is answered before the
/// connection closes.
/// </summary>
/// <param name="pipe">The connection.</param>
/// <param name="time">The clock.</param>
/// <param name="stop">Cancelled at the end of the program.</param>
internal sealed class LastRead(PipeReader pipe, TimeProvider time, CancellationToken stop) : IDisposable
{
    // What is on its way within the machine is there at once.
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(200);
    private CancellationTokenSource? _moment;

    /// <summary>The next bytes; null where the program ends and nothing more came.</summary>
    /// <param name="deadline">Cancelled at the deadline of the connection, and at the end of the program.</param>
    /// <exception cref="OperationCanceledException">Nothing came before the deadline.</exception>
    public async ValueTask<ReadResult?> ReadAsync(CancellationToken deadline)
    {
        try
        {
            if (_moment is null)
            {
                return await pipe.ReadAsync(deadline);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            _moment = new CancellationTokenSource(s_moment, time);
        }

        try
        {
            return await pipe.ReadAsync(_moment!.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _moment?.Dispose();
}
