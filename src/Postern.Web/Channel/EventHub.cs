using System.Text.Json;
using System.Threading.Channels;

namespace Postern.Web.Channel;

/// <summary>
/// Asks the daemon what happens, while anybody watches, and hands it to all who do. One question is under way whatever their number; who
/// is slow loses the earliest. Where the daemon does not answer, they are told so, and told again when it does.
/// </summary>
/// <param name="channel">The daemon.</param>
/// <param name="time">The clock.</param>
#pragma warning disable CA1001 // What ends the question is disposed by the question itself, which the last watcher ends.
internal sealed class EventHub(ControlChannel channel, TimeProvider time)
#pragma warning restore CA1001
{
    private const int MostWatchers = 32;
    private const int MostWaiting = 256;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly HashSet<Channel<string>> _watchers = [];
    private CancellationTokenSource? _asking;
    private bool? _isUp;

    /// <summary>Begins to watch.</summary>
    /// <returns>What is to be sent, as server-sent events; null where too many watch already.</returns>
    public Channel<string>? Watch()
    {
        lock (_lock)
        {
            if (_watchers.Count >= MostWatchers)
            {
                return null;
            }

            // A browser that does not read must not fill the memory.
            var watcher = System.Threading.Channels.Channel.CreateBounded<string>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
            _watchers.Add(watcher);
            if (_isUp is { } known)
            {
                watcher.Writer.TryWrite(State(known));
            }

            if (_asking is null)
            {
                _asking = new CancellationTokenSource();
                _ = Task.Run(() => AskAsync(_asking), CancellationToken.None);
            }

            return watcher;
        }
    }

    /// <summary>Watches no more.</summary>
    public void Leave(Channel<string> watcher)
    {
        lock (_lock)
        {
            _watchers.Remove(watcher);
            if (_watchers.Count == 0)
            {
                _asking?.Cancel();
                (_asking, _isUp) = (null, null);
            }
        }
    }

    private async Task AskAsync(CancellationTokenSource asking)
    {
        using var own = asking;
        var stop = asking.Token;
        long? after = null;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var (reply, failure) = await channel.AskAsync(
                    ControlMessage.Write("events", json =>
                    {
                        if (after is { } number)
                        {
                            json.WriteNumber("after", number);
                        }
                    }),
                    s_patience, stop);
                after = failure == ControlFailure.None ? Take(reply, stop) : null;
                if (after is null)
                {
                    Tell(false, stop);
                    await Task.Delay(s_pause, time, stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Nobody watches any more.
        }
    }

    // The number to ask by next; null where the reply is none.
    private long? Take(ReadOnlyMemory<byte> reply, CancellationToken stop)
    {
        try
        {
            using var document = JsonDocument.Parse(reply);
            if (!document.RootElement.TryGetProperty("events", out var events))
            {
                return null;
            }

            Tell(true, stop);
            foreach (var one in events.EnumerateArray())
            {
                Send($"event: happening\ndata: {one.GetRawText()}\n\n", stop);
            }

            return document.RootElement.GetProperty("next").GetInt64();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private void Tell(bool isUp, CancellationToken stop)
    {
        lock (_lock)
        {
            if (stop.IsCancellationRequested || _isUp == isUp)
            {
                return;
            }

            _isUp = isUp;
        }

        Send(State(isUp), stop);
    }

    private void Send(string text, CancellationToken stop)
    {
        lock (_lock)
        {
            if (stop.IsCancellationRequested)
            {
                return;
            }

            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(text);
            }
        }
    }

    private static string State(bool isUp) => "event: daemon\ndata: {\"up\":" + (isUp ? "true" : "false") + "}\n\n";
}
