using System.Net;
using System.Net.Sockets;

namespace Postern.Checks.Dns;

/// <summary>
/// Finds out whether nobody listens at the resolvers. A host says so at once, but only to a socket that is connected, which
/// the DNS library's are not: without this, a resolver that was never started looks like a slow one.
/// </summary>
internal sealed class RefusalProbe(IReadOnlyList<IPEndPoint> servers, TimeProvider time)
{
    /// <summary>A question that has no answer for so long makes the probe worth its packet.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(60);

    private static readonly TimeSpan s_wait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(2);

    // The name servers of the root, recursion desired: every resolver knows them.
    private static readonly byte[] s_question = [0x50, 0x4F, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1];

    private readonly Lock _lock = new();
    private Task<string?>? _last;
    private long _started;

    /// <summary>Why no answer can come, or null where one still may; asked once in two seconds.</summary>
    public Task<string?> FindAsync()
    {
        lock (_lock)
        {
            if (_last is null || time.GetElapsedTime(_started) > s_fresh)
            {
                _started = time.GetTimestamp();
                _last = AskAllAsync();
            }

            return _last;
        }
    }

    private async Task<string?> AskAllAsync()
    {
        var refused = await Task.WhenAll(servers.Select(AskAsync));
        return refused.All(refuses => refuses) ? $"nothing listens at the DNS server {string.Join(", ", servers)}: it refuses the question" : null;
    }

    private async Task<bool> AskAsync(IPEndPoint server)
    {
        using var limit = new CancellationTokenSource(s_wait, time);
        try
        {
            using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(server, limit.Token);
            await socket.SendAsync(s_question, limit.Token);
            await socket.ReceiveAsync(new byte[512], limit.Token);
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode is SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
