using System.Net.Sockets;
using System.Text;
using Postern.SystemTests.Gate;

namespace Postern.SystemTests.Run.Attacks;

/// <summary>Whatever is said at the daemon's sockets, and however it ends: the daemon goes on, answers the next one, and has no fault to tell of.</summary>
public sealed class MalformedConnectionTests(ITestOutputHelper output)
{
    private const int Fewest = 845;

    // The JIT program alone takes 120; thousands of connections may not add up.
    private const int MostMegabytes = 300;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private enum Ending
    {
        /// <summary>Hangs up when it has heard enough.</summary>
        Hears,
        /// <summary>Says that it will send nothing more, and listens to the end.</summary>
        Closes,
        /// <summary>Resets the connection at once.</summary>
        Resets,
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Malformed_connections_end_themselves_and_nothing_else()
    {
        await using var sockets = await AttackedSockets.OpenAsync();
        var tries = 0;
        foreach (var (service, all) in new[] { ("policy", MalformedWords.OfPolicy()), ("milter", MalformedWords.OfMilter()), ("control", MalformedWords.OfControl()) })
        {
            var path = sockets.Of(service).Path;
            await Parallel.ForEachAsync(all.SelectMany(words => Enum.GetValues<Ending>().Select(ending => (words.Name, words.Words, ending))), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Stop }, async (one, _) =>
            {
                Interlocked.Increment(ref tries);
                var heard = await SayAsync(path, one.Words, one.ending);
                Understood(service, heard).ShouldBeTrue($"{service}, {one.Name}, {one.ending}: {Encoding.Latin1.GetString(heard)}");
            });
            await sockets.ServesAsync(service);
        }

        foreach (var service in (string[])["policy", "milter", "control"])
        {
            await sockets.ServesAsync(service);
        }

        tries.ShouldBeGreaterThanOrEqualTo(Fewest);
        sockets.Postern.Words.ShouldNotContain("   at ");
        sockets.Postern.Words.ShouldNotContain("Exception");
        (await sockets.Postern.StatusAsync()).GetProperty("troubles").GetArrayLength().ShouldBe(0);
        var peak = Daemon.PeakMegabytes(sockets.Postern.Pid);
        peak.ShouldBeLessThan(MostMegabytes);
        output.WriteLine($"{tries} malformed connections, none of which ended anything but itself; the daemon took {peak} MB at most");
        await sockets.Postern.StopAsync();
    }

    private static async Task<byte[]> SayAsync(string path, byte[] words, Ending ending)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(s_patience);
        using var socket = await AttackedSockets.ConnectAsync(path, limit.Token);
        try
        {
            var said = SendAsync(socket, words, limit.Token);
            if (ending is Ending.Resets)
            {
                // Leaves in the middle, with the answer unread.
                await Task.WhenAny(said, Task.Delay(20, limit.Token));
                socket.LingerState = new LingerOption(true, 0);
                return [];
            }

            if (ending is Ending.Closes)
            {
                // Where it is hung up on while it still talks, there is nothing to close.
                var heard = AttackedSockets.HearAsync(socket, _ => false, limit.Token);
                await Task.WhenAny(said, heard);
                if (said.IsCompletedSuccessfully)
                {
                    socket.Shutdown(SocketShutdown.Send);
                }

                return await heard;
            }

            using var moment = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
            moment.CancelAfter(TimeSpan.FromMilliseconds(100));
            return await AttackedSockets.HearAsync(socket, _ => true, moment.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !limit.IsCancellationRequested)
        {
            return [];
        }
    }

    private static async Task SendAsync(Socket socket, byte[] words, CancellationToken stop)
    {
        try
        {
            for (var at = 0; at < words.Length;)
            {
                at += await socket.SendAsync(words.AsMemory(at), stop);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was hung up on.
        }
    }

    // Whatever is answered is in the words of the protocol.
    private static bool Understood(string service, byte[] heard) => heard.Length == 0 || service switch
    {
        "policy" => Encoding.Latin1.GetString(heard).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).All(reply => reply.StartsWith("action=", StringComparison.Ordinal) && !reply.Contains('\n', StringComparison.Ordinal)),
        // The first piece that is heard may end within a packet.
        "milter" => MilterWords.Commands(heard) is var commands && commands.TrimEnd('?').IndexOf('?', StringComparison.Ordinal) < 0,
        _ => heard[0] == (byte)'{',
    };
}
