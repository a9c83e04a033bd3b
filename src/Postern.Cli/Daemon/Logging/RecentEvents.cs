namespace Postern.Cli.Daemon.Logging;

/// <summary>
/// The latest events, for whoever watches. While nobody has asked for a while nothing is kept, so that a daemon that nobody watches
/// pays nothing for it. For several threads.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class RecentEvents(TimeProvider time)
{
    private const int Most = 1000;
    private const int MostInReply = 200;
    private static readonly TimeSpan s_watched = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private readonly Queue<EventRow> _rows = new();
    private TaskCompletionSource? _waiting;
    private long _last;
    private long _askedAt;

    /// <summary>True where somebody asked within the last two minutes.</summary>
    public bool IsWatched => Volatile.Read(ref _askedAt) is not 0 and var at && time.GetElapsedTime(at) < s_watched;

    /// <summary>Keeps an event; of too many the earliest go.</summary>
    public void Add(EventRow row)
    {
        TaskCompletionSource? waiting;
        lock (_lock)
        {
            _rows.Enqueue(row with { Number = ++_last });
            if (_rows.Count > Most)
            {
                _rows.Dequeue();
            }

            (waiting, _waiting) = (_waiting, null);
        }

        waiting?.TrySetResult();
    }

    /// <summary>The events after a number; waits for the next one where there is none.</summary>
    /// <param name="after">The number; null for those from now on.</param>
    /// <param name="patience">How long to wait at most.</param>
    /// <param name="cancellationToken">The asker's patience.</param>
    /// <returns>The events, how many of them were too many to be kept, and the number to ask by next.</returns>
    public async Task<(IReadOnlyList<EventRow> Events, long Lost, long Next)> AfterAsync(long? after, TimeSpan patience, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _askedAt, Math.Max(1, time.GetTimestamp()));
        Task news;
        lock (_lock)
        {
            // A number of an earlier run of the daemon means nothing here.
            if (after is not { } number || number > _last)
            {
                return ([], 0, _last);
            }

            if (_last > number)
            {
                return Take(number);
            }

            news = (_waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        try
        {
            await news.WaitAsync(patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return ([], 0, after.Value);
        }

        lock (_lock)
        {
            return Take(after.Value);
        }
    }

    private (IReadOnlyList<EventRow> Events, long Lost, long Next) Take(long after)
    {
        var rows = _rows.Where(row => row.Number > after).Take(MostInReply).ToList();
        return rows.Count == 0 ? (rows, _last - after, _last) : (rows, rows[0].Number - after - 1, rows[^1].Number);
    }
}
