using System.Threading.Channels;

namespace Postern.Enforcement;

/// <summary>
/// Keeps one wall: gathers the changes that wait into one step, so that ten thousand bans of a burst are a few steps;
/// compares the wall now and then and when somebody disturbed it; and says when its state changes.
/// </summary>
/// <param name="wall">The wall.</param>
/// <param name="standing">What should stand in it.</param>
/// <param name="time">The clock.</param>
/// <param name="say">Told one line for the operator when the wall fails, stands again, or had to be mended.</param>
/// <param name="between">How often it is compared without a reason.</param>
public sealed class WallKeeper(IWall wall, Func<IReadOnlyCollection<WallEntry>> standing, TimeProvider time, Action<string> say, TimeSpan between) : IAsyncDisposable
{
    private static readonly TimeSpan s_whileFailed = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(200);

    // Unbounded: a change is small, comes from a decision that is bounded itself, and must not be lost.
    private readonly Channel<WallChange> _changes = Channel.CreateUnbounded<WallChange>(new UnboundedChannelOptions { SingleReader = true });
    private string? _said;

    /// <summary>The wall.</summary>
    public IWall Wall => wall;

    /// <summary>Builds the wall with what should stand.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await wall.OpenAsync(standing(), cancellationToken);
        SayState();
    }

    /// <summary>Hands over a change; it takes effect soon.</summary>
    public void Add(WallChange change) => _changes.Writer.TryWrite(change);

    /// <summary>Keeps the wall until stopped, then removes it.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var waiting = _changes.Reader.WaitToReadAsync(stop).AsTask();
        var disturbed = wall.DisturbedAsync(stop);
        var compared = time.GetTimestamp();
        List<WallChange> changes = [];
        try
        {
            while (true)
            {
                using var due = CancellationTokenSource.CreateLinkedTokenSource(stop);
                var pause = (wall.State == WallState.Failed ? s_whileFailed : between) - time.GetElapsedTime(compared);
                var timer = Task.Delay(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, time, due.Token);
                var first = await Task.WhenAny(waiting, disturbed, timer);
                await due.CancelAsync();
                stop.ThrowIfCancellationRequested();
                if (waiting.IsCompleted)
                {
                    while (_changes.Reader.TryRead(out var change))
                    {
                        changes.Add(change);
                    }

                    await wall.ApplyAsync(changes, stop);
                    changes.Clear();
                    waiting = _changes.Reader.WaitToReadAsync(stop).AsTask();
                }

                if (first == disturbed)
                {
                    // Our own changes wake it, too; one look a moment later serves for all of them.
                    await Task.Delay(s_settle, time, stop);
                    await CompareAsync(isThorough: false, stop);
                    disturbed = wall.DisturbedAsync(stop);
                }
                else if (first == timer)
                {
                    await CompareAsync(isThorough: true, stop);
                    compared = time.GetTimestamp();
                }

                SayState();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await wall.CloseAsync(CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => wall.DisposeAsync();

    private async Task CompareAsync(bool isThorough, CancellationToken cancellationToken)
    {
        var drift = await wall.CompareAsync(standing(), isThorough, cancellationToken);
        if (drift.WasRebuilt)
        {
            say($"{wall.Name}: somebody removed our bans; they stand again");
        }
        else if (!drift.IsNone)
        {
            say($"{wall.Name}: mended {drift.Missing} bans that were missing and {drift.Foreign} entries that were none of ours");
        }
    }

    private void SayState()
    {
        if (string.Equals(wall.Trouble, _said, StringComparison.Ordinal))
        {
            return;
        }

        say(wall.Trouble is { } trouble ? $"{wall.Name}: {trouble}; bans are only recorded" : $"{wall.Name}: stands again");
        _said = wall.Trouble;
    }
}
