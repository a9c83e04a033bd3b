using System.IO.Pipelines;

namespace Postern.Gate;

/// <summary>
/// Reads from a connection, at the end of the program once more: what has been sent by then is answered before the connection
/// closes.
/// </summary>
internal static class LastRead
{
    // What is on its way within the machine is there at once.
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(100);

    /// <summary>The next bytes.</summary>
    /// <param name="pipe">The connection.</param>
    /// <param name="deadline">Cancelled at the deadline of the connection, and at the end of the program.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Cancelled at the end of the program.</param>
    /// <returns>What was read, and whether it is the last.</returns>
    /// <exception cref="OperationCanceledException">Nothing came in time.</exception>
    public static async ValueTask<(ReadResult Read, bool IsLast)> OfAsync(PipeReader pipe, CancellationToken deadline, TimeProvider time, CancellationToken stop)
    {
        try
        {
            return (await pipe.ReadAsync(deadline), stop.IsCancellationRequested);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            using var moment = new CancellationTokenSource(s_moment, time);
            return (await pipe.ReadAsync(moment.Token), true);
        }
    }
}
