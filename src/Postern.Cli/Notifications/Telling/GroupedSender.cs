using System.Threading.Channels;

namespace Postern.Cli.Notifications.Telling;

/// <summary>
/// Sends what happens to one receiver: several at once where they come together, and never more often than its limit. What cannot be
/// sent is tried again later, with a growing pause, and said once; what is too much is counted. Nobody waits for it.
/// </summary>
/// <param name="send">Sends some, and says how many more there were; null where it worked, else why not, in one line.</param>
/// <param name="gather">How long the first of several waits for others.</param>
/// <param name="interval">The least time between two messages.</param>
/// <param name="say">Told once why nothing can be sent, and null once it can be again.</param>
/// <param name="time">The clock.</param>
internal sealed class GroupedSender(
    Func<IReadOnlyList<Happening>, long, CancellationToken, Task<string?>> send, TimeSpan gather, TimeSpan interval, Action<string?> say, TimeProvider time)
{
    /// <summary>So many are told in one message; of more the first ones.</summary>
    public const int MostTold = 50;

    private const int MostWaiting = 1000;
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan s_lastTry = TimeSpan.FromSeconds(5);

    // Only what is told waits here; what finds no place is counted.
    private readonly Channel<Happening> _waiting = Channel.CreateBounded<Happening>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly List<Happening> _group = [];
    private long _left;
    private readonly TroubleTeller _trouble = new(say);

    /// <summary>Takes one, without waiting.</summary>
    public void Add(Happening one)
    {
        if (!_waiting.Writer.TryWrite(one))
        {
            Interlocked.Increment(ref _left);
        }
    }

    /// <summary>Sends until stopped; what waits then is tried once more.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stop))
            {
                await Task.Delay(gather, time, stop);
                Take();
                var pause = s_firstPause;
                while (!await TryAsync(stop))
                {
                    await Task.Delay(pause, time, stop);
                    Take();
                    pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
                }

                await Task.Delay(interval, time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await FinishAsync();
        }
    }

    private async Task FinishAsync()
    {
        Take();
        using var limit = new CancellationTokenSource(s_lastTry, time);
        try
        {
            await TryAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // The service ends; the log has it all.
        }
    }

    private void Take()
    {
        while (_waiting.Reader.TryRead(out var one))
        {
            if (_group.Count < MostTold)
            {
                _group.Add(one);
            }
            else
            {
                Interlocked.Increment(ref _left);
            }
        }
    }

    private async Task<bool> TryAsync(CancellationToken stop)
    {
        if (_group.Count == 0)
        {
            return true;
        }

        var more = Interlocked.Read(ref _left);
        var failure = await send([.. _group], more, stop);
        _trouble.Note(failure);
        if (failure is not null)
        {
            return false;
        }

        _group.Clear();
        Interlocked.Add(ref _left, -more);
        return true;
    }
}
