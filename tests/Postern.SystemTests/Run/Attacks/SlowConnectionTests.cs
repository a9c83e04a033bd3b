using System.Net.Sockets;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run.Attacks;

/// <summary>
/// Thousands of connections that send a byte now and then, and never a whole request, hold every place of a service: Postfix's own, and
/// those of our commands, get one all the same.
/// </summary>
public sealed class SlowConnectionTests(ITestOutputHelper output)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("policy", 5_000)]
    [InlineData("milter", 5_000)]
    [InlineData("control", 500)]
    public async Task Slow_connections_keep_nobody_out(string service, int connections)
    {
        if (Machine.OpenFilesAllowed < 2 * connections)
        {
            Assert.Skip($"needs {2 * connections} open files in a process (ulimit -n)");
        }

        await using var sockets = await AttackedSockets.OpenAsync();
        var (path, words) = sockets.Of(service);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var (begun, places) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        // Whoever is sent away comes back.
        var attack = Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            var isFirst = true;
            while (!end.IsCancellationRequested)
            {
                try
                {
                    using var socket = await AttackedSockets.ConnectAsync(path, end.Token);
                    if (isFirst && Interlocked.Increment(ref begun) == connections)
                    {
                        places.TrySetResult();
                    }

                    isFirst = false;
                    for (var at = 0; at < words.Length / 2; at++)
                    {
                        await socket.SendAsync(words.AsMemory(at, 1), end.Token);
                        using var breath = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
                        breath.CancelAfter(TimeSpan.FromSeconds(2));
                        try
                        {
                            if (await socket.ReceiveAsync(new byte[64], breath.Token) == 0)
                            {
                                break;
                            }
                        }
                        catch (OperationCanceledException) when (!end.IsCancellationRequested)
                        {
                            // Nothing is said to it; it goes on.
                        }
                    }
                }
                catch (Exception e) when (e is SocketException or OperationCanceledException)
                {
                    // It was sent away, or this is the end.
                }
            }
        }));

        await places.Task.WaitAsync(TimeSpan.FromSeconds(120), Stop);
        await sockets.ServesAsync(service);
        foreach (var other in (string[])["policy", "milter", "control"])
        {
            await sockets.ServesAsync(other);
        }

        await end.CancelAsync();
        await attack;
        sockets.Postern.Words.ShouldNotContain("   at ");
        output.WriteLine($"{connections} slow connections at a time, and 4 whole requests between them, all answered; the daemon took {Daemon.PeakMegabytes(sockets.Postern.Pid)} MB at most");
        await sockets.Postern.StopAsync();
    }
}
