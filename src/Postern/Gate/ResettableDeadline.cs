namespace Postern.Gate;

/// <summary>A deadline that a connection sets anew before each wait, without making a new one each time.</summary>
internal sealed class ResettableDeadline : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _stop;
    private readonly ITimer _timer;

    /// <summary>A deadline that also ends with the program.</summary>
    public ResettableDeadline(TimeProvider time, CancellationToken stop)
    {
        _stop = stop.UnsafeRegister(Cancel, _source);
        _timer = time.CreateTimer(Cancel, _source, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled at the deadline, for good.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The next deadline from now on.</summary>
    public void Set(TimeSpan patience) => _timer.Change(patience, Timeout.InfiniteTimeSpan);

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _stop.Dispose();
        _source.Dispose();
    }

    private static void Cancel(object? source)
    {
        try
        {
            ((CancellationTokenSource)source!).Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The connection ended in the same moment.
        }
    }
}
